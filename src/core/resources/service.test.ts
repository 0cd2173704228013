import { beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock, START } from '../../../test/fakes/clock.ts';
import { ResourceThresholds } from '../../shared/contract/resources.ts';
import type { SystemSample } from '../../shared/contract/system.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { createResources, type Resources } from './service.ts';

const GB = 1024 ** 3;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MACHINE = {
  temperature: () => Promise.resolve(null),
  flows: () => Promise.resolve(null),
  pressure: () => Promise.resolve(null),
};

let store: TestDatabase;
let clock: FakeClock;
let resources: Resources;
let told: string[];
let notices: readonly string[];
let newest: SystemSample | undefined;

function open(): void {
  const journal = createJournal(store.db, clock, (error) => {
    throw error;
  });
  journal.subscribe(({ type }) => told.push(type));
  resources = createResources({
    db: store.db,
    journal,
    clock,
    ids: createIds(),
    log: silentLog,
    machine: MACHINE,
    thresholds: () => ResourceThresholds.parse({ cpu: { above: 0.9, clearBelow: 0.8, forMs: 2 * MINUTE } }),
    level: () => 'cautious',
    notice: (sentences) => {
      notices = sentences;
    },
    newest: () => newest,
  });
  resources.start();
}

beforeEach(() => {
  store = testDatabase();
  clock = createFakeClock();
  told = [];
  open();
});

