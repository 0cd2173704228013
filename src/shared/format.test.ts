import { expect, test } from 'vitest';
import * as say from './format.ts';

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 20, 12);

test.each([
  [0, '0:00'],
  [-5_000, '0:00'],
  [7_900, '0:07'],
  [842_000, '14:02'],
  [3_842_000, '1:04:02'],
  [51 * 3_600_000, '2 d 3 h'],
])('elapsed %i is %s', (ms, words) => expect(say.elapsed(ms)).toBe(words));

test.each([
  [900, 'under a second'],
  [1_000, '1 second'],
  [90_000, '1 minute'],
  [7_200_000, '2 hours'],
  [6.9 * DAY, '6 days'],
])('span %i is %s', (ms, words) => expect(say.span(ms)).toBe(words));

test.each([
  [760_000, '12:40'],
  [59_000, '0:59'],
  [3 * 3_600_000 + 59_000, '3 h'],
  [3 * 3_600_000 + 720_000, '3 h 12 min'],
  [27 * 3_600_000, '1 d 3 h'],
])('remaining %i is %s', (ms, words) => expect(say.remaining(ms)).toBe(words));

test('a mean is cut, so that it never looks like the threshold that it missed', () => {
  expect([3.499, 3.5, 3.58, 4, 0].map(say.cut)).toEqual(['3.4', '3.5', '3.5', '4.0', '0.0']);
  // 0.1 steps that binary fractions miss by a hair.
  expect([2.3, 4.1, 5.7].map(say.cut)).toEqual(['2.3', '4.1', '5.7']);
  expect([7, 5.26].map(say.cutShort)).toEqual(['7', '5.2']);
});

test('unknown is said as unknown', () => {
  expect([say.percent(null), say.bytes(null)]).toEqual(['unknown', 'unknown']);
  expect(say.diff(null, null)).toBeNull();
});

test('figures carry their units', () => {
  expect([0, 0.004, 0.41, 1_204.4].map(say.dollars)).toEqual(['$0.00', '<$0.01', '$0.41', '$1,204']);
  expect([0, 512, 13_314_398_618].map(say.bytes)).toEqual(['0 B', '512 B', '12.4 GB']);
  expect([980, 12_400, 99_960, 1_250_000].map(say.short)).toEqual(['980', '12.4k', '100k', '1.3M']);
  expect(say.percent(0.234)).toBe('23 %');
  expect(say.diff(1_184, 31)).toBe('+1,184 −31');
  expect([1, 2].map((n) => say.count(n, 'entry', 'entries'))).toEqual(['1 entry', '2 entries']);
});

test('times are as near as the person needs them', () => {
  expect(say.when(NOON - 3_600_000, NOON)).toBe('11:00');
  expect(say.when(NOON - 2 * DAY, NOON)).toBe('Wed 12:00');
  expect(say.when(NOON - 40 * DAY, NOON)).toBe('11 Oct');
  expect(say.absolute(NOON)).toBe('Fri, 20 Nov 2026, 12:00:00 UTC');
  expect(say.whole(1_234_567)).toBe('1,234,567');
  expect(say.heldFor(NOON - 60_000, NOON)).toBe('since today');
  expect(say.heldFor(NOON - 13 * 3_600_000, NOON)).toBe('since yesterday');
  expect(say.heldFor(NOON - DAY, NOON)).toBe('for 1 day');
  expect(say.heldFor(NOON - 6.4 * DAY, NOON)).toBe('for 6 days');
});

test.each([
  ['America/St_Johns', 'Fri, 20 Nov 2026, 08:30:00 UTC−3:30'],
  ['Europe/Berlin', 'Fri, 20 Nov 2026, 13:00:00 UTC+1'],
  ['Pacific/Kiritimati', 'Sat, 21 Nov 2026, 02:00:00 UTC+14'],
])('in %s it is %s', (zone, words) => {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    expect(say.absolute(NOON)).toBe(words);
  } finally {
    process.env['TZ'] = before;
  }
});

test('how often', () => {
  expect([0, 1, 2, 1_200].map(say.times)).toEqual(['never', 'once', '2 times', '1,200 times']);
});
