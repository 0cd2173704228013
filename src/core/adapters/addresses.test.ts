import { expect, test } from 'vitest';
import { depthOf } from './addresses.ts';

test.each([
  ['93.184.216.34', 0],
  ['2606:2800:220:1::1', 0],
  ['192.168.1.7', 1],
  ['10.1.2.3', 1],
  ['172.31.0.1', 1],
  ['172.32.0.1', 0],
  ['fd00::1', 1],
  ['127.0.0.1', 2],
  ['0.0.0.0', 2],
  ['169.254.169.254', 2],
  ['::1', 2],
  ['::ffff:127.0.0.1', 2],
  ['::ffff:10.0.0.1', 1],
  ['fe80::1%en0', 2],
  ['no address', 2],
])('%s lies %i deep', (address, depth) => {
  expect(depthOf(address)).toBe(depth);
});
