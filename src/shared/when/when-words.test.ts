import { expect, test } from 'vitest';
import { meant } from './when-words.ts';

/** A Friday. */
const NOON = Date.parse('2026-11-20T12:00:00Z');
const at = (text: string) => {
  const found = meant(text, NOON);
  return 'at' in found ? new Date(found.at).toISOString().slice(0, 16) : found.problem;
};

test.each([
  ['20', '2026-11-20T12:20'],
  ['45 min', '2026-11-20T12:45'],
  ['2h', '2026-11-20T14:00'],
  ['in 2h', '2026-11-20T14:00'],
  ['in 20', '2026-11-20T12:20'],
  ['until 2h', '2026-11-20T14:00'],
  ['1 h 30 min', '2026-11-20T13:30'],
  ['in half an hour', '2026-11-20T12:30'],
  ['until 17:30', '2026-11-20T17:30'],
  ['5pm', '2026-11-20T17:00'],
  ['09:00', '2026-11-21T09:00'],
  ['tomorrow', '2026-11-21T09:00'],
  ['tomorrow 9', '2026-11-21T09:00'],
  ['Tomorrow at 10am', '2026-11-21T10:00'],
  ['tomorrow morning', '2026-11-21T06:00'],
  ['day after tomorrow', '2026-11-22T09:00'],
  ['monday 9:30', '2026-11-23T09:30'],
  ['25 nov 9am', '2026-11-25T09:00'],
])('%s', (text, moment) => {
  expect(at(text)).toBe(moment);
});

test.each([
  ['', 'is no moment that is understood'],
  ['later', '“later” is no moment that is understood'],
  ['tomorrow at 9 or so', 'is no moment'],
  ['tomorrow and monday', 'is no moment'],
  ['every monday at 8', 'quiet once'],
  ['half past six', 'in figures'],
  ['03/04', 'read in two ways'],
  ['yesterday', 'has passed'],
  ['until 9', '9:00 for the hour'],
  ['0', 'has passed'],
])('“%s” is asked and not guessed', (text, why) => {
  expect(at(text)).toContain(why);
});
