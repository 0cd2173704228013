import type { Clock, Timer } from '../../src/core/kernel/ports.ts';

export interface FakeClock extends Clock {
  /** Lets time pass: both clocks move, and every timer that falls due runs at its own moment, in order. */
  advance(ms: number): void;
  /** The machine sleeps: both clocks move, no timer runs; what fell due runs late, when time goes on. */
  sleep(ms: number): void;
  /** Moves the wall clock alone, as a person or a time server does; negative goes back. No timer runs. */
  jump(ms: number): void;
  /** How many timers are armed. */
  pending(): number;
}

interface Armed {
  at: number;
  order: number;
  everyMs: number | null;
  run: () => void;
}

/** Friday 2026-11-20, 09:00 UTC. */
export const START = Date.UTC(2026, 10, 20, 9);

/** A clock that stands still until it is moved. */
export function createFakeClock(start: number = START): FakeClock {
  let elapsed = 0;
  let offset = start;
  let order = 0;
  const armed = new Set<Armed>();

  const arm = (ms: number, everyMs: number | null, run: () => void): Timer => {
    order += 1;
    const timer: Armed = { at: elapsed + Math.max(0, ms), order, everyMs, run };
    armed.add(timer);
    return { cancel: () => void armed.delete(timer) };
  };

  /** The first timer due by then; those of one moment in the order in which they were armed. */
  const nextDue = (by: number): Armed | undefined =>
    [...armed].filter((timer) => timer.at <= by).sort((a, b) => a.at - b.at || a.order - b.order)[0];

  return {
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    after: (ms, run) => arm(ms, null, run),
    every: (ms, run) => arm(ms, Math.max(1, ms), run),
    advance(ms) {
      const end = elapsed + ms;
      for (let timer = nextDue(end); timer; timer = nextDue(end)) {
        elapsed = Math.max(elapsed, timer.at);
        if (timer.everyMs === null) armed.delete(timer);
        else {
          timer.at += timer.everyMs;
          order += 1;
          timer.order = order;
        }
        timer.run();
      }
      elapsed = end;
    },
    sleep(ms) {
      elapsed += ms;
    },
    jump(ms) {
      offset += ms;
    },
    pending: () => armed.size,
  };
}
