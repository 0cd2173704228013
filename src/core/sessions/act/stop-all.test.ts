import { expect, test } from 'vitest';
import type { StopReport } from '../../../shared/contract/sessions.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { StoredSession } from '../storage.ts';
import { stopEverything } from './stop-all.ts';

/** Sessions by id, and what each does when it is stopped; what is written down is returned in order. */
function scene(stops: Record<string, () => Promise<StopReport>>, wasPaused = false) {
  const acts: string[] = [];
  let paused = wasPaused;
  const sessions = new Map<string, StoredSession>();
  const add = (id: string) =>
    sessions.set(id, {
      id,
      project: 'atlas',
      prompt: 'Go.',
      state: 'working',
      stillAlive: [],
    } as unknown as StoredSession);
  for (const id of Object.keys(stops)) if (!id.startsWith('late')) add(id);
  const set = (id: string, patch: Partial<StoredSession>) =>
    sessions.set(id, { ...(sessions.get(id) as StoredSession), ...patch });
  const run = () =>
    stopEverything({
      open: () => [...sessions.values()].filter(({ state }) => state === 'working' || state === 'queued'),
      must: (id) => sessions.get(id) as StoredSession,
      stop: (id) => {
        acts.push(`stop ${id}`);
        return (stops[id] as () => Promise<StopReport>)();
      },
      isPaused: () => paused,
      setPaused: (now) => {
        paused = now;
        acts.push(now ? 'pause' : 'go on');
      },
    });
  return { run, acts, add, set, paused: () => paused };
}

test('everything is paused first, and goes on when all are gone', async () => {
  const s = scene({
    a: async () => (s.set('a', { state: 'ended' }), { id: 'a', stopped: true, stillAlive: [] }),
    b: async () => (s.set('b', { state: 'ended' }), { id: 'b', stopped: true, stillAlive: [] }),
  });
  expect(await s.run()).toEqual([
    { id: 'a', project: 'atlas', prompt: 'Go.', stopped: true, stillAlive: [] },
    { id: 'b', project: 'atlas', prompt: 'Go.', stopped: true, stillAlive: [] },
  ]);
  expect(s.acts).toEqual(['pause', 'stop a', 'stop b', 'go on']);
});

test('what a schedule queued meanwhile is stopped too, before anything goes on', async () => {
  const s = scene({
    a: async () => {
      s.set('a', { state: 'ended' });
      s.add('late');
      return { id: 'a', stopped: true, stillAlive: [] };
    },
    late: async () => (s.set('late', { state: 'ended' }), { id: 'late', stopped: true, stillAlive: [] }),
  });
  expect((await s.run()).map(({ id }) => id)).toEqual(['a', 'late']);
  expect(s.acts).toEqual(['pause', 'stop a', 'stop late', 'go on']);
});

test('one that resists or fails is told of, keeps nobody else alive, and everything stays paused', async () => {
  const s = scene({
    a: async () => ({ id: 'a', stopped: false, stillAlive: [7] }),
    b: () => Promise.reject(new TenureError('unavailable', 'The disk is full.')),
    c: async () => (s.set('c', { state: 'ended' }), { id: 'c', stopped: true, stillAlive: [] }),
  });
  expect(await s.run()).toMatchObject([
    { id: 'a', stopped: false, stillAlive: [7] },
    { id: 'b', stopped: false, problem: 'The disk is full.' },
    { id: 'c', stopped: true },
  ]);
  expect(s.paused()).toBe(true);
});

test('one that ended by itself meanwhile is stopped; what was paused stays so', async () => {
  const s = scene(
    {
      a: () => {
        s.set('a', { state: 'ended' });
        return Promise.reject(new TenureError('conflict', 'It has already ended.'));
      },
    },
    true,
  );
  expect(await s.run()).toMatchObject([{ id: 'a', stopped: true, stillAlive: [] }]);
  expect(s.acts).toEqual(['stop a']);
});
