import type { Clock, Timer } from './ports.ts';

/** The longest single wait: a machine that slept is noticed when one of these ends too late. */
const STEP_MS = 15_000;
/** Later than this is no longer a busy machine, it is one that slept. */
const LATE_MS = 10_000;

/**
 * A clock on which a sleeping machine stands still: sleep is not idle time (lessons 5.9), so nothing
 * that is measured with it stalls or times out because the lid was closed. The wall clock is left as
 * it is. Time while nothing is armed passes as it is seen next.
 */
export function createAwakeClock(clock: Clock): Clock {
  let slept = 0;
  let seen = clock.monotonic();

  const monotonic = (): number => {
    const now = clock.monotonic();
    const passed = now - seen;
    seen = now;
    if (passed > STEP_MS + LATE_MS) slept += passed - STEP_MS;
    return now - slept;
  };

  const after = (ms: number, run: () => void): Timer => {
    const due = monotonic() + Math.max(0, ms);
    let timer: Timer;
    const step = (): void => {
      const left = due - monotonic();
      // Timers may run a fraction early.
      if (left < 1) run();
      else timer = clock.after(Math.min(left, STEP_MS), step);
    };
    timer = clock.after(Math.min(Math.max(0, ms), STEP_MS), step);
    return { cancel: () => timer.cancel() };
  };

  return {
    now: clock.now,
    monotonic,
    after,
    every(ms, run) {
      let timer: Timer;
      const again = (): void => {
        timer = after(ms, again);
        run();
      };
      timer = after(ms, again);
      return { cancel: () => timer.cancel() };
    },
  };
}
