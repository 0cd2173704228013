import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../../../test/fakes/clock.ts';
import { createTimetable } from './timetable.ts';

const INTERVAL = 60_000;

function rig(options: { tookMs?: number; concurrency?: number } = {}) {
  const { tookMs = 0, concurrency = 1_000 } = options;
  const clock = createFakeClock();
  const starts: { id: string; at: number }[] = [];
  let running = 0;
  let most = 0;
  const busy = new Set<string>();
  const timetable = createTimetable({
    clock,
    concurrency: () => concurrency,
    run(id) {
      expect(busy.has(id)).toBe(false);
      busy.add(id);
      running += 1;
      most = Math.max(most, running);
      starts.push({ id, at: clock.monotonic() });
      return new Promise((resolve) =>
        clock.after(tookMs, () => {
          running -= 1;
          busy.delete(id);
          resolve();
        }),
      );
    },
  });
  /** Lets time pass in steps, so that promises settle between them. */
  const pass = async (ms: number, step = 100): Promise<void> => {
    for (let passed = 0; passed < ms; passed += step) {
      clock.advance(step);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock, timetable, starts, pass, most: () => most };
}

test('a thousand services are all checked within the first interval, one every 60 ms', async () => {
  const { timetable, starts, pass } = rig();
  for (let n = 0; n < 1_000; n++) timetable.set(`s${n}`, INTERVAL, (n / 1_000) * INTERVAL);
  timetable.start();
  await pass(INTERVAL, 20);
  expect(new Set(starts.map(({ id }) => id)).size).toBe(1_000);
  const gaps = starts.slice(1, 1_000).map(({ at }, n) => at - (starts[n]?.at ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(60.01);
  timetable.stop();
});

test('each keeps its cadence, whatever a check takes', async () => {
  const { timetable, starts, pass } = rig({ tookMs: 700 });
  timetable.set('a', 1_000, 0);
  timetable.start();
  await pass(5_000);
  expect(starts.map(({ at }) => at)).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000].slice(0, starts.length));
  expect(starts.length).toBeGreaterThanOrEqual(5);
  timetable.stop();
});

test('one that takes longer than its interval never overlaps itself and is not made up for', async () => {
  const { timetable, starts, pass } = rig({ tookMs: 2_500 });
  timetable.set('a', 1_000, 0);
  timetable.start();
  await pass(9_000);
  expect(starts.map(({ at }) => at)).toEqual([0, 3_000, 6_000, 9_000].slice(0, starts.length));
  timetable.stop();
});

test('no more run at once than may', async () => {
  const { timetable, starts, pass, most } = rig({ tookMs: 300, concurrency: 4 });
  for (let n = 0; n < 40; n++) timetable.set(`s${n}`, INTERVAL, 0);
  timetable.start();
  await pass(10_000);
  expect(most()).toBe(4);
  expect(new Set(starts.map(({ id }) => id)).size).toBe(40);
  timetable.stop();
});

describe('out of turn', () => {
  test('soon brings one forward; while it runs, another follows', async () => {
    const { timetable, starts, pass } = rig({ tookMs: 500 });
    timetable.set('a', INTERVAL, 30_000);
    timetable.start();
    timetable.soon('a');
    await pass(100);
    timetable.soon('a');
    await pass(1_000);
    expect(starts).toHaveLength(2);
    timetable.stop();
  });

  test('removed and stopped ones do not start', async () => {
    const { timetable, starts, pass } = rig();
    timetable.set('a', 1_000, 500);
    timetable.set('b', 1_000, 500);
    timetable.start();
    timetable.remove('a');
    await pass(600);
    timetable.stop();
    await pass(5_000);
    expect(starts.map(({ id }) => id)).toEqual(['b']);
  });
});

test('after eight hours of sleep there is one pass, spread: at most ten starts a second (T-036)', async () => {
  const clock = createFakeClock();
  const starts: number[] = [];
  const timetable = createTimetable({
    clock,
    concurrency: () => 1_000,
    run: () => {
      starts.push(clock.monotonic());
      return Promise.resolve();
    },
  });
  let asleep = 0;
  const real = clock.monotonic;
  clock.monotonic = () => real() + asleep;
  for (let n = 0; n < 100; n++) timetable.set(`s${n}`, 10_000, (n / 100) * 10_000);
  timetable.start();
  for (let n = 0; n < 120; n++) {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  starts.length = 0;
  asleep = 8 * 3_600_000;
  timetable.wake();
  const woke = clock.monotonic();
  for (let n = 0; n < 99; n++) {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const pass = starts.filter((at) => at - woke < 9_900);
  expect(pass.length).toBeGreaterThanOrEqual(90);
  expect(pass.length).toBeLessThanOrEqual(100);
  for (const at of pass)
    expect(pass.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(11);
  timetable.stop();
});
