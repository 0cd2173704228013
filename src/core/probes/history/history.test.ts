import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../../../test/builders.ts';
import { START } from '../../../../test/fakes/clock.ts';
import { ServiceSettings } from '../../../shared/contract/services.ts';
import { UNSEEN } from '../rules.ts';
import { createProbeStorage } from '../storage.ts';
import { addTo, CHECKS_SHOWN, emptyRollup, pointOf, spreadOf, spreadText } from './rollups.ts';
import { createTallies } from './tallies.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const settings = ServiceSettings.parse({ name: 'Web', target: { kind: 'tcp', host: '127.0.0.1', port: 80 } });

function stored(id = 'svc_1') {
  const database = testDatabase();
  const storage = createProbeStorage(database.db);
  storage.save({
    id,
    settings: { ...settings, name: id },
    source: 'person',
    paused: false,
    heartbeatHash: null,
    progress: UNSEEN,
    createdAt: START,
  });
  return { database, storage, tallies: createTallies(storage) };
}

describe('response times', () => {
  test('quantiles are within an eighth of the truth, and never outside of what was seen', () => {
    const rollup = emptyRollup('hour', START);
    for (let ms = 1; ms <= 1_000; ms++) addTo(rollup, { ok: true, ms });
    const { p50, p95, min, max } = pointOf(rollup);
    expect(Math.abs((p50 ?? 0) - 500) / 500).toBeLessThan(0.13);
    expect(Math.abs((p95 ?? 0) - 950) / 950).toBeLessThan(0.13);
    expect([min, max]).toEqual([1, 1_000]);
    expect(spreadOf(spreadText(rollup.spread))).toEqual(rollup.spread);
  });

  test('a time-out is no response time, and nothing measured is unknown', () => {
    const rollup = emptyRollup('hour', START);
    addTo(rollup, { ok: false, ms: 10_000 });
    addTo(rollup, { ok: null, ms: null });
    expect(pointOf(rollup)).toMatchObject({ up: 0, down: 1, unknown: 1, p50: null, max: null });
  });
});

test('a year of checks: uptime by window, history by span, the newest 60; rows stay bounded, a restart loses nothing', () => {
  const { database, storage, tallies } = stored();
  const from = START - 120 * DAY;
  tallies.load('svc_1', 10 * MINUTE, START);
  let n = 0;
  for (let at = from; at <= START; at += 10 * MINUTE) {
    // Down for the whole of the day before yesterday.
    const ok = at < START - 2 * DAY || at >= START - DAY;
    tallies.add('svc_1', { at, ok, ms: ok ? 20 : null, detail: '' });
    if (++n % 100 === 0) database.db.transaction(() => tallies.save(1_000, at, () => undefined))()();
  }
  database.db.transaction(() => tallies.save(10_000, START, () => undefined))()();
  const look = (from: typeof tallies) => from.uptime('svc_1', START);
  expect(look(tallies).day).toBe(1);
  expect(look(tallies).week).toBeCloseTo(6 / 7, 2);
  expect(look(tallies).month).toBeCloseTo(29 / 30, 2);
  expect(look(tallies).quarter).toBeCloseTo(89 / 90, 2);
  const again = createTallies(storage);
  again.load('svc_1', 10 * MINUTE, START);
  expect(look(again)).toEqual(look(tallies));
  expect(again.checks('svc_1')).toEqual(tallies.checks('svc_1'));
  expect(again.checks('svc_1')).toHaveLength(CHECKS_SHOWN);
  expect(again.history('svc_1', 'week', START).points).toHaveLength(168);
  expect(again.history('svc_1', 'quarter', START).points).toHaveLength(90);
  const rows = database.db.prepare<[], { n: number }>('SELECT count(*) AS n FROM service_checks').get();
  expect(rows?.n).toBeLessThan(200);
  expect(again.history('svc_1', 'hour', START)).toEqual(tallies.history('svc_1', 'hour', START));
  expect(again.history('svc_1', 'hour', START).points).toHaveLength(6);
});

test('however Tenure ended: what was written counts once, in every window', () => {
  const { database, storage, tallies } = stored();
  tallies.load('svc_1', MINUTE, START + 4 * DAY);
  const save = (from: typeof tallies, at: number) =>
    database.db.transaction(() => from.save(10_000, at, () => undefined))()();
  let living = tallies;
  const checks: { at: number; ok: boolean }[] = [];
  // Three days, killed every five hours and somewhere in an hour; the last checks before a kill are not written.
  for (let n = 0; n < 3 * 24 * 60; n++) {
    const check = { at: START + n * MINUTE, ok: n % 7 !== 0, ms: 5, detail: '' };
    living.add('svc_1', check);
    if (n % 300 < 290) checks.push(check);
    if (n % 300 < 289 ? n % 13 === 0 : n % 300 === 289) save(living, check.at);
    if (n % 300 === 299) {
      living = createTallies(storage);
      living.load('svc_1', MINUTE, START + 4 * DAY);
    }
  }
  const now = START + 3 * DAY;
  const total = (span: 'day' | 'week' | 'quarter'): number =>
    living.history('svc_1', span, now).points.reduce((sum, { up, down }) => sum + up + down, 0);
  expect([total('week'), total('quarter')]).toEqual([checks.length, checks.length]);
  expect(living.uptime('svc_1', now).week).toBe(checks.filter(({ ok }) => ok).length / checks.length);
  save(living, now);
  const again = createTallies(storage);
  again.load('svc_1', MINUTE, START + 4 * DAY);
  expect(again.uptime('svc_1', now)).toEqual(living.uptime('svc_1', now));
  expect(again.history('svc_1', 'quarter', now)).toEqual(living.history('svc_1', 'quarter', now));
});

test('a clock that stood a year ahead for a while spoils nothing afterwards', () => {
  const { database, storage, tallies } = stored();
  tallies.load('svc_1', MINUTE, START);
  const add = (at: number, ok: boolean) => tallies.add('svc_1', { at, ok, ms: 1, detail: '' });
  for (let n = 0; n < 60; n++) add(START + n * MINUTE, true);
  add(START + 365 * DAY, true);
  for (let n = 60; n < 240; n++) add(START + n * MINUTE, n % 2 === 0);
  const now = START + 4 * HOUR;
  const share = 150 / 240;
  expect(tallies.uptime('svc_1', now).day).toBeCloseTo(share, 2);
  database.db.transaction(() => tallies.save(10_000, now, () => undefined))()();
  const again = createTallies(storage);
  again.load('svc_1', MINUTE, now);
  expect(again.uptime('svc_1', now).day).toBeCloseTo(share, 2);
  expect(again.history('svc_1', 'day', now).points.filter(({ at }) => at <= now)).toHaveLength(4);
});

test('what could not be written is written the next time', () => {
  const { database, tallies, storage } = stored();
  tallies.load('svc_1', MINUTE, START + 4 * DAY);
  tallies.add('svc_1', { at: START, ok: true, ms: 1, detail: '' });
  const roll = database.db.transaction(() => {
    tallies.save(10, START, () => undefined);
    throw new Error('the disk is full');
  });
  expect(roll).toThrow('full');
  expect(tallies.hasUnsaved()).toBe(true);
  database.db.transaction(() => tallies.save(10, START, () => undefined))()();
  expect(tallies.hasUnsaved()).toBe(false);
  expect(storage.checks('svc_1', 5)).toHaveLength(1);
});
