import type { StoppedSession, StopReport } from '../../../shared/contract/sessions.ts';
import { TenureError } from '../../../shared/errors.ts';
import { OUTCOME_WORDS } from '../../../shared/words.ts';
import { NONCE_VARIABLE } from '../../kernel/ports.ts';
import type { SessionDeps } from '../ports.ts';
import type { Ending } from '../run/ending.ts';
import type { Live } from '../run/live.ts';
import type { SessionPatch, SessionStorage, StoredSession } from '../storage.ts';
import { stopEverything } from './stop-all.ts';

/** Stop answers within this: the whole tree is gone, or what is left is named. */
const STOP_WITHIN_MS = 1_900;

export interface StopDeps extends SessionDeps {
  storage: SessionStorage;
  lives: ReadonlyMap<string, Live>;
  running: ReadonlyMap<string, Promise<void>>;
  must(id: string): StoredSession;
  stopRun(id: string, live: Live): void;
  end(id: string, ending: Ending, patch: SessionPatch): Promise<void>;
}

/** A person's stop. */
export function createStop(deps: StopDeps) {
  const { clock, near, spawner, must } = deps;

  async function stopRunning(id: string, live: Live): Promise<StopReport> {
    deps.stopRun(id, live);
    near.decisions.wakeSession(id);
    const late = new Promise<null>((resolve) => clock.after(STOP_WITHIN_MS, () => resolve(null)));
    const notStarted = (deps.running.get(id) ?? Promise.resolve()).then(() => ({ stillAlive: [] as number[] }));
    const ended = await Promise.race([live.run ? live.run.ended : notStarted, late]);
    if (ended) return { id, stopped: ended.stillAlive.length === 0, stillAlive: ended.stillAlive };
    const session = must(id);
    const leader = { pid: session.pid ?? 0, startedAt: session.pid === null ? null : session.pidStartedAt };
    const tree = await spawner.treeOf(leader, { name: NONCE_VARIABLE, value: session.nonce });
    return { id, stopped: false, stillAlive: tree.map((one) => one.pid) };
  }

  async function stop(id: string): Promise<StopReport> {
    const session = must(id);
    if (session.state === 'ended')
      throw new TenureError(
        'conflict',
        `Session "${id}" has already ended${session.outcome ? ` (${OUTCOME_WORDS[session.outcome]})` : ''}.`,
      );
    if (session.state === 'evaluating')
      throw new TenureError('conflict', `Session "${id}" has ended and is being evaluated.`);
    const live = deps.lives.get(id);
    if (live) return stopRunning(id, live);
    // One whose retries were used up ends as what it was, once a person gives it up.
    const gaveUp = session.held?.reason === 'blocked' && session.resumeCause !== 'held' ? session.resumeCause : null;
    const detail = (gaveUp && session.problem) ?? 'A person stopped it.';
    await deps.end(id, { kind: gaveUp ?? 'stopped', detail, stillAlive: session.stillAlive }, {});
    return { id, stopped: session.stillAlive.length === 0, stillAlive: session.stillAlive };
  }

  return {
    /** @throws TenureError not_found, conflict (it has ended). */
    stop,
    /** Stops every session, everything paused meanwhile; see `stopEverything`. */
    stopAll: (setPaused: (paused: boolean) => void): Promise<StoppedSession[]> =>
      stopEverything({
        open: () => deps.storage.open().filter(({ state }) => state !== 'evaluating'),
        must,
        stop,
        isPaused: deps.isPaused,
        setPaused,
      }),
  };
}
