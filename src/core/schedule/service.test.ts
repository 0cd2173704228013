import { beforeEach, describe, expect, test, vi } from 'vitest';
import { insertProject, type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock } from '../../../test/fakes/clock.ts';
import type { Project } from '../../shared/contract/projects.ts';
import { createCron } from '../adapters/cron.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { LATE_MS } from './rules.ts';
import { createSchedules } from './service.ts';

const DAY = 86_400_000;
const cron = createCron();

let store: TestDatabase;
let clock: FakeClock;
let projectId: string;
let launches: { at: string; prompt: string | undefined }[];
let checks: string[];
let refuse: string | null;
let busy: boolean;
let check: { cron: string; timezone: string } | null;

const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);

function open(db = store.db) {
  return createSchedules({
    db,
    journal: createJournal(db, clock, () => undefined),
    clock,
    cron,
    log: silentLog,
    project: (id) => ({ id }) as Project,
    isBusy: () => busy,
    launch: (input) => {
      if (refuse !== null) return Promise.reject(new Error(refuse));
      launches.push({ at: iso(clock.now()), prompt: input.prompt });
      return Promise.resolve();
    },
    promotionCheck: () => check,
    checkPromotion: () => void checks.push(iso(clock.now())),
  });
}

function plan(expression: string, over: { missed?: string; timezone?: string; prompt?: string } = {}): void {
  const timezone = over.timezone ?? 'UTC';
  store.db
    .prepare(
      'INSERT OR REPLACE INTO schedules (project_id, cron, timezone, prompt, missed, next_run_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(
      projectId,
      expression,
      timezone,
      over.prompt ?? null,
      over.missed ?? 'skip',
      cron.next(expression, timezone, clock.now()),
    );
}

const row = () =>
  store.db.prepare<[], { next_run_at: number; last_note: string | null }>('SELECT * FROM schedules').get();

beforeEach(() => {
  store = testDatabase();
  clock = createFakeClock();
  projectId = insertProject(store.db);
  launches = [];
  checks = [];
  refuse = null;
  busy = false;
  check = { cron: '0 10 * * *', timezone: 'UTC' };
});

/** Lets days pass with a beat a minute. */
async function pass(ms: number, schedules = open()): Promise<void> {
  for (let left = ms; left > 0; left -= 60_000) {
    clock.advance(60_000);
    await schedules.tick();
  }
}

test('launches once at each of its times, with its own prompt', async () => {
  plan('0 12 * * *', { prompt: 'Look after it.' });
  await pass(2 * DAY);
  expect(launches).toEqual([
    { at: '2026-11-20T12:00', prompt: 'Look after it.' },
    { at: '2026-11-21T12:00', prompt: 'Look after it.' },
  ]);
});

test('two beats at once, and a restart right after the claim, launch once', async () => {
  plan('0 12 * * *');
  clock.advance(3 * 3_600_000);
  const first = open();
  await Promise.all([first.tick(), first.tick(), open().tick()]);
  await open(store.reopen()).tick();
  expect(launches).toHaveLength(1);
});

describe('asleep over several runs', () => {
  test('skip: nothing is launched, the person is told, and the next run is the next', async () => {
    plan('0 * * * *');
    clock.advance(8 * 3_600_000 + LATE_MS + 1);
    await open().tick();
    expect(launches).toEqual([]);
    expect(row()?.last_note).toMatch(/20 Nov 2026, 10:00:00 UTC was missed and skipped/);
    expect(iso(row()?.next_run_at ?? 0)).toBe('2026-11-20T18:00');
  });

  test('run_once: one run makes up for all of them', async () => {
    plan('0 * * * *', { missed: 'run_once' });
    clock.advance(8 * 3_600_000 + LATE_MS + 1);
    const schedules = open();
    await schedules.tick();
    await schedules.tick();
    expect(launches).toHaveLength(1);
  });
});

test.each([
  ['the missing hour: right after the gap', '2026-03-08T05:00:00Z', '30 2 * * *', '2026-03-08T07:00'],
  ['the repeated hour: its first pass only', '2026-11-01T04:00:00Z', '30 1 * * *', '2026-11-01T05:30'],
])('daylight saving, a daily job in %s', async (_name, from, expression, expected) => {
  clock = createFakeClock(Date.parse(from));
  plan(expression, { timezone: 'America/New_York' });
  await pass(DAY / 2);
  expect(launches.map((launch) => launch.at)).toEqual([expected]);
});

test('a refused launch is noted and does not stop the next one', async () => {
  plan('0 12 * * *');
  refuse = 'The folder is gone.';
  await pass(DAY / 2);
  expect(row()?.last_note).toContain('The folder is gone.');
  refuse = null;
  await pass(DAY);
  expect(launches.map((launch) => launch.at)).toEqual(['2026-11-21T12:00']);
});

test('the promotion check comes daily at its hour, once after a sleep, and not at the very first start', async () => {
  const schedules = open();
  await schedules.tick();
  expect(checks).toEqual([]);
  await pass(DAY + DAY / 2, schedules);
  expect(checks).toEqual(['2026-11-20T10:00', '2026-11-21T10:00']);
  clock.advance(3 * DAY);
  const late = open(store.reopen());
  await late.tick();
  await late.tick();
  expect(checks).toHaveLength(3);
});

test('switched off and on again, or given another hour, the promotion check is planned anew', async () => {
  await open().tick();
  check = null;
  await pass(DAY);
  expect(checks).toEqual([]);
  check = { cron: '0 10 * * *', timezone: 'UTC' };
  await pass(DAY, open(store.reopen()));
  expect(checks).toEqual(['2026-11-21T10:00']);
  check = { cron: '30 11 * * *', timezone: 'UTC' };
  await pass(DAY);
  expect(checks.slice(1)).toEqual(['2026-11-22T11:30']);
});

test('a run that comes due while the one before goes on is skipped and noted', async () => {
  plan('0 * * * *');
  busy = true;
  await pass(2 * 3_600_000);
  expect(launches).toEqual([]);
  expect(row()?.last_note).toContain('the session before has not ended');
  busy = false;
  await pass(3_600_000);
  expect(launches).toHaveLength(1);
});

test('an expression that is none is named with what was expected', () => {
  expect(() => cron.next('every day', 'UTC', 0)).toThrow(
    /"every day" in zone "UTC" is no schedule: expected five cron fields/,
  );
  expect(() => cron.next('0 9 * * *', 'Mars/Olympus', 0)).toThrow(/Mars\/Olympus/);
  expect(vi.isFakeTimers()).toBe(false);
});
