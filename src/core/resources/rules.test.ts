import { expect, test } from 'vitest';
import type { SystemSample } from '../../shared/contract/system.ts';
import { alertSentence, QUIET, resourceLine, stepThreshold, type Watched } from './rules.ts';

const GB = 1024 ** 3;
const MINUTE = 60_000;
const SPEC = { above: 0.9, clearBelow: 0.8, forMs: 2 * MINUTE };

/** Runs through looks `[seconds, value]`; the events by the second in which they came. */
function walk(looks: readonly (readonly [second: number, value: number | null])[], start: Watched = QUIET): string[] {
  let watched = start;
  return looks.flatMap(([second, value]) => {
    const step = stepThreshold(watched, value, second * 1_000, SPEC);
    watched = step.watched;
    return step.event === null ? [] : [`${step.event} at ${second}`];
  });
}
/** A look each ten seconds from one second to another. */
const hold = (from: number, to: number, value: number | null) =>
  Array.from({ length: (to - from) / 10 }, (_, n) => [from + n * 10, value] as const);

test.each([
  ['high for long enough is told once', [...hold(0, 600, 0.95)], ['fired at 120']],
  ['a peak is none', [...hold(0, 100, 0.95), ...hold(100, 200, 0.5), ...hold(200, 300, 0.95)], []],
  ['between the two limits nothing changes', [...hold(0, 200, 0.95), ...hold(200, 900, 0.85)], ['fired at 120']],
  [
    'it is over after a minute below the lower limit, and can be told again',
    [...hold(0, 200, 0.95), ...hold(200, 300, 0.5), ...hold(300, 500, 0.95)],
    ['fired at 120', 'cleared at 260', 'fired at 420'],
  ],
  [
    'one quiet look clears nothing',
    [...hold(0, 200, 0.95), [200, 0.1], ...hold(210, 600, 0.95)] as const,
    ['fired at 120'],
  ],
  ['what was not measured fires nothing', [...hold(0, 60, 0.95), ...hold(60, 600, null)], []],
  ['what was not measured clears nothing', [...hold(0, 200, 0.95), ...hold(200, 900, null)], ['fired at 120']],
  ['a sleep is no time above', [...hold(0, 60, 0.95), [4_000, 0.95], [4_010, 0.95]] as const, []],
  ['a sleep is no time below', [...hold(0, 200, 0.95), [200, 0.1], [4_000, 0.1]] as const, ['fired at 120']],
  [
    'a clock that was set back begins anew',
    [
      [5_000, 0.95],
      [5_080, 0.95],
      [0, 0.95],
      [60, 0.95],
      [120, 0.95],
    ] as const,
    ['fired at 120'],
  ],
])('%s', (_name, looks, expected) => {
  expect(walk(looks)).toEqual(expected);
});

test('a threshold without a duration is told at the first look', () => {
  expect(stepThreshold(QUIET, 0.95, 0, { ...SPEC, forMs: 0 }).event).toBe('fired');
});

const sample: SystemSample = {
  at: 0,
  cpu: 0.12,
  memoryUsedBytes: 12.9 * GB,
  memoryTotalBytes: 16 * GB,
  diskUsedBytes: 373 * GB,
  diskTotalBytes: 460 * GB,
  load1: 1,
};

test('the machine in one line, unknown said as unknown (S1-34)', () => {
  expect(resourceLine(sample)).toBe('CPU 12 %, 3.1 GB free, disk 81 %');
  expect(resourceLine({ ...sample, cpu: null, memoryUsedBytes: null, diskTotalBytes: null })).toBe(
    'CPU unknown, memory unknown, disk unknown',
  );
  expect(resourceLine(undefined)).toBe('CPU unknown, memory unknown, disk unknown');
});

test('what is told is a sentence', () => {
  expect(alertSentence('cpu', 0.97, 10 * MINUTE)).toBe('The CPU is 97 % in use, high for 10 minutes.');
  expect(alertSentence('disk', 0.93, 0)).toBe('The disk is 93 % in use. Free some space before sessions fail.');
  expect(alertSentence('temperature', 95.4, MINUTE)).toBe('The machine is at 95 °C, high for 1 minute.');
  expect(alertSentence('thermal', 2, MINUTE)).toBe('The machine is hot (serious), high for 1 minute.');
});
