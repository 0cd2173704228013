import { expect, test } from 'vitest';
import { chartOf, SERIES_VIEWS } from './series.ts';

const DAY = 86_400_000;
const viewOf = (name: string) => SERIES_VIEWS[name] ?? [];

test('each line has a figure for each day, in the unit that is shown; a day without any is a gap', () => {
  const chart = chartOf(viewOf('Times'), [
    [
      { at: 0, value: 90_000, n: 2 },
      { at: DAY, value: null, n: 0 },
    ],
    [
      { at: 0, value: 1_500, n: 1 },
      { at: DAY, value: 500, n: 1 },
    ],
  ]);
  expect(chart.times).toEqual([0, DAY]);
  expect(chart.series.map(({ name, unit, values }) => [name, unit, values])).toEqual([
    ['Until you answered', 's', [90, null]],
    ['Ran for', 's', [1.5, 0.5]],
  ]);
});

test('a share is shown in percent', () => {
  const [line] = chartOf(viewOf('Success'), [[{ at: 0, value: 0.8, n: 5 }]]).series;
  expect(line?.values).toEqual([80]);
  expect(line?.format?.(80)).toBe('80');
});

test('without anything counted there is nothing to draw, zeros or not', () => {
  expect(chartOf(viewOf('Counts'), [[{ at: 0, value: 0, n: 0 }], [], [], []]).times).toEqual([]);
  expect(chartOf(viewOf('Times'), []).times).toEqual([]);
});
