import { beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock } from '../../../test/fakes/clock.ts';
import type { LimitReport } from '../drivers/driver.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { createLimits, type LimitWatch } from './limits.ts';

const HOUR = 3_600_000;
let clock: FakeClock;
let limits: LimitWatch;
let told: number;
let zone: string;

beforeEach(() => {
  const { db } = testDatabase();
  clock = createFakeClock();
  const journal = createJournal(db, clock, (error) => {
    throw error;
  });
  told = 0;
  zone = 'UTC';
  journal.subscribe(({ type }) => {
    if (type === 'limits.changed') told += 1;
  });
  limits = createLimits({ db, journal, clock, log: silentLog, timezone: () => zone });
});

const report = (part: Partial<LimitReport>): LimitReport => ({
  status: 'allowed',
  name: 'five_hour',
  utilization: null,
  resetsAt: null,
  windows: [],
  ...part,
});
const say = (part: Partial<LimitReport>, model: string | null = 'claude-opus-5') =>
  limits.reported('claude', report(part), model);

describe('a limit that was reached', () => {
  it('stays reached when its time is over, until something went through', () => {
    say({ status: 'rejected', utilization: 1, resetsAt: clock.now() + HOUR });
    expect(limits.current().reached).toMatchObject({
      name: 'five_hour',
      sentence: '5-hour window used up; resets at 10:00.',
    });
    clock.advance(2 * HOUR);
    expect(limits.current().reached?.sentence).toBe(
      '5-hour window used up; it was to reset at 10:00, which no run has proved yet.',
    );
    limits.proved('claude', 'claude-opus-5');
    expect(limits.current()).toMatchObject({ reached: null, windows: [{ status: 'allowed', utilization: 1 }] });
  });

  it('is told by the clock of the configured zone, which is named where it is another one than here', () => {
    zone = 'America/New_York';
    say({ status: 'rejected', resetsAt: clock.now() + HOUR });
    expect(limits.current().reached?.sentence).toBe('5-hour window used up; resets at 05:00 (America/New_York).');
    say({ status: 'rejected', resetsAt: clock.now() + 24 * HOUR });
    expect(limits.current().reached?.sentence).toMatch(/resets at \w{3} 04:00 \(America\/New_York\)\.$/);
  });

  it('has a time that was not told, or that is over already, and says so', () => {
    limits.reached('claude', null);
    expect(limits.current().reached?.sentence).toBe('Usage limit used up; when it resets was not told.');
    say({ status: 'rejected', name: 'seven_day', resetsAt: clock.now() - HOUR });
    // The one of which nobody knows when it ends keeps things longest.
    expect(limits.current().reached?.name).toBe('unnamed');
    limits.proved('claude', null);
    expect(limits.current().reached).toBeNull();
  });

  it('is one, however many runs end at it', () => {
    say({ status: 'rejected', resetsAt: clock.now() + HOUR });
    for (const at of [null, clock.now() + HOUR, null]) limits.reached('claude', at);
    expect(limits.current().windows).toHaveLength(1);
    expect(told).toBe(1);
    // Another time is another limit, of which no name was told.
    limits.reached('claude', clock.now() + 9 * HOUR);
    expect(limits.current().reached).toMatchObject({ name: 'unnamed', resetsAt: clock.now() + 9 * HOUR });
  });

  it('of one family of models is proved to be over by that family alone', () => {
    say({ status: 'rejected', name: 'seven_day_opus', resetsAt: clock.now() + HOUR });
    limits.proved('claude', 'claude-sonnet-5');
    limits.proved('claude', null);
    say({ name: 'five_hour' }, 'claude-sonnet-5');
    expect(limits.current().reached?.name).toBe('seven_day_opus');
    limits.proved('claude', 'claude-opus-5');
    expect(limits.current().reached).toBeNull();
  });

  it('keeps what is known of a window when a report leaves it out', () => {
    say({ utilization: 0.4, resetsAt: clock.now() + HOUR });
    say({});
    expect(limits.current().windows[0]).toMatchObject({ utilization: 0.4, resetsAt: clock.now() + HOUR });
    const before = told;
    say({ utilization: 0.4001 });
    expect(told).toBe(before);
  });
});
