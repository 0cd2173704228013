import { Cron as Calculator } from 'croner';
import { schedule } from 'node-cron';
import { TenureError } from '../../shared/errors.ts';
import type { Cron } from '../kernel/ports.ts';

/** Seconds between two heartbeats; short, so that a jump of the clock is noticed soon. */
const BEAT = '*/5 * * * * *';

/** The machine's own zone. */
export const localZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** node-cron beats, croner computes (it is right across daylight-saving changes, node-cron is not). */
export function createCron(): Cron {
  return {
    heartbeat(tick) {
      const task = schedule(BEAT, tick, { name: 'heartbeat', noOverlap: true });
      return { cancel: () => void task.destroy() };
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
