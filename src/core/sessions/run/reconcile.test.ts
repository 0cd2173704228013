import { expect, test } from 'vitest';
import { createFakeClock } from '../../../../test/fakes/clock.ts';
import type { Liveness, Spawner } from '../../kernel/ports.ts';
import { newSession, type StoredSession } from '../storage.ts';
import { createReconciler, type ReconcileDeps } from './reconcile.ts';
import type { EarlyEnd } from './waiting.ts';

const session: StoredSession = {
  ...newSession({
    id: 'ses_1',
    projectId: 'prj',
    project: 'app',
    agent: 'claude',
    prompt: 'Go.',
    source: 'person',
    level: 'cautious',
    model: null,
    agentSessionId: 'a',
    timeBoxMs: 1,
    createdAt: 0,
    nonce: 'n',
  }),
  state: 'working',
  agentVersion: '2.1.328',
  pid: 4_711,
  pidStartedAt: 'then',
};

/** A start after a kill, on a machine that says this of the session's process. */
async function after(is: Liveness, prompts = 0, answers = 0): Promise<{ killed: number[]; end: EarlyEnd | undefined }> {
  const clock = createFakeClock();
  const killed: number[] = [];
  const ends: EarlyEnd[] = [];
  const spawner = {
    probe: () => is,
    treeOf: () => Promise.resolve([]),
    signalOne: ({ pid }) => killed.push(pid) > 0,
  } satisfies Partial<Spawner>;
  const near = {
    tokens: { revoke: () => undefined },
    decisions: { pendingCount: () => 0, undelivered: () => Array.from({ length: answers }, () => ({})) },
  };
  const reconciler = createReconciler({
    clock,
    spawner,
    near,
    prompts: { waiting: () => prompts },
    instead: (_session: StoredSession, early: EarlyEnd) => {
      ends.push(early);
      return true;
    },
  } as unknown as ReconcileDeps);
  const settled = reconciler.interrupted([session]);
  for (let step = 0; step < 200 && ends.length === 0; step++) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(50);
  }
  await settled;
  return { killed, end: ends[0] };
}

test('a process that is gone leaves nothing behind', async () => {
  expect(await after('dead')).toMatchObject({ killed: [], end: { kind: 'interrupted', stillAlive: [] } });
});

test('one of which nobody can tell is neither ended nor taken for gone: it is named', async () => {
  expect(await after('unknown')).toMatchObject({ killed: [], end: { kind: 'interrupted', stillAlive: [4_711] } });
});

test.each([
  ['a prompt that waits', 1, 0],
  ['an answer that was not heard', 0, 1],
])('%s makes it no other: a cut-off is counted, so that it is held in the end', async (_name, prompts, answers) => {
  expect(await after('dead', prompts, answers)).toMatchObject({ end: { kind: 'interrupted', goodbye: false } });
});
