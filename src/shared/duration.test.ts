import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationOf, durationText } from './duration.ts';

test.each([
  ['90', 90],
  ['90 s', 90_000],
  ['1.5h', 5_400_000],
  ['1 h 30 min', 5_400_000],
  ['2 Days', 172_800_000],
  ['', null],
  ['soon', null],
  ['5 parsecs', null],
  ['-5 s', null],
])('%s is %s ms', (text, ms) => expect(durationOf(text)).toBe(ms));

test('what is written can be read again', () => {
  expect(durationText(5_400_000)).toBe('90 min');
  expect(durationText(0)).toBe('0 ms');
  fc.assert(fc.property(fc.integer({ min: 0, max: 31_536_000_000 }), (ms) => durationOf(durationText(ms)) === ms));
});
