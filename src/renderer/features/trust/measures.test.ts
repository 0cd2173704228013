import { expect, test } from 'vitest';
import { trustAt } from '../../../../test/fakes/pretend-scenes.ts';
import { lackOf, measuresOf } from './measures.ts';

const figures = (...args: Parameters<typeof trustAt>) =>
  measuresOf(trustAt(...args)).map(({ figure, part }) => [figure, part]);

test('each measure beside what the next level needs', () => {
  expect(figures()).toEqual([
    ['27 / 30', 0.9],
    ['3.7 ≥ 3.5', 1],
    ['6.2 / 7', 6.2 / 7],
  ]);
});

test('a mean just under the threshold does not look like it', () => {
  expect(figures({ avgScore: 3.4999 })[1]).toEqual(['3.4 < 3.5', 3.4999 / 3.5]);
});

test('where nothing was scored there is none yet, not zero', () => {
  const [, score] = measuresOf(trustAt({ avgScore: null, evaluations: 0 }));
  expect(score).toMatchObject({
    figure: 'none yet',
    part: null,
    words: 'No session was scored yet; 3.5 of 5 is needed',
  });
});

test('where nothing is needed there is no bar; where 0 is needed it is full', () => {
  expect(figures({ thresholds: null }).map(([, part]) => part)).toEqual([null, null, null]);
  const none = { minSessions: 0, minAvgScore: 0, minDaysAtLevel: 0, minEvaluations: 0, minCoverage: 0 };
  expect(figures({ thresholds: none, sessions: 0, days: 0 }).map(([, part]) => part)).toEqual([1, 1, 1]);
});

test('what a mean lacks is said until it has it', () => {
  expect(lackOf(trustAt({ evaluations: 4 }))).toBe('4 of 10 scored sessions so far.');
  expect(lackOf(trustAt({ evaluations: 10 }))).toBeNull();
  expect(lackOf(trustAt({ evaluations: 4, thresholds: null }))).toBeNull();
});
