import type { Daily } from '../../shared/contract/daily.ts';
import { createDue } from '../kernel/due.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock, Cron } from '../kernel/ports.ts';
import { dailyMessage, type Standing } from './rules.ts';
import type { DailyStorage } from './storage.ts';

interface DailyDeps {
  journal: Journal;
  clock: Clock;
  next: Cron['next'];
  storage: DailyStorage;
  /** The time of day, `08:00`, at which it is told; null: never. */
  hour(): string | null;
  timezone(): string;
  /** Epoch ms at which the quiet hours end that hold now; null: none do. */
  quietEnds(): number | null;
  standing(): Standing;
}

export type DailyDigest = ReturnType<typeof createDaily>;

/** `30 8 * * *` of `08:30`. */
function cronOf(hour: string | null): string | null {
  if (hour === null) return null;
  const [hours, minutes] = hour.split(':').map(Number);
  return `${minutes} ${hours} * * *`;
}

/**
 * Tells once a day what happened since it was told last, at the person's hour or at the end of the quiet
 * hours that hold then. When it was told is stored with the message: a sleep or a restart neither loses nor
 * repeats it, and of several missed days one message tells all. A day of nothing is not told.
 */
export function createDaily(deps: DailyDeps) {
  const { journal, clock, next, storage, timezone, standing } = deps;
  const cron = (): string | null => cronOf(deps.hour());
  const begin = (at: number): void =>
    journal.commit(() => storage.setTold({ at, message: storage.told()?.message ?? null }));
  /** While it was switched off nothing was due, and nothing is caught up on. */
  let wasOff = false;
  const due = createDue({
    next,
    last: () => storage.told()?.at ?? null,
    begin,
    cron,
    timezone,
  });

  function messageOf(from: number, to: number): Daily['now'] {
    const message = dailyMessage(storage.figures(from, to), standing());
    return message && { from, to, ...message };
  }

  return {
    get(): Daily {
      const told = storage.told();
      const now = clock.now();
      const expression = cron();
      const at = told?.at ?? now;
      const dueAt = expression === null ? null : next(expression, timezone(), Math.min(at, now));
      return {
        dueAt: dueAt === null ? null : Math.max(dueAt, deps.quietEnds() ?? 0),
        told: told?.message ?? null,
        now: messageOf(at, now),
      };
    },
    /** At each beat. */
    tick(): void {
      const now = clock.now();
      const isOff = cron() === null;
      if (wasOff && !isOff) begin(now);
      wasOff = isOff;
      if (isOff || deps.quietEnds() !== null) return;
      if (due(now) === null) return;
      const from = storage.told()?.at ?? now;
      const message = messageOf(from, now);
      journal.commit((emit) => {
        storage.setTold({ at: now, message: message ?? storage.told()?.message ?? null });
        if (message) emit({ type: 'daily.told', body: message });
      });
    },
  };
}
