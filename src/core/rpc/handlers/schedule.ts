import type { Upcoming } from '../../schedule/upcoming.ts';
import type { Handlers } from '../dispatch.ts';

/** Looking ahead on the clock. */
export function scheduleHandlers(upcoming: Upcoming) {
  return {
    'schedule.upcoming': (input) => upcoming.upcoming(input),
    'schedule.preview': (input) => upcoming.preview(input),
  } satisfies Partial<Handlers>;
}