function look(cpu: number | null, more: Partial<SystemSample> = {}): void {
  newest = {
    at: clock.now(),
    cpu,
    memoryUsedBytes: 8 * GB,
    memoryTotalBytes: 16 * GB,
    diskUsedBytes: 100 * GB,
    diskTotalBytes: 400 * GB,
    load1: null,
    ...more,
  };
  resources.take(newest);
}
/** A look each `stepMs` for that long. */
function hold(cpu: number | null, ms: number, stepMs = 10 * SECOND): void {
  for (let at = 0; at < ms; at += stepMs) {
    look(cpu);
    clock.advance(stepMs);
  }
}
const rows = (table: string): number =>
  (store.db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;

test('a threshold is told once, survives a restart without being told again, and is over once', () => {
  hold(0.95, 10 * MINUTE);
  expect(told).toEqual(['resource.alerted']);
  expect(notices).toEqual(['The CPU is 95 % in use, high for 2 minutes.']);
  store.reopen();
  open();
  expect(notices).toEqual(['The CPU is 95 % in use, high for 2 minutes.']);
  hold(0.97, 5 * MINUTE);
  expect(told).toEqual(['resource.alerted']);
  hold(0.2, 2 * MINUTE);
  expect(told).toEqual(['resource.alerted', 'resource.cleared']);
  expect(notices).toEqual([]);
  expect(resources.alerts({ limit: 5 })).toMatchObject([{ metric: 'cpu', peak: 0.97, verdict: null }]);
  expect(resources.probes()).toMatchObject([
    { metric: 'cpu', state: 'ok', value: 0.2 },
    {},
    {},
    { state: 'unknown', value: null },
    {},
  ]);
});

test('a verdict counts in the trust record at the level of the alert', () => {
  hold(0.95, 3 * MINUTE);
  const [alert] = resources.alerts({ limit: 1 });
  expect(resources.judge({ id: alert?.id ?? '', verdict: 'false' }).verdict).toBe('false');
  const summary = store.db.prepare("SELECT false_alerts FROM trust_summary WHERE autonomy_level = 'cautious'").get();
  expect(summary).toEqual({ false_alerts: 1 });
  expect(() => resources.judge({ id: 'alr_none', verdict: 'useful' })).toThrow('There is no alert alr_none');
});

test('looks become minutes and minutes hours; a time without looks is a gap', () => {
  hold(0.2, 30 * MINUTE);
  clock.advance(20 * MINUTE);
  hold(0.6, 10 * MINUTE);
  resources.stop();
  const { points, stepMs } = resources.history({ range: '1h' });
  expect(stepMs).toBe(MINUTE);
  expect(points).toHaveLength(60);
  const cpus = points.map(({ cpu }) => cpu);
  expect(cpus.filter((cpu) => cpu === null)).toHaveLength(21);
  expect(points[0]).toMatchObject({ memory: 0.5, disk: 0.25, temperature: null });
  expect(cpus.slice(-12).map((cpu) => cpu?.toFixed(1))).toEqual([undefined, ...Array(10).fill('0.6'), undefined]);
});

test('a minute that a restart cuts in two is one, weighed by its looks', () => {
  hold(0.3, 40 * SECOND, 10 * SECOND);
  resources.stop();
  store.reopen();
  open();
  hold(0.9, 20 * SECOND, 10 * SECOND);
  resources.stop();
  const point = resources.history({ range: '1h' }).points.find(({ at }) => at === START);
  expect(point?.cpu).toBeCloseTo(0.5, 10);
  expect(point?.cpuMax).toBe(0.9);
});

test('a cut minute is kept whatever its bytes come to', () => {
  look(0.3, { memoryUsedBytes: 3, diskUsedBytes: 5, memoryTotalBytes: 10, diskTotalBytes: 10 });
  resources.stop();
  store.reopen();
  open();
  clock.advance(10 * SECOND);
  for (const bytes of [4, 4]) look(0.3, { memoryUsedBytes: bytes, diskUsedBytes: 6, memoryTotalBytes: 10 });
  resources.stop();
  const kept = store.db.prepare('SELECT looks, memory_used, disk_used FROM resource_minutes').all();
  expect(kept).toEqual([{ looks: 3, memory_used: 4, disk_used: 6 }]);
});

test('the history is bounded: two days of minutes, hours for longer', () => {
  hold(0.3, 8 * DAY, MINUTE);
  expect(rows('resource_minutes')).toBeLessThanOrEqual(2 * 24 * 60 + 61);
  expect(rows('resource_hours')).toBe(8 * 24 - 1);
  const week = resources.history({ range: '7d' });
  expect(week.points).toHaveLength(168);
  expect(week.points.filter(({ cpu }) => cpu === null).length).toBeLessThanOrEqual(1);
  expect(resources.history({ range: '24h' }).points).toHaveLength(144);
});

test('the minute that runs is in the last hour already', () => {
  hold(0.4, 2 * MINUTE);
  hold(0.8, 30 * SECOND);
  const [before, last] = resources.history({ range: '1h' }).points.slice(-2);
  expect(before?.cpu).toBeCloseTo(0.4, 10);
  expect(last).toMatchObject({ at: START + 2 * MINUTE, memory: 0.5, memoryMax: 0.5, disk: 0.25, received: null });
  expect(last?.cpu).toBeCloseTo(0.8, 10);
});

test('a clock that ran ahead for a while leaves no hole in the week', () => {
  hold(0.2, 2 * HOUR, MINUTE);
  clock.jump(DAY);
  hold(0.9, 2 * HOUR, MINUTE);
  clock.jump(-DAY);
  hold(0.4, 3 * HOUR, MINUTE);
  const week = resources.history({ range: '7d' }).points.filter(({ cpu }) => cpu !== null);
  expect(week.map(({ cpu }) => cpu?.toFixed(1))).toEqual(['0.2', '0.2', '0.4', '0.4', '0.4']);
});

test('an hour is never made of a part of its minutes, however long nobody looked', () => {
  hold(0.2, 30 * MINUTE, MINUTE);
  hold(0.8, 30 * MINUTE, MINUTE);
  resources.stop();
  clock.advance(2 * DAY - 30 * MINUTE);
  open();
  hold(0.1, 2 * HOUR, MINUTE);
  const [first] = resources.history({ range: '7d' }).points.filter(({ cpu }) => cpu !== null);
  expect(first?.cpu).toBeCloseTo(0.5, 10);
});

test('heat is told from serious on, in the words of the system', () => {
  resources.setThermal(1);
  hold(0.1, 3 * MINUTE);
  expect(told).toEqual([]);
  resources.setThermal(3);
  hold(0.1, 2 * MINUTE);
  expect(notices).toEqual(['The machine is hot (critical), high for 1 minute.']);
  resources.setThermal(0);
  hold(0.1, 2 * MINUTE);
  expect(told).toEqual(['resource.alerted', 'resource.cleared']);
});

test('one that is switched off while it stands is over', () => {
  hold(0.95, 3 * MINUTE);
  const journal = createJournal(store.db, clock, () => undefined);
  journal.subscribe(({ type }) => told.push(type));
  const off = createResources({
    db: store.db,
    journal,
    clock,
    ids: createIds(),
    log: silentLog,
    machine: MACHINE,
    thresholds: () => ResourceThresholds.parse({ cpu: null }),
    level: () => 'observe',
    notice: () => undefined,
    newest: () => newest,
  });
  resources = off;
  look(0.99);
  expect(told.at(-1)).toBe('resource.cleared');
  expect(off.probes()[0]).toMatchObject({ state: 'off' });
});

test('what went through network and disk is kept by the minute and rolled up by the hour', async () => {
  const go = (received: number) => resources.flow({ received, sent: 10, read: 0, written: null });
  for (let n = 0; n < 130; n++) {
    look(0.5);
    go(n < 60 ? 1_000 : 3_000);
    clock.advance(MINUTE);
  }
  look(0.5);
  const hour = resources.history({ range: '1h' }).points.filter(({ received }) => received !== null);
  expect(hour[0]).toMatchObject({ received: 3_000, sent: 10, read: 0, written: null });
  const week = resources.history({ range: '7d' }).points.filter(({ received }) => received !== null);
  expect(week.map(({ received }) => received)).toEqual([1_000, 3_000, 3_000]);
});
