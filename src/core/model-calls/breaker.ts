import type { Clock } from '../kernel/ports.ts';

/** So many failures in a row switch a thing off for so long. */
export const FAILURES = 3;
export const OPEN_MS = 5 * 60_000;

export interface Breaker {
  /** Why nothing may be tried now, or null. Asking changes nothing. */
  whyClosed(): string | null;
  /** Claims the right to try. After the pause exactly one may, until it has said how it went. */
  claim(): boolean;
  succeeded(): void;
  failed(why: string): void;
  /** It was tried, but what came of it says nothing about the thing: gives the claim back. */
  nothingSaid(): void;
}

/** Switches a thing off that keeps failing, and lets exactly one try through after a pause (S1-47, T-04C). */
export function createBreaker(clock: Pick<Clock, 'monotonic'>): Breaker {
  let failures = 0;
  let lastWhy = '';
  let openedAt: number | null = null;
  let probing = false;
  const resting = (): boolean => openedAt !== null && clock.monotonic() < openedAt + OPEN_MS;
  return {
    whyClosed() {
      if (openedAt === null || !(resting() || probing)) return null;
      return `It failed ${failures} times in a row and is left alone for a while: ${lastWhy}`;
    },
    claim() {
      if (openedAt === null) return true;
      if (resting() || probing) return false;
      probing = true;
      return true;
    },
    succeeded() {
      failures = 0;
      openedAt = null;
      probing = false;
    },
    failed(why) {
      failures += 1;
      lastWhy = why;
      probing = false;
      if (failures >= FAILURES) openedAt = clock.monotonic();
    },
    nothingSaid() {
      probing = false;
    },
  };
}
