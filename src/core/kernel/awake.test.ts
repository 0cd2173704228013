import { expect, test } from 'vitest';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { createAwakeClock } from './awake.ts';

const HOUR = 3_600_000;

test('while the machine is awake it is an ordinary clock', () => {
  const clock = createFakeClock();
  const awake = createAwakeClock(clock);
  const ran: number[] = [];
  awake.after(100_000, () => ran.push(clock.monotonic()));
  awake.after(5, () => ran.push(clock.monotonic()));
  const beat = awake.every(40_000, () => ran.push(-clock.monotonic()));
  clock.advance(100_000);
  expect(ran).toEqual([5, -40_000, -80_000, 100_000]);
  expect(awake.monotonic()).toBe(100_000);
  beat.cancel();
  expect(clock.pending()).toBe(0);
});

test('eight hours of sleep use up nothing of a limit', () => {
  const clock = createFakeClock();
  const awake = createAwakeClock(clock);
  let ranAt: number | null = null;
  awake.after(10 * 60_000, () => {
    ranAt = clock.monotonic();
  });
  clock.advance(4 * 60_000);
  clock.sleep(8 * HOUR);
  clock.advance(5 * 60_000);
  expect(ranAt).toBeNull();
  clock.advance(60_000 + 15_000);
  expect(ranAt).not.toBeNull();
  // The step that the sleep fell into counts once, as long as it was meant to be.
  expect(Number(ranAt) - 8 * HOUR).toBeGreaterThanOrEqual(10 * 60_000 - 15_000);
  expect(Number(ranAt) - 8 * HOUR).toBeLessThanOrEqual(10 * 60_000 + 15_000);
});

test('several timers notice the same sleep once', () => {
  const clock = createFakeClock();
  const awake = createAwakeClock(clock);
  for (let n = 0; n < 5; n++) awake.after(HOUR, () => undefined);
  clock.advance(60_000);
  clock.sleep(HOUR);
  clock.advance(60_000);
  expect(awake.monotonic()).toBeGreaterThan(2 * 60_000 - 16_000);
  expect(awake.monotonic()).toBeLessThan(2 * 60_000 + 16_000);
});

test('a cancelled timer does not run, also after its first step', () => {
  const clock = createFakeClock();
  const awake = createAwakeClock(clock);
  const timer = awake.after(60_000, () => expect.unreachable());
  clock.advance(40_000);
  timer.cancel();
  clock.advance(60_000);
  expect(clock.pending()).toBe(0);
});
