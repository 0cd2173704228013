import type { GateAnswer } from '../drivers/driver.ts';
import type { Clock } from '../kernel/ports.ts';

/** Why a wait ended without an answer. */
export type HoldEnd = 'answered' | 'held_long_enough' | 'caller_gone' | 'engine_stops';

/**
 * Tool calls whose answer is being held back for a person. Only the waiting lives here, in memory;
 * the question itself is a row.
 */
export function createHolds(clock: Clock) {
  const waiting = new Map<string, Set<(end: HoldEnd) => void>>();

  const wake = (id: string, end: HoldEnd): void => {
    for (const done of waiting.get(id) ?? []) done(end);
  };

  return {
    /** Resolves when decision `id` was answered, after `ms`, or when nobody waits for the answer any more. */
    hold(id: string, ms: number, signal: AbortSignal | null): Promise<HoldEnd> {
      return new Promise((resolve) => {
        const mine = waiting.get(id) ?? new Set();
        const end = (how: HoldEnd): void => {
          mine.delete(end);
          if (mine.size === 0) waiting.delete(id);
          timer.cancel();
          signal?.removeEventListener('abort', gone);
          resolve(how);
        };
        const gone = (): void => end('caller_gone');
        const timer = clock.after(ms, () => end('held_long_enough'));
        waiting.set(id, mine.add(end));
        signal?.addEventListener('abort', gone);
        if (signal?.aborted) gone();
      });
    },
    answered: (id: string): void => wake(id, 'answered'),
    isHeld: (id: string): boolean => waiting.has(id),
    /** Lets every held call go: the engine stops. */
    releaseAll(): void {
      for (const id of waiting.keys()) wake(id, 'engine_stops');
    },
  };
}

export const allowed = (reason: string): GateAnswer => ({ permission: 'allow', reason });
export const denied = (reason: string): GateAnswer => ({ permission: 'deny', reason });
