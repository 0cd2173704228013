import { Cron as Calculator } from 'croner';
import { schedule } from 'node-cron';
import { TenureError } from '../../shared/errors.ts';
import type { Cron } from '../kernel/ports.ts';

/** On each whole minute, where schedules fall due. */
const MINUTE = '* * * * *';
/** Between two beats at the most; short, so that a jump of the clock is noticed soon. */
const BEAT_MS = 5_000;

/** The machine's own zone. */
export const localZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** node-cron strikes the minute, croner computes (it is right across daylight-saving changes, node-cron is not). */
export function createCron(): Cron {
  return {
    heartbeat(tick) {
      // node-cron waits for a moment of the wall clock, so one that is set back by days silences it for days; and
      // after a sleep it counts every moment that was missed, so those must be few. The interval knows of neither.
      const task = schedule(MINUTE, tick, { name: 'heartbeat', noOverlap: true, suppressMissedWarning: true });
      const between = setInterval(tick, BEAT_MS);
      return {
        cancel() {
          clearInterval(between);
          void task.destroy();
        },
      };
    },
    next(expression, timezone, from) {
      try {
        const next = new Calculator(expression, { timezone, paused: true }).nextRun(new Date(from));
        return next?.getTime() ?? null;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new TenureError(
          'invalid',
          `"${expression}" in zone "${timezone}" is no schedule: expected five cron fields such as "0 9 * * 1-5" and an IANA zone (${why}).`,
          { cause: error },
        );
      }
    },
  };
}
