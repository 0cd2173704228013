import { expect, test } from 'vitest';
import { quietFor } from './until.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');

test.each([
  ['', undefined, undefined],
  ['', '30', 30],
  ['20', undefined, 20],
  ['2h', undefined, 120],
  ['17:30', undefined, 330],
  ['tomorrow 9', undefined, 21 * 60],
])('“%s”, --minutes %s: %s minutes', async (until, minutes, expected) => {
  const ms = await quietFor(until, minutes, NOON);
  expect(ms).toBe(expected === undefined ? undefined : expected * 60_000);
});

test.each([
  ['later', undefined, 'no moment that is understood'],
  ['tomorrow 15', undefined, 'at most 24 hours'],
  ['2h', '30', 'not both'],
  ['', '0', '--minutes takes a whole number from 1 to 1440, but got "0".'],
])('“%s”, --minutes %s is refused', async (until, minutes, why) => {
  await expect(quietFor(until, minutes, NOON)).rejects.toThrow(why);
});
