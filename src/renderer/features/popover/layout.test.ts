import { expect, test } from 'vitest';
import { decision, endedSession, project, session } from '../../../../test/fakes/pretend-scenes.ts';
import { aheadOf, holdLayout, layoutOf, narrowed } from './layout.ts';

const api = project('api');
const queued = (id: string, createdAt: number) => session(id, api, { state: 'queued', createdAt });

test('questions by their deadline, sessions in their groups', () => {
  const asking = session('asks', api, { pendingDecisions: 1 });
  const sessions = [
    endedSession('old', api, 50, 4),
    queued('q2', 20),
    queued('q1', 10),
    session('works', api, { createdAt: 5 }),
    session('parked', api, { state: 'parked' }),
    endedSession('new', api, 5, 4),
    asking,
  ];
  const decisions = [
    decision('late', asking, 'a', { deadline: 300 }),
    decision('never', asking, 'b', { deadline: null }),
    decision('soon', asking, 'c', { deadline: 100 }),
    decision('done', asking, 'd', { deadline: 1, state: 'approved' }),
  ];
  expect(layoutOf(sessions, decisions)).toEqual({
    needs_you: ['soon', 'late', 'never'],
    needs_input: ['parked', 'asks'],
    working: ['works', 'q1', 'q2'],
    completed: ['new', 'old'],
  });
  expect(aheadOf(sessions)).toEqual(
    new Map([
      ['q1', 0],
      ['q2', 1],
    ]),
  );
});

const held = { needs_you: ['a', 'b'], needs_input: ['s1'], working: ['s2', 's3'], completed: ['s4'] };

test('held, nothing leaves its place: not the answered, not what changed its group', () => {
  const next = { needs_you: ['b'], needs_input: ['s2'], working: ['s1'], completed: ['s3', 's4'] };
  expect(holdLayout(held, next)).toBe(held);
});

test('held, what is new comes last in its section, however urgent', () => {
  const next = {
    needs_you: ['urgent', 'a', 'b'],
    needs_input: ['s1'],
    working: ['new', 's2', 's3'],
    completed: ['s4'],
  };
  expect(holdLayout(held, next)).toEqual({
    needs_you: ['a', 'b', 'urgent'],
    needs_input: ['s1'],
    working: ['s2', 's3', 'new'],
    completed: ['s4'],
  });
});

test('what a person looks for, word by word, over projects, prompts and commands', () => {
  const web = session('w', project('atlas-web'), { activity: 'Editing src/routes/checkout.tsx' });
  const sessions = [web, endedSession('d', project('docs-site'), 5, 4), session('a', api)];
  const decisions = [decision('push', web, 'git push origin main'), decision('rm', web, 'rm -rf dist')];
  const all = layoutOf(sessions, decisions);
  expect(narrowed(all, '  ', sessions, decisions)).toBe(all);
  expect(narrowed(all, 'CHECKOUT atlas', sessions, decisions)).toMatchObject({
    working: ['w'],
    completed: [],
    needs_you: [],
  });
  expect(narrowed(all, 'git push', sessions, decisions).needs_you).toEqual(['push']);
  expect(Object.values(narrowed(all, 'nothing of it', sessions, decisions)).flat()).toEqual([]);
});
