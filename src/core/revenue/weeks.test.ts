import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayStart, daysBefore, instantOf, wallOf, weekStart, weeksUpTo } from './weeks.ts';

const HOUR = 3_600_000;
const NEW_YORK = 'America/New_York';
const iso = (at: number): string => new Date(at).toISOString();

test.each([
  // 07:00 on a Sunday: the week that is told about began a week ago, not at midnight (T-022).
  ['an ordinary week', '2026-11-22T12:00:00Z', 'UTC', '2026-11-15T12:00:00.000Z', 168],
  ['the clocks went forward in it', '2026-03-10T11:00:00Z', NEW_YORK, '2026-03-03T12:00:00.000Z', 167],
  ['the clocks went back in it', '2026-11-03T12:00:00Z', NEW_YORK, '2026-10-27T11:00:00.000Z', 169],
])('seven days before, by the clock on the wall: %s', (_name, at, zone, expected, hours) => {
  const to = Date.parse(at);
  const from = daysBefore(to, zone, 7);
  expect(iso(from)).toBe(expected);
  expect((to - from) / HOUR).toBe(hours);
});

test('a time that the change of the clock left out is the one after it; of two the first', () => {
  const gap = { year: 2026, month: 3, day: 8, hour: 2, minute: 30, second: 0 };
  expect(iso(instantOf(gap, NEW_YORK))).toBe('2026-03-08T07:30:00.000Z');
  const twice = { year: 2026, month: 11, day: 1, hour: 1, minute: 30, second: 0 };
  expect(iso(instantOf(twice, NEW_YORK))).toBe('2026-11-01T05:30:00.000Z');
});

test('weeks begin on Monday in the zone, and each ends where the next begins', () => {
  // 21:45 on a Sunday in New York is Monday in UTC: still the old week there (T-021).
  const at = Date.parse('2026-11-23T02:45:00Z');
  expect(iso(weekStart(at, NEW_YORK))).toBe('2026-11-16T05:00:00.000Z');
  expect(iso(weekStart(at, 'UTC'))).toBe('2026-11-23T00:00:00.000Z');
  const weeks = weeksUpTo(at, NEW_YORK, 5);
  // The clocks went back on the first of November.
  expect(weeks.map(({ from, to }) => (to - from) / HOUR)).toEqual([168, 169, 168, 168, 168]);
  for (const [n, week] of weeks.entries()) expect(week.to).toBe(weeks[n + 1]?.from ?? week.to);
  expect(weeks.at(-1)?.to).toBeGreaterThan(at);
});

const zones = fc.constantFrom(
  NEW_YORK,
  'UTC',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/St_Johns',
);
const moments = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) });

test('the beginning of a day is that day, near its beginning, never in the future', () => {
  fc.assert(
    fc.property(moments, zones, (at, zone) => {
      const start = dayStart(at, zone);
      const [wall, given] = [wallOf(start, zone), wallOf(at, zone)];
      expect([wall.year, wall.month, wall.day]).toEqual([given.year, given.month, given.day]);
      expect(wall.hour).toBeLessThanOrEqual(1);
      expect(start).toBeLessThanOrEqual(at);
      expect(start % (15 * 60_000)).toBe(0);
    }),
  );
});

test('weeks cover time without a hole', () => {
  fc.assert(
    fc.property(moments, zones, (at, zone) => {
      const weeks = weeksUpTo(at, zone, 3);
      expect(weeks[0]?.to).toBe(weeks[1]?.from);
      expect(weeks[1]?.to).toBe(weeks[2]?.from);
      expect(weeks[2]?.from).toBeLessThanOrEqual(at);
      expect(weeks[2]?.to).toBeGreaterThan(at);
    }),
  );
});
