import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createSystemReader } from './system-info.ts';

test.runIf(process.platform === 'linux')('the disk is as full as df says', async () => {
  const { diskUsedBytes, diskTotalBytes } = await createSystemReader('/').sample();
  const line = execFileSync('df', ['-kP', '/'], { encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
  const [used = 0, available = 0] = line.split(/\s+/).slice(2, 4).map(Number);
  expect((diskUsedBytes ?? 0) / (diskTotalBytes ?? 1)).toBeCloseTo(used / (used + available), 2);
  expect((diskTotalBytes ?? 0) - (diskUsedBytes ?? 0)).toBeGreaterThan(available * 1_024 * 0.95);
});
