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
  tallies.load('svc_1', 10 * MINUTE, from);
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
  const minutes = database.db
    .prepare<[], { n: number }>("SELECT count(*) AS n FROM service_rollups WHERE step = 'minute'")
    .get();
  expect(minutes?.n).toBeLessThan(60);
});

test('what could not be written is written the next time', () => {
  const { database, tallies, storage } = stored();
  tallies.load('svc_1', MINUTE, START);
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
