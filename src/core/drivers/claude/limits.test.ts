import { expect, it } from 'vitest';
import { limitReportOf, resetOf } from './limits.ts';

it.each<[unknown, number | null]>([
  [1_795_228_768, 1_795_228_768_000],
  [1_795_228_768.1234, 1_795_228_768_123],
  [1_795_228_768_754, 1_795_228_768_754],
  ['2026-11-21T12:00:00+02:00', Date.UTC(2026, 10, 21, 10)],
  ['soon', null],
  [0, null],
  [-5, null],
  [1e20, null],
  [Number.NaN, null],
  [null, null],
  [undefined, null],
])('a reset told as %s is %s', (told, at) => expect(resetOf(told)).toBe(at));

it('a report holds times that can be kept, or none', () => {
  const unifiedWindows = {
    five_hour: { status: 'rejected', resetsAt: 1e20 },
    seven_day: { resetsAt: 1_795_228_768.5 },
  };
  expect(limitReportOf({ status: 'rejected', rateLimitType: 'five_hour', resetsAt: 'never', unifiedWindows })).toEqual({
    status: 'rejected',
    name: 'five_hour',
    utilization: null,
    resetsAt: null,
    windows: [
      { name: 'five_hour', status: 'rejected', utilization: null, resetsAt: null },
      { name: 'seven_day', status: null, utilization: null, resetsAt: 1_795_228_768_500 },
    ],
  });
});
