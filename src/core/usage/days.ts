import { clockTime, when } from '../../shared/format.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Days of a time zone, as people there count them: 23 hours long in spring, 25 in autumn, and beginning at
 * one o'clock where midnight is skipped.
 */
export interface Days {
  /** `YYYY-MM-DD` of an instant (epoch ms). */
  of(at: number): string;
  /** The first instant of a day, epoch ms. */
  start(day: string): number;
  next(day: string): string;
  /** The last `n` days up to and with that one, oldest first. */
  last(n: number, day: string): string[];
}

const shift = (day: string, by: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + by * 24 * HOUR).toISOString().slice(0, 10);

/** By zone: asked at every event of a run. */
const WALLS = new Map<string, Intl.DateTimeFormat>();

function wallOf(timezone: string): Intl.DateTimeFormat {
  const known = WALLS.get(timezone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  WALLS.set(timezone, made);
  return made;
}

/**
 * A moment for a sentence, by the clock on the wall of a zone: `09:41`, `Thu 09:41`, `12 Oct` as `when` says it;
 * with the zone's name where the clock here shows another time: `00:00 (America/New_York)`.
 * @param now epoch ms; null: the day does not matter.
 * @throws RangeError for a zone that is none.
 */
export function timeIn(timezone: string, at: number, now: number | null): string {
  const part = Object.fromEntries(
    wallOf(timezone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const clock = `${part.hour}:${part.minute}`;
  if (clock === clockTime(at) && Number(part.day) === new Date(at).getDate())
    return now === null ? clock : when(at, now);
  const { of } = daysIn(timezone);
  const other =
    now !== null && Math.abs(now - at) >= 6 * 24 * HOUR ? `${part.day} ${part.month}` : `${part.weekday} ${clock}`;
  return `${now === null || of(at) === of(now) ? clock : other} (${timezone})`;
}

/** @throws RangeError for a zone that is none. */
export function daysIn(timezone: string): Days {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const of = (at: number): string => format.format(at);
  const starts = new Map<string, number>();

  function start(day: string): number {
    const known = starts.get(day);
    if (known !== undefined) return known;
    // No zone is further than 14 hours from UTC, and none changes within a minute.
    let low = Date.parse(`${day}T00:00:00Z`) - 15 * HOUR;
    let high = low + 30 * HOUR;
    while (high - low > MINUTE) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
      if (of(middle) < day) low = middle;
      else high = middle;
    }
    starts.set(day, high);
    return high;
  }

  return {
    of,
    start,
    next: (day) => shift(day, 1),
    last: (n, day) => Array.from({ length: n }, (_, i) => shift(day, i + 1 - n)),
  };
}
