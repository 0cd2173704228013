import { expect, test } from 'vitest';
import { bandAt, type ChartSeries, csvOf, cursorAfter, figureOf, fileNameOf, sentenceOf } from './series.ts';

const score: ChartSeries = { name: 'Score', unit: 'of 5', values: [4, null, 2.346], look: 'line', tone: 'trust' };
const AT = Date.UTC(2026, 10, 20, 9);

test('a figure has its unit, and what was not measured says so', () => {
  expect(score.values.map((value) => figureOf(score, value))).toEqual(['4 of 5', 'not measured', '2.35 of 5']);
  expect(figureOf({ ...score, unit: '', format: (value) => `${value} %` }, 7)).toBe('7 %');
});

test('a chart is said in a sentence', () => {
  expect(sentenceOf('Trust', [1, 2, 3], [score, { ...score, name: 'Other', values: [null, null, null] }])).toBe(
    'Trust, 3 moments. Score: 2.35 of 5 to 4 of 5, newest 2.35 of 5; Other: not measured.',
  );
  expect(sentenceOf('Trust', [1], [{ ...score, values: [3] }])).toBe('Trust, 1 moment. Score: 3 of 5, newest 3 of 5.');
});

test('a spreadsheet gets gaps as gaps, quotes as quotes, and no formula', () => {
  const bands = [{ from: AT, to: AT + 2, label: '=cautious, "slow"', strength: 1 }];
  expect(csvOf([AT, AT + 1, AT + 2], [score], bands)).toBe(
    [
      'time,Score (of 5),during',
      `2026-11-20T09:00:00.000Z,4,"'=cautious, ""slow"""`,
      `2026-11-20T09:00:00.001Z,,"'=cautious, ""slow"""`,
      '2026-11-20T09:00:00.002Z,2.346,',
      '',
    ].join('\r\n'),
  );
});

test('a band reaches up to its end, one without an end for ever', () => {
  const bands = [
    { from: 0, to: 10, label: 'a', strength: 0 },
    { from: 10, to: null, label: 'b', strength: 1 },
  ];
  expect([-1, 0, 9, 10, 1e15].map((at) => bandAt(bands, at)?.label)).toEqual([undefined, 'a', 'a', 'b', 'b']);
});

test('the keys stay within the chart', () => {
  expect(['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp'].map((key) => cursorAfter(key, null, 20))).toEqual([
    19, 0, 0, 19, 18,
  ]);
  expect([cursorAfter('ArrowRight', 19, 20), cursorAfter('ArrowLeft', 0, 20), cursorAfter('a', 3, 20)]).toEqual([
    19,
    0,
    null,
  ]);
  expect(cursorAfter('End', null, 0)).toBeNull();
});

test('the file is named for what it holds', () => {
  expect([fileNameOf('Mean score, over time'), fileNameOf('…')]).toEqual(['mean-score-over-time.csv', 'chart.csv']);
});
