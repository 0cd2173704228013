import { expect, test } from 'vitest';
import { evaluationView } from '../../test/fakes/evaluations.ts';
import { actWords, brief, doing, ended, scored, settled, whoWords } from './words.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const watched = { waitingFor: null, retryAt: null, held: null, stall: null } as const;
const working = {
  state: 'working',
  phase: 'tool',
  activity: 'Editing src/a.ts',
  pendingDecisions: 0,
  ...watched,
} as const;

test('what a session does now', () => {
  expect(doing(working, 0, NOW)).toBe('Editing src/a.ts');
  expect(doing({ ...working, activity: null, phase: 'thinking' }, 0, NOW)).toBe('Thinking');
  expect(doing({ ...working, phase: 'thinking' }, 0, NOW)).toBe('Thinking, after editing src/a.ts');
  expect(doing({ ...working, pendingDecisions: 1 }, 0, NOW)).toBe('Waiting for you');
  expect(doing({ ...working, state: 'parked' }, 0, NOW)).toBe('Parked until you answer');
  expect(doing({ ...working, phase: 'stopping', pendingDecisions: 1 }, 0, NOW)).toBe('Stopping…');
  expect(doing({ ...working, state: 'queued' }, 2, NOW)).toBe('Queued, 2 ahead');
  expect(doing({ ...working, state: 'queued' }, 0, NOW)).toBe('Queued, next to start');
});

test('what a session waits for, with the time where there is one', () => {
  const retryAt = Date.UTC(2026, 10, 20, 14, 5);
  const queued = { ...working, state: 'queued', phase: 'queued' } as const;
  expect(doing({ ...queued, waitingFor: 'quota', retryAt }, 0, NOW)).toBe('Limit reached, goes on at 14:05');
  expect(doing({ ...queued, waitingFor: 'quota', retryAt: retryAt + 3 * 86_400_000 }, 0, NOW)).toBe(
    'Limit reached, goes on Mon 14:05',
  );
  expect(doing({ ...queued, waitingFor: 'memory' }, 3, NOW)).toBe('Waits for free memory');
  const held = { reason: 'no_progress', since: 0, evidence: [] } as const;
  expect(doing({ ...working, state: 'parked', held: { ...held, evidence: [] } }, 0, NOW)).toBe(
    'Paused, it makes no progress',
  );
  expect(doing({ ...working, stall: { lastLineAt: retryAt, endsAt: null, evidence: [] } }, 0, NOW)).toBe(
    'Silent since 14:05',
  );
});

test('how a session ended', () => {
  const two = { outcome: 'completed', commits: 2, insertions: 184, deletions: 31 } as const;
  expect(ended(two)).toBe('2 commits · +184 −31');
  expect(ended({ ...two, outcome: 'timed_out' })).toBe('Timed out · 2 commits · +184 −31');
  expect(ended({ ...two, commits: 0 })).toBe('Completed · nothing committed');
  expect(ended({ ...two, commits: null })).toBe('Completed');
  expect(ended({ ...two, outcome: 'stopped', commits: 0 })).toBe('Stopped by you');
});

test('scores and answers', () => {
  expect(scored({ evaluation: null })).toBeNull();
  expect(scored({ evaluation: evaluationView({ score: null, reason: 'Stopped.' }) })).toBe('unscored');
  expect(scored({ evaluation: evaluationView({ score: 4, reason: 'Tests pass.' }) })).toBe('scored 4 of 5');
  expect(settled({ state: 'approved', answeredBy: 'owner (cli)', outcome: 'ran' })).toBe('Approved by you (cli) · ran');
  expect(settled({ state: 'allowed', answeredBy: 'gate', outcome: 'failed' })).toBe(
    'Allowed by the gate · ran and failed',
  );
  expect(settled({ state: 'expired', answeredBy: 'deadline', outcome: null })).toBe('Expired, counted as denied');
});

test('an action in one line', () => {
  expect(brief({ summary: '/w/ses_1/src/cart.js', cwd: '/w/ses_1' })).toBe('src/cart.js');
  expect(brief({ summary: 'cat /etc/hosts', cwd: '/w/ses_1' })).toBe('cat /etc/hosts');
  const cwd = '/w/ses_1';
  expect(actWords({ tool: 'Edit', summary: 'Edit /w/ses_1/src/cart.js', cwd })).toBe('Edit src/cart.js');
  expect(actWords({ tool: 'Bash', summary: 'node --test', cwd })).toBe('Bash: node --test');
  expect(actWords({ tool: 'AskUserQuestion', summary: 'Which one?', cwd, questions: [] })).toBe('Which one?');
});

test('who did it', () => {
  expect(['owner (browser)', 'owner', 'the demo', 'tenure', 'downer'].map(whoWords)).toEqual([
    'you (browser)',
    'you',
    'the demo',
    'Tenure',
    'downer',
  ]);
});
