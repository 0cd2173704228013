import type { Cron } from './ports.ts';

/** More missed times than this are not gone through one by one. */
const MOST_MISSED = 60;

interface DueDeps {
  next: Cron['next'];
  /** When it was done last, epoch ms; null: it was never looked for. */
  last(): number | null;
  /** From now on it counts as done then. */
  begin(at: number): void;
  /** A cron expression; null: never. */
  cron(): string | null;
  timezone(): string;
}

/**
 * What is due by the clock follows from when it was done last, which whoever does it stores: a sleep or a
 * restart neither loses nor repeats it.
 * @returns a function of now: the newest moment at which it was due and not done; null: none yet.
 */
export function createDue({ next, last, begin, cron, timezone }: DueDeps): (now: number) => number | null {
  let known: { key: string; at: number | null } | null = null;
  return (now) => {
    const expression = cron();
    if (expression === null) return null;
    const done = last();
    if (done === null || done > now) {
      // Nothing was due before it was first asked, nor while the clock stood in the future.
      begin(now);
      return null;
    }
    const key = `${done} ${timezone()} ${expression}`;
    if (known?.key !== key) known = { key, at: next(expression, timezone(), done) };
    let at = known.at;
    if (at === null || at > now) return null;
    for (let missed = 0; missed < MOST_MISSED; missed++) {
      const after = next(expression, timezone(), at);
      if (after === null || after > now) break;
      at = after;
    }
    return at;
  };
}
