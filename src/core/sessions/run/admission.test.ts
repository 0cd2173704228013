import { expect, test } from 'vitest';
import { createFakeClock } from '../../../../test/fakes/clock.ts';
import { Config } from '../../../shared/config.ts';
import type { SessionDeps } from '../ports.ts';
import { newSession, type SessionPatch, type StoredSession } from '../storage.ts';
import { createAdmission } from './admission.ts';
import type { Live } from './live.ts';

const MB = 1_048_576;
const config = Config.parse({}).sessions;

function world(freeMb: number | null, limitedUntil: number | null = null) {
  const clock = createFakeClock();
  const lives = new Map<string, Live>();
  const patches: SessionPatch[] = [];
  let pumped = 0;
  let look = freeMb === null ? null : { at: clock.now(), bytes: freeMb * MB };
  const session: StoredSession = newSession({
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
  });
  const admission = createAdmission({
    clock,
    lives,
    // No budget is spent.
    near: { usage: { mayNotStart: () => null } } as unknown as SessionDeps['near'],
    change: (_id, patch) => patches.push(patch) > 0,
    limits: () => ({
      concurrency: 4,
      holdMs: 0,
      agent: { ...config, stallEnds: true },
      retry: config.retry,
      runaway: config.runaway,
      memoryBytes: config.memoryMb * MB,
    }),
    freeMemory: () => look,
    waiting: { limitedUntil: () => limitedUntil },
    pump: () => {
      pumped += 1;
    },
  });
  return {
    admission,
    clock,
    session,
    patches,
    pumped: () => pumped,
    /** One that started just now. */
    starts: (id: string) => lives.set(id, { began: clock.monotonic() } as Live),
    sees: (mb: number) => {
      look = { at: clock.now(), bytes: mb * MB };
    },
  };
}

test('it starts when the memory holds it, and when nothing is known', () => {
  expect(world(300).admission.obstacleOf(world(300).session)).toBeNull();
  expect(world(null).admission.obstacleOf(world(null).session)).toBeNull();
  const stale = world(10);
  stale.clock.advance(61_000);
  expect(stale.admission.obstacleOf(stale.session)).toBeNull();
});

test('it waits with the reason, is looked at again, and starts once there is room', () => {
  const { admission, session, patches, clock, pumped, sees } = world(200);
  expect(admission.obstacleOf(session)).toBe('memory');
  expect(patches).toEqual([{ waitReason: 'memory', retryAt: null }]);
  // Said once.
  expect(admission.obstacleOf({ ...session, waitReason: 'memory' })).toBe('memory');
  expect(patches).toHaveLength(1);
  clock.advance(10_000);
  expect(pumped()).toBe(1);
  sees(900);
  expect(admission.obstacleOf(session)).toBeNull();
  admission.close();
  expect(clock.pending()).toBe(0);
});

test('sessions that have just started count with what they have not taken yet', () => {
  const { admission, session, starts, clock, sees } = world(600);
  starts('ses_a');
  expect(admission.obstacleOf(session)).toBeNull();
  starts('ses_b');
  expect(admission.obstacleOf(session)).toBe('memory');
  clock.advance(30_000);
  sees(600);
  expect(admission.obstacleOf(session)).toBeNull();
});

test('others of the same agent and model wait for the limit along; a person may insist, once', () => {
  const { admission, session, patches } = world(10_000, 5_000);
  expect(admission.obstacleOf(session)).toBe('quota');
  expect(patches).toEqual([{ waitReason: 'quota', retryAt: 5_000 }]);
  admission.insist(session.id);
  expect(admission.obstacleOf(session)).toBeNull();
  expect(admission.obstacleOf(session)).toBe('quota');
});
