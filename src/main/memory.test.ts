import { expect, test } from 'vitest';
import { memoryOf } from './memory.ts';

test('memory in use is what is neither free, nor a cache of files, nor purgeable', () => {
  const info = { total: 16_777_216, free: 204_800, fileBacked: 4_194_304, purgeable: 102_400 };
  expect(memoryOf(info)).toEqual({ usedBytes: 12_275_712 * 1_024, totalBytes: 16 * 1_024 ** 3 });
});

test('where the system does not tell them apart it is not known', () => {
  expect(memoryOf({ total: 16_777_216, free: 204_800 })).toBeNull();
});
