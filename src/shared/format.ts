/**
 * Where numbers and times become words, on screen and in the CLI. Times come in as epoch milliseconds,
 * durations as milliseconds. Unknown is said as unknown, never as zero.
 */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number) => String(n).padStart(2, '0');

/** A running clock: `0:07`, `14:02`, `1:04:02`, `2 d 3 h` from a day on. Never negative. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h >= 24) return `${Math.floor(h / 24)} d ${h % 24} h`;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length of time in its largest whole unit: `6 days`, `1 hour`, `40 seconds`, `under a second`. */
export function span(ms: number): string {
  const value = Math.max(0, ms);
  if (value >= DAY) return count(Math.floor(value / DAY), 'day');
  if (value >= HOUR) return count(Math.floor(value / HOUR), 'hour');
  if (value >= MINUTE) return count(Math.floor(value / MINUTE), 'minute');
  return value < SECOND ? 'under a second' : count(Math.floor(value / SECOND), 'second');
}

/** How long something took: `120 ms`, `4.2 s`, `38 s`, then as a clock (`2:05`). */
export function took(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  return ms < MINUTE ? `${Math.floor(ms / SECOND)} s` : elapsed(ms);
}

/** What is left: by the second under an hour (`12:40`), else `3 h 12 min`, `2 d 3 h`. */
export function remaining(ms: number): string {
  if (ms < HOUR || ms >= DAY) return elapsed(ms);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  return `${Math.floor(ms / HOUR)} h${minutes > 0 ? ` ${minutes} min` : ''}`;
}

/** `1 commit`, `2 commits`, `3 entries` (with the plural given). */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${whole(n)} ${n === 1 ? one : many}`;
}

/** The first so many of a list, and how many more there are: `['A', 'B', '3 more']`. */
export function firstOf(texts: readonly string[], most: number): string[] {
  const rest = texts.length - most;
  return [...texts.slice(0, most), ...(rest > 0 ? [`${rest} more`] : [])];
}

/** How often: `never`, `once`, `3 times`. */
export const times = (n: number): string => (n === 0 ? 'never' : n === 1 ? 'once' : `${whole(n)} times`);

/** Grouped digits: `12,400`. */
export function whole(n: number): string {
  return grouped(n.toFixed(0));
}

/** Tokens and the like: `980`, `12.4k`, `1.2M`. */
export function short(n: number): string {
  if (n < 1_000) return String(n);
  if (n < 999_950) return `${(n / 1_000).toFixed(n < 99_950 ? 1 : 0)}k`;
  return `${(n / 1_000_000).toFixed(1)}M`;
}

/** One decimal, cut and never rounded up: 3.49 is not yet 3.5. */
export function cut(n: number): string {
  return (Math.floor(n * 10 + 1e-9) / 10).toFixed(1);
}

/** Like `cut`, without a needless `.0`: `7`, `5.2`. */
export function cutShort(n: number): string {
  return cut(n).replace(/\.0$/, '');
}

/** `$0.41`, `<$0.01`, `$1,204`; null stays null for the caller to word. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return '<$0.01';
  return `$${usd < 1_000 ? usd.toFixed(2) : whole(usd)}`;
}

/** A part of one as percent: `23 %`; `unknown` when it could not be measured. */
export function percent(part: number | null): string {
  return part === null ? 'unknown' : `${Math.round(part * 100)} %`;
}

/** Binary units as people know them from their machine: `12.4 GB`, `512 MB`. */
export function bytes(n: number | null): string {
  if (n === null) return 'unknown';
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, n)) / 10));
  const value = n / 1024 ** power;
  return `${power > 2 && value < 100 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** `+184 −31`, with a real minus; null when neither was measured. */
export function diff(insertions: number | null, deletions: number | null): string | null {
  if (insertions === null && deletions === null) return null;
  return `+${whole(insertions ?? 0)} −${whole(deletions ?? 0)}`;
}

// By hand and not by Intl: its first formatter alone costs more than a fifth of the popover's first paint.
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The wall clock: `09:41`. */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** By the second: `09:41:12`. */
export const clockSeconds = (at: number): string => `${clockTime(at)}:${two(new Date(at).getSeconds())}`;

/** The whole truth, for hovering: `Fri, 20 Nov 2026, 09:41:12 UTC+1`. */
export function absolute(at: number): string {
  const date = new Date(at);
  const day = `${WEEKDAYS[date.getDay()]}, ${dayOf(date)} ${date.getFullYear()}`;
  return `${day}, ${clockSeconds(at)} ${zoneOf(date)}`;
}

/** `09:41` today, `Thu 09:41` within a week, `12 Oct` else; in the person's zone. */
export function when(at: number, now: number): string {
  if (sameDay(at, now)) return clockTime(at);
  const date = new Date(at);
  return Math.abs(now - at) < 6 * DAY ? `${WEEKDAYS[date.getDay()]} ${clockTime(at)}` : dayOf(date);
}

/** `since today`, `since yesterday` (under a day ago), `for 6 days`. */
export function heldFor(since: number, now: number): string {
  if (sameDay(since, now)) return 'since today';
  const days = Math.floor((now - since) / DAY);
  return days < 1 ? 'since yesterday' : `for ${count(days, 'day')}`;
}

function dayOf(date: Date): string {
  return `${date.getDate()} ${MONTHS[date.getMonth()]}`;
}

function zoneOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const [h, m] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '−' : '+'}${h}${m > 0 ? `:${two(m)}` : ''}`;
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A day: `12 Oct`, in the person's zone. */
export const dayWords = (at: number): string => dayOf(new Date(at));
