import { describe, expect, it, vi } from 'vitest';
import { createCron } from '../adapters/cron.ts';
import { createWindows } from './windows.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 24, 12);
const cron = createCron();
const night = { cron: '30 1 * * *', durationMs: 2 * HOUR };
const weekly = { cron: '0 22 * * 0', durationMs: 3 * HOUR, timezone: 'America/New_York' };

function start() {
  const next = vi.fn(cron.next);
  let zone = 'Europe/Berlin';
  const inMaintenance = createWindows(next, (given) => given ?? zone);
  const moveTo = (other: string): void => {
    zone = other;
  };
  return { next, inMaintenance, moveTo };
}

/** The definition itself, computed anew. */
const byHand = ({ cron: expression, durationMs }: typeof night, zone: string, now: number): boolean => {
  const began = cron.next(expression, zone, now - durationMs);
  return began !== null && began <= now;
};

describe('maintenance windows', () => {
  it('are computed once for a thousand services, until they are due', () => {
    const { next, inMaintenance } = start();
    for (let n = 0; n < 1_000; n += 1) expect(inMaintenance([night], START + n * 1_000)).toBe(false);
    expect(next).toHaveBeenCalledTimes(1);
    // 01:30 in Berlin is 23:30 UTC, the day before.
    expect(inMaintenance([night], Date.UTC(2026, 9, 24, 23, 30))).toBe(true);
    expect(inMaintenance([night], Date.UTC(2026, 9, 25, 0, 30))).toBe(true);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('begin and end as if computed at every look: over a change of daylight saving and a clock set back', () => {
    const { inMaintenance } = start();
    const moments = Array.from({ length: 800 }, (_, n) => START + n * 7 * 60_000);
    for (const now of [...moments, ...moments.slice(0, 400)]) {
      expect(inMaintenance([night], now)).toBe(byHand(night, 'Europe/Berlin', now));
      expect(inMaintenance([weekly], now)).toBe(byHand(weekly, weekly.timezone, now));
    }
    expect(moments.some((now) => inMaintenance([weekly], now))).toBe(true);
  });

  it('move with the zone, and one that never comes never is', () => {
    const { next, inMaintenance, moveTo } = start();
    const at = Date.UTC(2026, 9, 24, 23, 30);
    expect(inMaintenance([night], at)).toBe(true);
    moveTo('Asia/Tokyo');
    expect(inMaintenance([night], at)).toBe(false);
    const before = next.mock.calls.length;
    const never = { cron: '0 0 30 2 *', durationMs: HOUR };
    for (let n = 0; n < 5; n += 1) expect(inMaintenance([never], at + n)).toBe(false);
    expect(next.mock.calls.length - before).toBe(1);
  });
});
