import { afterEach, expect, test, vi } from 'vitest';
import { createCron } from './cron.ts';

afterEach(() => vi.useRealTimers());

test.each([
  ['goes on', 0],
  ['is set back by two days', -2 * 86_400_000],
  ['is set ahead by two days', 2 * 86_400_000],
])('the heart beats every five seconds while the clock %s, until it is stopped', async (_how, jump) => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 20) });
  let beats = 0;
  const heart = createCron().heartbeat(() => {
    beats += 1;
  });
  await vi.advanceTimersByTimeAsync(21_000);
  expect(beats).toBeGreaterThanOrEqual(3);
  vi.setSystemTime(Date.now() + jump);
  const before = beats;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(beats - before).toBeGreaterThanOrEqual(8);
  heart.cancel();
  const after = beats;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(beats).toBe(after);
});
