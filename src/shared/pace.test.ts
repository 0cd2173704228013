import { expect, test } from 'vitest';
import { PACE_STEP_MS, paceUntil, paceWith, paceWords } from './pace.ts';

const at = (step: number) => step * PACE_STEP_MS;
const known = (pace: Parameters<typeof paceUntil>[0], step: number) =>
  paceUntil(pace, at(step)).filter((one) => one !== null);

test('what is used in one step is added up, steps without anything are none', () => {
  let pace = paceWith(undefined, 100, at(1) + 5);
  pace = paceWith(pace, 50, at(2) - 1);
  pace = paceWith(pace, 7, at(4));
  expect(pace).toEqual({ at: at(4), tokens: [150, 0, 0, 7] });
  expect(paceWords(pace, at(4))).toBe('7 tokens in the last minute, 157 in ten');
  expect(paceWords(pace, at(6))).toBe('0 tokens in the last minute, 157 in ten');
});

test('before the first report nothing is known; ten minutes are kept, however long it was quiet', () => {
  const pace = paceWith(undefined, 100, at(1));
  expect(paceUntil(pace, at(1))).toEqual([...Array.from({ length: 19 }, () => null), 100]);
  expect(known(pace, 15)).toHaveLength(15);
  expect(known(pace, 1_000)).toEqual(Array.from({ length: 20 }, () => 0));
  expect(paceWith(pace, 5, at(1_000)).tokens).toEqual([...Array.from({ length: 19 }, () => 0), 5]);
});

test('a clock that is set back loses nothing', () => {
  expect(paceWith(paceWith(undefined, 100, at(9)), 5, at(2))).toEqual({ at: at(9), tokens: [105] });
});
