import { expect, test } from 'vitest';
import { pathOf } from './Sparkline.tsx';

test('a gap is a gap: the pen is lifted', () => {
  expect(pathOf([0, 0.4, null, 0.2, 0])).toBe('M0 15h0L15 1M45 8h0L60 15');
});

test('a quiet machine stays low, a busy one fills the height, nothing leaves the picture', () => {
  expect(pathOf([0.1, 0.1])).toBe('M0 11.5h0L60 11.5');
  expect(pathOf([1, 0.5, 7, -3])).toBe('M0 1h0L20 8L40 1L60 15');
});

test('one value is a point, none is nothing', () => {
  expect(pathOf([0.4])).toBe('M0 1h0');
  expect(pathOf([null, null])).toBe('');
});
