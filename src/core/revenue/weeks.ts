/** Days and weeks of a zone as instants (epoch ms), right across daylight-saving changes. Pure. */

const DAY = 24 * 3_600_000;
const FORMATS = new Map<string, Intl.DateTimeFormat>();

interface Wall {
  year: number;
  /** 1–12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(timezone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  FORMATS.set(timezone, made);
  return made;
}

/** What the clock on the wall shows there. @throws RangeError for a zone that is none. */
export function wallOf(at: number, timezone: string): Wall {
  const parts = Object.fromEntries(
    formatOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

const asUtc = (w: Wall): number => Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second);

/**
 * The instant at which the wall shows that. A time that a change of the clock left out is the one that
 * comes after it; of two the first.
 */
export function instantOf(wall: Wall, timezone: string): number {
  const wanted = asUtc(wall);
  const offsetAt = (at: number): number => asUtc(wallOf(at, timezone)) - Math.floor(at / 1_000) * 1_000;
  const tries = [offsetAt(wanted - DAY), offsetAt(wanted + DAY)].map((offset) => wanted - offset);
  const hits = tries.filter((at) => asUtc(wallOf(at, timezone)) === wanted);
  return hits.length > 0 ? Math.min(...hits) : Math.max(...tries);
}

/** The beginning of the day, `days` days later (negative: before). */
export function dayStart(at: number, timezone: string, days = 0): number {
  const { year, month, day } = wallOf(at, timezone);
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return instantOf(
    {
      year: moved.getUTCFullYear(),
      month: moved.getUTCMonth() + 1,
      day: moved.getUTCDate(),
      hour: 0,
      minute: 0,
      second: 0,
    },
    timezone,
  );
}

/** The same time on the wall, `days` days before. */
export function daysBefore(at: number, timezone: string, days: number): number {
  const wall = wallOf(at, timezone);
  const moved = new Date(Date.UTC(wall.year, wall.month - 1, wall.day - days));
  const there = { ...wall, year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
  return instantOf(there, timezone);
}

/** Monday's beginning of the week that `at` lies in. */
export function weekStart(at: number, timezone: string): number {
  const { year, month, day } = wallOf(at, timezone);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return dayStart(at, timezone, -((weekday + 6) % 7));
}

/** The last `count` calendar weeks, oldest first; the current one is the last and ends in the future. */
export function weeksUpTo(at: number, timezone: string, count: number): { from: number; to: number }[] {
  const start = weekStart(at, timezone);
  return Array.from({ length: count }, (_, n) => {
    const back = -7 * (count - 1 - n);
    return { from: dayStart(start, timezone, back), to: dayStart(start, timezone, back + 7) };
  });
}
