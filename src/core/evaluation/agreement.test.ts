import { describe, expect, it } from 'vitest';
import { agreementOf, driftOf, LEAST, type Rated, reportOf, shareOf, WINDOW } from './agreement.ts';

const rated = (rating: number, judge: number | null, score: number | null = judge): Rated => ({ rating, judge, score });
const many = (n: number, one: Rated): Rated[] => Array.from({ length: n }, () => one);

it('a share carries its interval, and none has none', () => {
  expect(shareOf(0, 0)).toBeNull();
  const half = shareOf(5, 10);
  expect(half?.share).toBe(0.5);
  expect(half?.low).toBeCloseTo(0.237, 3);
  expect(half?.high).toBeCloseTo(0.763, 3);
  expect(shareOf(3, 3)).toMatchObject({ share: 1, high: 1 });
});

it('agreement counts only sessions that have both', () => {
  expect(agreementOf([rated(3, null), rated(4, 4), rated(2, 4)], 'judge')).toMatchObject({
    n: 2,
    exact: { share: 0.5 },
    withinOne: { share: 0.5 },
    bias: 1,
  });
  expect(agreementOf([], 'judge')).toEqual({ n: 0, exact: null, withinOne: null, bias: null });
});

describe('the alarm', () => {
  it.each<[string, Rated[], RegExp | null]>([
    ['too few say nothing', many(LEAST - 1, rated(1, 5)), null],
    ['a judge that agrees', many(LEAST, rated(4, 4)), null],
    ['one that is off now and then', [...many(9, rated(4, 4)), rated(1, 4)], null],
    ['one that never agrees', many(LEAST, rated(1, 5)), /within one point of your rating in only 0 %/],
    ['one that is always kinder', many(LEAST, rated(3, 4)), /1\.0 points kinder/],
    ['one that is always harder', many(LEAST, rated(4, 3)), /1\.0 points harder/],
    ['long ago does not count', [...many(WINDOW, rated(4, 4)), ...many(50, rated(1, 5))], null],
    ['lately counts', [...many(WINDOW, rated(1, 5)), ...many(200, rated(4, 4))], /only 0 %/],
    [
      'ratings of what no judge saw do not dilute it',
      [...many(50, rated(3, null, 3)), ...many(LEAST, rated(1, 5))],
      /only/,
    ],
  ])('%s', (_name, all, alarm) => {
    const { alarm: said } = reportOf(all);
    if (alarm === null) expect(said).toBeNull();
    else expect(said).toMatch(alarm);
  });

  it('needs both figures', () => expect(driftOf({ n: 50, exact: null, withinOne: null, bias: null })).toBeNull());
});
