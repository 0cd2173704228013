import { expect, test } from 'vitest';
import type { TrustScore } from '../../../shared/contract/trust-record.ts';
import { bandsOf, linesOf, windowMeans } from './history.ts';

const score = (level: TrustScore['level'], value: number, at = 0): TrustScore => ({
  at,
  sessionId: 'ses_1',
  project: null,
  level,
  score: value,
});

test('a mean of the last scores begins anew at each level', () => {
  const scores = [score('cautious', 5), score('cautious', 1), score('moderate', 2), score('cautious', 3)];
  expect(windowMeans(scores, 2)).toEqual([5, 3, 2, 2]);
  expect(windowMeans([], 2)).toEqual([]);
});

test('what the next level needs is a line only where there is a next level', () => {
  expect(linesOf([score('full', 4)], 10, null).map(({ name }) => name)).toEqual(['Score', 'Mean of the last 10']);
  expect(linesOf([score('cautious', 4)], 10, 3.5).at(-1)).toMatchObject({ values: [3.5], look: 'dashed' });
});

test('stays become bands, oldest first, stronger the higher', () => {
  const stay = { by: 'you', reason: '', cause: 'person', source: null, days: 0 } as const;
  expect(
    bandsOf([
      { level: 'full', enteredAt: 5, leftAt: null, ...stay },
      { level: 'observe', enteredAt: 1, leftAt: 5, ...stay },
    ]),
  ).toEqual([
    { from: 1, to: 5, label: 'Observe', strength: 0 },
    { from: 5, to: null, label: 'Full', strength: 1 },
  ]);
});
