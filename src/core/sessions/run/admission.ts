import type { Clock, Timer } from '../../kernel/ports.ts';
import type { Change, SessionDeps } from '../ports.ts';
import type { StoredSession } from '../storage.ts';
import type { Live } from './live.ts';
import type { Waiting } from './waiting.ts';

/** A session that is younger than this has not taken its memory yet. */
const SETTLES_MS = 20_000;
/** A look at the machine that is older says nothing. */
const STALE_MS = 60_000;
const LOOK_AGAIN_MS = 10_000;

interface AdmissionDeps extends Pick<SessionDeps, 'limits' | 'freeMemory' | 'near'> {
  clock: Clock;
  lives: ReadonlyMap<string, Live>;
  change: Change;
  waiting: Pick<Waiting, 'limitedUntil'>;
  pump(): void;
}

/** Whether the next session may start now, beside the number of those that run. */
export function createAdmission(deps: AdmissionDeps) {
  const { clock, lives, change, limits, waiting, near } = deps;
  /** A person wants these now. */
  const wanted = new Set<string>();
  let again: Timer | null = null;

  function memoryHolds(): boolean {
    const need = limits().memoryBytes;
    const free = deps.freeMemory();
    const age = free === null ? 0 : clock.now() - free.at;
    // What is not known keeps nobody from working.
    if (need === 0 || free === null || age > STALE_MS) return true;
    const since = clock.monotonic() - age - SETTLES_MS;
    const young = [...lives.values()].filter(({ began }) => began >= since).length;
    return free.bytes - young * need >= need;
  }

  /** @returns what it has to wait for; it is written down, and looked at again. */
  function obstacleOf(session: StoredSession): 'budget' | 'quota' | 'memory' | null {
    // A budget is a hard stop: whoever wants to go on raises it.
    const spent = near.usage.mayNotStart(session.projectId);
    if (spent !== null) {
      change(session.id, { waitReason: 'budget', retryAt: spent.resetsAt, problem: spent.sentence }, ['queued']);
      return 'budget';
    }
    if (wanted.delete(session.id)) return null;
    const until = waiting.limitedUntil(session);
    if (until !== null) {
      change(session.id, { waitReason: 'quota', retryAt: until }, ['queued']);
      return 'quota';
    }
    if (memoryHolds()) return null;
    if (session.waitReason === null) change(session.id, { waitReason: 'memory', retryAt: null }, ['queued']);
    again ??= clock.after(LOOK_AGAIN_MS, () => {
      again = null;
      deps.pump();
    });
    return 'memory';
  }

  return {
    obstacleOf,
    /** A person wants it started, whatever is in its way but the number of those that run. */
    insist: (id: string): void => void wanted.add(id),
    close: (): void => again?.cancel(),
  };
}
