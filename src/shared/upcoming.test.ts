import { expect, test } from 'vitest';
import type { UpcomingRun } from './contract/schedule.ts';
import { everyWords, foldRuns } from './upcoming.ts';

const MINUTE = 60_000;
const run = (minute: number, project: string | null = null, prompt: string | null = null): UpcomingRun => ({
  at: minute * MINUTE,
  kind: project === null ? 'promotion_check' : 'session',
  projectId: project,
  project,
  prompt,
});
const folded = (runs: readonly UpcomingRun[]) =>
  foldRuns(runs).map(({ run: { at, project }, repeats }) =>
    [
      `${at / MINUTE}${repeats ? `–${repeats.until / MINUTE}` : ''}`,
      project ?? 'check',
      ...(repeats ? [everyWords(repeats.everyMs)] : []),
    ].join(' '),
  );

test('four equal runs at the same distance are one row, three stay three', () => {
  expect(folded([1, 2, 3, 4].map((at) => run(at)))).toEqual(['1–4 check every minute']);
  expect(folded([1, 2, 3].map((at) => run(at)))).toEqual(['1 check', '2 check', '3 check']);
  expect(foldRuns([])).toEqual([]);
});

test('what lies between is neither hidden nor breaks the stretch, and keeps its place by its moment', () => {
  const runs = [run(0), run(5), run(7, 'shop'), run(10), run(15), run(20), run(30, 'shop')];
  expect(folded(runs)).toEqual(['0–20 check every 5 minutes', '7 shop', '30 shop']);
});

test('another distance, another project or another prompt is another row', () => {
  expect(folded([0, 60, 120, 180, 200, 220, 240, 260].map((at) => run(at, 'shop')))).toEqual([
    '0–180 shop every hour',
    '200–260 shop every 20 minutes',
  ]);
  expect(folded([0, 7, 60, 120, 180].map((at) => run(at, 'shop')))).toEqual([
    '0 shop',
    '7 shop',
    '60 shop',
    '120 shop',
    '180 shop',
  ]);
  const prompts = [0, 1, 2, 3, 4, 5].map((at) => run(at, 'shop', at % 2 === 0 ? 'Test' : 'Tidy'));
  expect(foldRuns(prompts)).toHaveLength(6);
});

test.each([
  [MINUTE, 'every minute'],
  [30_000, 'every 30 seconds'],
  [90 * MINUTE, 'every 90 minutes'],
  [2 * 60 * MINUTE, 'every 2 hours'],
  [24 * 60 * MINUTE, 'every day'],
])('%d ms is %s', (ms, words) => expect(everyWords(ms)).toBe(words));
