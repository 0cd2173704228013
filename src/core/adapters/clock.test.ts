import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClock } from './clock.ts';

afterEach(() => void vi.useRealTimers());

describe('clock', () => {
  it('runs a wait longer than setTimeout can take when it is due, not at once', () => {
    vi.useFakeTimers();
    const clock = createClock();
    const run = vi.fn();
    const days40 = 40 * 86_400_000;
    clock.after(days40, run);
    vi.advanceTimersByTime(days40 - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('cancels a wait in its second stretch', () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const timer = createClock().after(40 * 86_400_000, run);
    vi.advanceTimersByTime(30 * 86_400_000);
    timer.cancel();
    vi.advanceTimersByTime(30 * 86_400_000);
    expect(run).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('repeats until cancelled', () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const timer = createClock().every(1_000, run);
    vi.advanceTimersByTime(3_500);
    timer.cancel();
    vi.advanceTimersByTime(3_500);
    expect(run).toHaveBeenCalledTimes(3);
  });

  it('tells the wall clock in epoch milliseconds and a monotonic time that only differs', () => {
    const clock = createClock();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
    const first = clock.monotonic();
    expect(clock.monotonic()).toBeGreaterThanOrEqual(first);
  });
});
