import type { Week } from '../../shared/contract/revenue.ts';
import { changeWords, figureWords, totalWords } from '../../shared/revenue-words.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock, Cron } from '../kernel/ports.ts';

/** Sources that are named; the rest is counted. */
const MOST_NAMED = 4;
/** More missed weeks than this are not gone through one by one. */
const MOST_MISSED = 60;

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
  const named = sources.slice(0, MOST_NAMED).map(({ name, figure, change: its }) => {
    const by = its.ratio === null ? '' : ` (${changeWords(its)})`;
    return `${name}: ${figureWords(figure)}${by}`;
  });
  const rest = sources.length - named.length;
  const before =
    change.ratio === null
      ? `The week before: ${totalWords(previous)}.`
      : `${changeWords(change)} on the week before (${totalWords(previous)}).`;
  return {
    title: `Revenue of the week: ${totalWords(total)}`,
    body: [before, [...named, ...(rest > 0 ? [`${rest} more`] : [])].join('; ')].join(' '),
  };
}

/**
 * Tells once a week what was earned (S1-54). When it is due follows from when it was told last, which is
 * stored with the message: a sleep or a restart neither loses nor repeats it, and of several missed weeks
 * the newest is told.
 */
export function createWeekly({ journal, clock, next, storage, cron, timezone, week }: WeeklyDeps) {
  let known: { key: string; at: number | null } | null = null;

  /** The newest moment at which it was due and not told; null: none yet. */
  function due(now: number): number | null {
    const expression = cron();
    if (expression === null) return null;
    const told = storage.toldWeek();
    if (told === null || told > now) {
      // Nothing was due before it was first asked, nor while the clock stood in the future.
      journal.commit(() => storage.setToldWeek(now));
      return null;
    }
    const key = `${told} ${timezone()} ${expression}`;
    if (known?.key !== key) known = { key, at: next(expression, timezone(), told) };
    let at = known.at;
    if (at === null || at > now) return null;
    for (let missed = 0; missed < MOST_MISSED; missed++) {
      const after = next(expression, timezone(), at);
      if (after === null || after > now) break;
      at = after;
    }
    return at;
  }

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
