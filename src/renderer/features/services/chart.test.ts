import { expect, test } from 'vitest';
import { chartOf } from './chart.ts';

const point = (at: number, p50: number | null, down = 0) => ({
  at,
  up: p50 === null ? 0 : 10,
  down,
  unknown: 0,
  min: p50,
  p50,
  p95: p50 === null ? null : p50 * 2,
  max: p50,
});

test('a gap where nothing was measured, and a band where checks failed', () => {
  const { times, series, bands } = chartOf([point(100, 12.34), point(300, 2_000, 10)], 0, 100, 4);
  expect(times).toEqual([0, 100, 200, 300]);
  expect(series.map(({ values }) => values)).toEqual([
    [null, 12.34, null, 2_000],
    [null, 24.68, null, 4_000],
  ]);
  expect(series[0]?.format?.(12.34)).toBe('12');
  expect(bands).toEqual([{ from: 250, to: 350, label: '10 checks failed', strength: 0.5, tone: 'bad' }]);
});

test('nothing is drawn of a span without any response time', () => {
  expect(chartOf([point(0, null, 3)], 0, 100, 4).times).toEqual([]);
});
