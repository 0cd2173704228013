import { expect, it, test } from 'vitest';
import { daysIn, timeIn } from './days.ts';

const HOUR = 3_600_000;

test.each([
  ['America/New_York', '2026-03-08', 23],
  ['America/New_York', '2026-11-01', 25],
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['UTC', '2026-03-08', 24],
  // Midnight itself is skipped.
  ['Africa/Cairo', '2026-04-24', 23],
  ['Pacific/Kiritimati', '2026-06-01', 24],
  ['Pacific/Pago_Pago', '2026-06-01', 24],
  ['Asia/Kathmandu', '2026-06-01', 24],
  ['Australia/Lord_Howe', '2026-04-05', 24.5],
])('%s: %s is %d hours long, and every instant of it is on it', (zone, day, hours) => {
  const days = daysIn(zone);
  const [start, end] = [days.start(day), days.start(days.next(day))];
  expect((end - start) / HOUR).toBe(hours);
  expect([days.of(start), days.of(end - 1), days.of(start - 1) === day, days.of(end) === day]).toEqual([
    day,
    day,
    false,
    false,
  ]);
});

it('puts a quarter to ten at night in New York on that day, on both sides of the change (T-021)', () => {
  const days = daysIn('America/New_York');
  expect(days.of(Date.parse('2026-03-08T02:45:00Z'))).toBe('2026-03-07');
  expect(days.of(Date.parse('2026-03-09T01:45:00Z'))).toBe('2026-03-08');
});

it('lists days in order over a change, a month and a leap day', () => {
  expect(daysIn('Europe/Berlin').last(3, '2026-10-26')).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
  expect(daysIn('UTC').last(3, '2028-03-01')).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
  expect(() => daysIn('Nowhere/Land')).toThrow(RangeError);
});

// The machine of the tests stands at UTC.
test.each([
  ['UTC', 1, '13:30'],
  ['Africa/Accra', 1, '13:30'],
  ['America/New_York', 1, '08:30 (America/New_York)'],
  ['America/New_York', 24, 'Sat 07:30 (America/New_York)'],
  ['Asia/Kathmandu', 11, 'Sat 05:15 (Asia/Kathmandu)'],
  ['America/New_York', 24 * 10, '30 Nov (America/New_York)'],
  ['UTC', 24 * 10, '30 Nov'],
])('in %s, %d hours from a Friday noon: %s', (zone, hours, words) => {
  const noon = Date.UTC(2026, 10, 20, 12, 30);
  expect(timeIn(zone, noon + hours * HOUR, noon)).toBe(words);
});

it('tells a time without its day where the day does not matter, midnight as 00:00', () => {
  const midnight = daysIn('America/New_York').start('2026-11-20');
  expect(timeIn('America/New_York', midnight, null)).toBe('00:00 (America/New_York)');
});
