import { beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock } from '../../../test/fakes/clock.ts';
import type { Envelope } from '../../shared/contract/index.ts';
import { SourceSettings } from '../../shared/contract/revenue-sources.ts';
import { createCron } from '../adapters/cron.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { createRevenue, type Revenue } from './service.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Sunday, 07:00 in New York. */
const SUNDAY = Date.parse('2026-11-22T12:00:00Z');
let store: TestDatabase;
let clock: FakeClock;
let revenue: Revenue;
let told: Extract<Envelope, { type: 'revenue.told' }>[];
let cron: string | null;

/** As after a restart: everything but the database is new. */
function open(): void {
  const journal = createJournal(store.db, clock, (error) => {
    throw error;
  });
  journal.subscribe((fact) => {
    if (fact.type === 'revenue.told') told.push(fact);
  });
  revenue = createRevenue({
    db: store.db,
    journal,
    clock,
    ids: createIds(),
    fetcher: { fetch: () => Promise.reject(new Error('nothing is asked for here')) },
    log: silentLog,
    timezone: () => 'America/New_York',
    nextRun: createCron().next,
    weekly: () => cron,
    secrets: () => '',
    projects: () => [],
    uptime: () => null,
  });
}
const at = (moment: number): void => {
  clock.advance(moment - clock.now());
  revenue.tick();
};

beforeEach(() => {
  store = testDatabase();
  clock = createFakeClock();
  clock.advance(SUNDAY - 3 * DAY - clock.now());
  told = [];
  cron = '0 7 * * 0';
  open();
  revenue.tick();
  const { source } = revenue.add({ name: 'Shop', settings: SourceSettings.parse({ kind: 'manual' }) });
  revenue.enter({ id: source.id, amount: '12.40', at: SUNDAY - 2 * DAY });
});

test('on Sunday morning, once, for the seven days that end then (T-022)', () => {
  at(SUNDAY - 1_000);
  expect(told).toEqual([]);
  at(SUNDAY + 20_000);
  expect(told.map(({ body }) => body)).toMatchObject([
    { to: SUNDAY, from: SUNDAY - 168 * HOUR, title: 'Revenue of the week: $12.40' },
  ]);
  expect(told[0]?.body.body).toBe('The week before: unknown. Shop: $12.40');
  open();
  at(SUNDAY + HOUR);
  at(SUNDAY + 6 * DAY);
  expect(told).toHaveLength(1);
  at(SUNDAY + 7 * DAY);
  expect(told).toHaveLength(2);
});

test('slept or switched off over it, it is told afterwards, for its own week; of several only the newest', () => {
  open();
  at(SUNDAY + 5 * HOUR);
  expect(told.map(({ body }) => body.to)).toEqual([SUNDAY]);
  at(SUNDAY + 24 * DAY);
  expect(told.map(({ body }) => body.to)).toEqual([SUNDAY, SUNDAY + 21 * DAY]);
});

test('never, where it is switched off, and nothing about no sources', () => {
  cron = null;
  at(SUNDAY + DAY);
  expect(told).toEqual([]);
  store = testDatabase();
  cron = '0 7 * * 0';
  open();
  revenue.tick();
  at(SUNDAY + 30 * DAY);
  expect(told).toEqual([]);
});

test('a clock that stood in the future tells nothing of it, and goes on from where it is', () => {
  at(SUNDAY + 300 * DAY);
  const before = told.length;
  clock.jump(SUNDAY + DAY - clock.now());
  revenue.tick();
  clock.jump(SUNDAY + 7 * DAY - clock.now());
  revenue.tick();
  expect(told.slice(before).map(({ body }) => body.to)).toEqual([SUNDAY + 7 * DAY]);
});
