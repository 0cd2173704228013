import { beforeEach, expect, test } from 'vitest';
import { insertSession, type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock } from '../../../test/fakes/clock.ts';
import type { Envelope } from '../../shared/contract/index.ts';
import { createCron } from '../adapters/cron.ts';
import { createJournal } from '../kernel/journal.ts';
import type { Standing } from './rules.ts';
import { createDaily, type DailyDigest } from './service.ts';
import { createDailyStorage } from './storage.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Friday, 08:00 in New York. */
const EIGHT = Date.parse('2026-11-20T13:00:00Z');
let store: TestDatabase;
let clock: FakeClock;
let daily: DailyDigest;
let told: Extract<Envelope, { type: 'daily.told' }>['body'][];
let hour: string | null;
let quietUntil: number | null;
let standing: Standing;

/** As after a restart: everything but the database is new. */
function open(): void {
  const journal = createJournal(store.db, clock, (error) => {
    throw error;
  });
  journal.subscribe((fact) => {
    if (fact.type === 'daily.told') told.push(fact.body);
  });
  daily = createDaily({
    journal,
    clock,
    next: createCron().next,
    storage: createDailyStorage(store.db),
    hour: () => hour,
    timezone: () => 'America/New_York',
    quietEnds: () => (quietUntil !== null && quietUntil > clock.now() ? quietUntil : null),
    standing: () => standing,
  });
}
const at = (moment: number): void => {
  clock.advance(moment - clock.now());
  daily.tick();
};
function ended(moment: number, outcome = 'completed', commits = 1): string {
  const id = insertSession(store.db, { state: 'ended', outcome });
  store.db.prepare('UPDATE sessions SET ended_at = ?, commits = ? WHERE id = ?').run(moment, commits, id);
  return id;
}

beforeEach(() => {
  store = testDatabase();
  clock = createFakeClock(EIGHT - 20 * HOUR);
  told = [];
  hour = '08:00';
  quietUntil = null;
  standing = { working: 0, waits: { total: 0, words: [] }, down: [] };
  open();
  daily.tick();
});

test('tells at its hour, once, what happened since; a restart neither repeats nor loses it', () => {
  ended(EIGHT - HOUR);
  at(EIGHT - 1_000);
  expect(told).toEqual([]);
  open();
  at(EIGHT + 20_000);
  expect(told).toMatchObject([{ from: EIGHT - 20 * HOUR, to: EIGHT + 20_000, title: 'The day: 1 session ended' }]);
  open();
  at(EIGHT + HOUR);
  expect(told).toHaveLength(1);
  // What was told is not told again; what comes after is.
  ended(EIGHT + 2 * HOUR, 'stopped', 0);
  expect(daily.get()).toMatchObject({ told: told[0], now: null });
  clock.advance(2 * HOUR);
  expect(daily.get()).toMatchObject({ dueAt: EIGHT + DAY, told: told[0], now: { from: EIGHT + 20_000 } });
  at(EIGHT + DAY);
  expect(told[1]?.body).toContain('1 session ended: 0 completed, 0 commits.');
});

test('waits for the end of the quiet hours, also when they begin with its hour', () => {
  ended(EIGHT - HOUR);
  quietUntil = EIGHT + 2 * HOUR;
  at(EIGHT + HOUR);
  expect(told).toEqual([]);
  expect(daily.get().dueAt).toBe(quietUntil);
  at(EIGHT + 2 * HOUR);
  expect(told).toHaveLength(1);
});

test('of days that were slept over or without Tenure, one tells all', () => {
  ended(EIGHT - HOUR);
  ended(EIGHT + 2 * DAY);
  clock.sleep(3 * DAY);
  open();
  at(EIGHT + 4 * DAY);
  expect(told.map(({ title }) => title)).toEqual(['The day: 2 sessions ended']);
});

test('a day of nothing is not told, and is over; switched off, none is', () => {
  at(EIGHT + HOUR);
  ended(EIGHT + 2 * HOUR);
  at(EIGHT + 3 * HOUR);
  expect(told).toEqual([]);
  hour = null;
  at(EIGHT + 5 * DAY);
  expect(told).toEqual([]);
  expect(daily.get()).toMatchObject({ dueAt: null, told: null, now: { title: 'The day: 1 session ended' } });
});

test('switched on again, it tells nothing of the time in which it was off', () => {
  hour = null;
  at(EIGHT);
  ended(EIGHT + DAY);
  at(EIGHT + 2 * DAY);
  hour = '08:00';
  at(EIGHT + 2 * DAY + HOUR);
  expect(told).toEqual([]);
  ended(EIGHT + 2 * DAY + 2 * HOUR);
  at(EIGHT + 3 * DAY);
  expect(told).toMatchObject([{ from: EIGHT + 2 * DAY + HOUR, title: 'The day: 1 session ended' }]);
});

test('the hour is one of the zone, over the change of the clocks too', () => {
  const AFTER = Date.parse('2027-03-14T12:00:00Z');
  at(AFTER - 20 * HOUR);
  ended(AFTER - HOUR);
  at(AFTER - 1);
  expect(told).toEqual([]);
  at(AFTER);
  expect(told).toHaveLength(1);
});

test('reads sessions, newest scores, prices with what is unknown of them, and incidents from the record', () => {
  const { db } = store;
  const [good, bad] = [ended(EIGHT - HOUR), ended(EIGHT - HOUR, 'failed', 0)];
  ended(EIGHT - DAY);
  const evaluated = db.prepare(
    `INSERT INTO evaluations (id, session_id, number, score, recommendation, reason, outcome, evidence, requested_by, at)
     VALUES (?, ?, ?, ?, NULL, '', 'completed', '{}', ?, ?)`,
  );
  evaluated.run('e1', good, 1, 1, null, EIGHT);
  evaluated.run('e2', good, 2, 4, 'owner', EIGHT);
  evaluated.run('e3', bad, 1, null, null, EIGHT);
  const spawned = db.prepare(
    `INSERT INTO spawns (id, asked_by, caste, task_class, task, model, source, started_at, finished_at, cost_usd, cost_least_usd)
     VALUES (?, 'person', 'session', 'other', 't', 'opus', 'default', 0, ?, ?, ?)`,
  );
  spawned.run('s1', EIGHT - HOUR, 1.5, null);
  spawned.run('s2', EIGHT - HOUR, null, 0.25);
  spawned.run('s3', EIGHT - DAY, 99, null);
  const began = db.prepare(
    `INSERT INTO incidents (id, kind, title, cause, part_of, failing_since, opened_at) VALUES (?, 'service', ?, '', ?, 0, ?)`,
  );
  began.run('i1', 'api', null, EIGHT - HOUR);
  began.run('i2', 'web', 'i1', EIGHT - HOUR);
  at(EIGHT);
  expect(told[0]?.body).toBe(
    '2 sessions ended: 1 completed, 1 commit. Scored 4.0 of 5, 1 unscored. At least $1.75 at list price; of 1 run it is not all known. 1 incident: api. Nothing waits for you.',
  );
});
