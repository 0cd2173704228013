import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import type { Project } from '../../shared/contract/projects.ts';
import type { UpcomingRun } from '../../shared/contract/schedule.ts';
import type { Clock, Cron } from '../kernel/ports.ts';

interface UpcomingDeps {
  clock: Clock;
  cron: Cron;
  projects(): readonly Project[];
  promotionCheck(): { cron: string; timezone: string } | null;
  timezone(): string;
  isPaused(): boolean;
}

const DAY_MS = 86_400_000;
const DAYS = 7;
const PREVIEWED = 5;
/** More moments of one plan than anybody reads; a plan of every minute has 10,000 a week. */
const MOST_OF_ONE = 200;
const MOST = 500;

export type Upcoming = ReturnType<typeof createUpcoming>;

/** Looks ahead on the clock; starts and changes nothing. */
export function createUpcoming({ clock, cron, ...deps }: UpcomingDeps) {
  /** The moments of an expression after `from` and up to `until`, oldest first. @throws TenureError `invalid`. */
  function momentsOf(expression: string, timezone: string, from: number, until: number, most: number): number[] {
    const found: number[] = [];
    for (let at = cron.next(expression, timezone, from); at !== null && at <= until; ) {
      found.push(at);
      if (found.length >= most) break;
      at = cron.next(expression, timezone, at);
    }
    return found;
  }

  return {
    upcoming({ days = DAYS }: InputOf<'schedule.upcoming'>): OutputOf<'schedule.upcoming'> {
      const now = clock.now();
      const until = now + days * DAY_MS;
      let cut = false;
      const of = (expression: string, timezone: string, run: Omit<UpcomingRun, 'at'>): UpcomingRun[] => {
        const moments = momentsOf(expression, timezone, now, until, MOST_OF_ONE);
        cut ||= moments.length === MOST_OF_ONE;
        return moments.map((at) => ({ at, ...run }));
      };
      const runs = deps.projects().flatMap(({ id, name, schedule }) =>
        schedule === null || schedule.nextRunAt === null
          ? []
          : of(schedule.cron, schedule.timezone, {
              kind: 'session',
              projectId: id,
              project: name,
              prompt: schedule.prompt,
            }),
      );
      const check = deps.promotionCheck();
      if (check) {
        runs.push(
          ...of(check.cron, check.timezone, { kind: 'promotion_check', projectId: null, project: null, prompt: null }),
        );
      }
      runs.sort((a, b) => a.at - b.at);
      return { runs: runs.slice(0, MOST), cut: cut || runs.length > MOST, paused: deps.isPaused() };
    },
    preview({
      cron: expression,
      timezone = deps.timezone(),
      count = PREVIEWED,
    }: InputOf<'schedule.preview'>): OutputOf<'schedule.preview'> {
      return { timezone, runs: momentsOf(expression, timezone, clock.now(), Number.POSITIVE_INFINITY, count) };
    },
  };
}
