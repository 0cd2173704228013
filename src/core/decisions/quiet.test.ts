import { expect, test } from 'vitest';
import { createCron } from '../adapters/cron.ts';
import { quietEnds } from './quiet.ts';

const { next } = createCron();
const at = (time: string): number => Date.parse(time);
const night = { from: '22:00', to: '07:00' };
const ends = (hours: typeof night | null, zone: string, now: string): string | null => {
  const end = quietEnds(hours, next, zone, at(now));
  return end === null ? null : new Date(end).toISOString();
};

test.each([
  ['2026-11-20T21:59:00Z', null],
  ['2026-11-20T22:00:00Z', '2026-11-21T07:00:00.000Z'],
  ['2026-11-21T03:00:00Z', '2026-11-21T07:00:00.000Z'],
  ['2026-11-21T07:00:00Z', null],
])('at %s the night ends at %s', (now, end) => {
  expect(ends(night, 'UTC', now)).toBe(end);
});

test('in the zone of the person, over the change of the clocks', () => {
  // 25 October 2026: clocks go back in Berlin at 03:00.
  expect(ends(night, 'Europe/Berlin', '2026-10-24T21:30:00Z')).toBe('2026-10-25T06:00:00.000Z');
  expect(ends({ from: '12:00', to: '13:00' }, 'Europe/Berlin', '2026-07-01T10:30:00Z')).toBe(
    '2026-07-01T11:00:00.000Z',
  );
});

test('without hours, or with none between them, nothing is quiet', () => {
  expect(ends(null, 'UTC', '2026-11-20T23:00:00Z')).toBeNull();
  expect(ends({ from: '22:00', to: '22:00' }, 'UTC', '2026-11-20T23:00:00Z')).toBeNull();
});
