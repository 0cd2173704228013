const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 24 * HOUR],
  ['h', HOUR],
  ['min', MINUTE],
  ['s', SECOND],
  ['ms', 1],
];
const NAMES: Readonly<Record<string, number>> = {
  ...Object.fromEntries(UNITS),
  m: MINUTE,
  sec: SECOND,
  day: 24 * HOUR,
  days: 24 * HOUR,
  hour: HOUR,
  hours: HOUR,
  minute: MINUTE,
  minutes: MINUTE,
  second: SECOND,
  seconds: SECOND,
};

/** Milliseconds as a person writes them: `90 min`, `2 d`. Exact: reading it back gives the same number. */
export function durationText(ms: number): string {
  const [name, unit] = UNITS.find(([, size]) => ms !== 0 && ms % size === 0) ?? ['ms', 1];
  return `${ms / unit} ${name}`;
}

/** The milliseconds of `90`, `90 s`, `1.5h`, `1 h 30 min`; null for a text that is no length of time. */
export function durationOf(text: string): number | null {
  const plain = text.trim().toLowerCase();
  if (/^\d+$/.test(plain)) return Number(plain);
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/.test(plain)) return null;
  let total = 0;
  for (const [, figure = '', unit = ''] of plain.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const size = NAMES[unit];
    if (size === undefined) return null;
    total += Number(figure) * size;
  }
  return Math.round(total);
}
