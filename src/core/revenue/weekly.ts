import type { Week } from '../../shared/contract/revenue.ts';
import { firstOf } from '../../shared/format.ts';
import { changeWords, figureWords, totalWords } from '../../shared/revenue-words.ts';
import { createDue } from '../kernel/due.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock, Cron } from '../kernel/ports.ts';

/** Sources that are named; the rest is counted. */
const MOST_NAMED = 4;

interface WeeklyDeps {
  journal: Journal;
  clock: Clock;
  next: Cron['next'];
  storage: { toldWeek(): number | null; setToldWeek(at: number): void };
  /** When it is told; null: never. */
  cron(): string | null;
  timezone(): string;
  /** The seven days that end then. */
  week(to: number): Omit<Week, 'stable'>;
}

/** The week in a title and a body: the sum, beside the week before, and each source. Pure. */
export function weekMessage({ total, previous, change, sources }: Omit<Week, 'stable'>): {
  title: string;
  body: string;
} {
  const named = sources.map(({ name, figure, change: its }) => {
    const by = its.ratio === null ? '' : ` (${changeWords(its)})`;
    return `${name}: ${figureWords(figure)}${by}`;
  });
  const before =
    change.ratio === null
      ? `The week before: ${totalWords(previous)}.`
      : `${changeWords(change)} on the week before (${totalWords(previous)}).`;
  return {
    title: `Revenue of the week: ${totalWords(total)}`,
    body: `${before} ${firstOf(named, MOST_NAMED).join('; ')}`,
  };
}

/**
 * Tells once a week what was earned (S1-54). When it is due follows from when it was told last, which is
 * stored with the message: a sleep or a restart neither loses nor repeats it, and of several missed weeks
 * the newest is told.
 */
export function createWeekly({ journal, clock, next, storage, cron, timezone, week }: WeeklyDeps) {
  const due = createDue({
    next,
    last: storage.toldWeek,
    begin: (at) => journal.commit(() => storage.setToldWeek(at)),
    cron,
    timezone,
  });

  return (): void => {
    const at = due(clock.now());
    if (at === null) return;
    const figures = week(at);
    journal.commit((emit) => {
      storage.setToldWeek(clock.now());
      if (figures.sources.length > 0) {
        emit({ type: 'revenue.told', body: { from: figures.from, to: figures.to, ...weekMessage(figures) } });
      }
    });
  };
}
