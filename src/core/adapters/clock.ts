import type { Clock, Timer } from '../kernel/ports.ts';

/** The longest wait that `setTimeout` takes (2³¹ − 1 ms); it runs anything longer at once. */
const LONGEST_MS = 2_147_483_647;

/** Real time. A pending timer keeps the process alive: who arms one owns it and cancels it. */
export function createClock(): Clock {
  const after = (ms: number, run: () => void): Timer => {
    let handle: NodeJS.Timeout;
    const arm = (left: number): void => {
      const step = Math.min(left, LONGEST_MS);
      handle = setTimeout(() => (left > step ? arm(left - step) : run()), step);
    };
    arm(Math.max(0, ms));
    return { cancel: () => clearTimeout(handle) };
  };

  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after,
    every(ms, run) {
      const handle = setInterval(run, Math.min(ms, LONGEST_MS));
      return { cancel: () => clearInterval(handle) };
    },
  };
}
