import { expect, test } from 'vitest';
import { answerOf, EMPTY, pick } from './picked.ts';

test('one choice replaces the other and can be let go; several stay together; own words come last', () => {
  const one = pick(pick(EMPTY, 'Red', false), 'Blue', false);
  expect(answerOf(one)).toBe('Blue');
  expect(answerOf(pick(one, 'Blue', false))).toBe('');
  const two = pick(pick(EMPTY, 'A', true), 'B', true);
  expect(answerOf({ ...two, own: ' and the rest ' })).toBe('A, B, and the rest');
  expect(answerOf(pick(two, 'A', true))).toBe('B');
});
