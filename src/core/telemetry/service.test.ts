import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { insertProject, insertSession } from '../../../test/builders.ts';
import { spawnFacts, type TelemetryRig, telemetryRig } from '../../../test/telemetry-rig.ts';
import { TelemetryExport } from '../../shared/contract/telemetry.ts';
import { createIds } from '../adapters/ids.ts';
import { migrate } from '../db/migrate.ts';
import { migrations } from '../db/migrations/index.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { createTelemetry } from './service.ts';

const DAY = 86_400_000;
let rig: TelemetryRig;
beforeEach(() => {
  rig = telemetryRig();
});

describe('one row a spawn', () => {
  it('keeps who, what, why and the end on the same row', () => {
    const projectId = insertProject(rig.database.db);
    const sessionId = insertSession(rig.database.db, { projectId });
    const id = rig.telemetry.began(spawnFacts({ sessionId, projectId, task: 'Fix it\nwith AKIAIOSFODNN7EXAMPLE now' }));
    rig.clock.advance(90_000);
    rig.telemetry.ended(id, {
      outcome: 'completed',
      model: 'claude-opus-4',
      usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 8, costUsd: 0.5 },
    });
    const [row] = rig.telemetry.summary({}).recent;
    expect(row).toMatchObject({
      id,
      askedBy: 'person',
      caste: 'session',
      taskClass: 'fix',
      model: 'claude-opus-4',
      source: 'user-override',
      durationMs: 90_000,
      outcome: 'completed',
      inputTokens: 12,
      cacheReadTokens: 8,
      cacheWriteTokens: null,
      costUsd: 0.5,
    });
    expect(row?.task).not.toContain('AKIAIOSFODNN7EXAMPLE');
  });

  it('tells two spawns of one millisecond apart, whatever the order of their ends (T-102)', () => {
    const [a, b] = [rig.spawn(null), rig.spawn(null)];
    rig.telemetry.ended(b, { outcome: 'failed' });
    rig.telemetry.ended(a, { outcome: 'completed' });
    const outcomes = new Map(rig.telemetry.summary({}).recent.map((row) => [row.id, row.outcome]));
    expect([outcomes.get(a), outcomes.get(b)]).toEqual(['completed', 'failed']);
  });

  it('writes the outcome once: a second one changes nothing (T-103)', () => {
    const id = rig.spawn('completed');
    rig.telemetry.ended(id, { outcome: 'failed' });
    expect(rig.telemetry.summary({})).toMatchObject({ spawns: 1, completed: 1, failed: 0, lost: { count: 0 } });
    expect(() => rig.database.db.prepare("UPDATE spawns SET outcome = 'failed' WHERE id = ?").run(id)).toThrow(
      /written once/,
    );
    expect(() => rig.database.db.prepare('DELETE FROM spawns').run()).toThrow(/kept/);
  });

  it('leaves running, blocked and unknown ones out of the rate (T-100)', () => {
    for (const outcome of ['completed', 'completed', 'failed', 'blocked', null] as const) rig.spawn(outcome);
    expect(rig.telemetry.summary({})).toMatchObject({
      spawns: 5,
      running: 1,
      blocked: 1,
      success: { n: 3, rate: 2 / 3 },
    });
    expect(rig.telemetry.model({ model: 'nobody' })).toBeNull();
    rig.spawn('blocked', { model: 'haiku' });
    expect(rig.telemetry.model({ model: ' haiku ' })).toMatchObject({ spawns: 1, success: null });
  });
});

describe('what comes later', () => {
  it('gives up what a cut-off left open, and corrects it when its end is heard of after all', () => {
    const id = rig.spawn(null);
    rig.restart();
    rig.telemetry.reconcile();
    expect(rig.telemetry.summary({})).toMatchObject({ unknown: 1, running: 0, success: null });
    rig.telemetry.ended(id, { outcome: 'completed', usage: { costUsd: 1 } });
    expect(rig.telemetry.summary({}).recent[0]).toMatchObject({
      outcome: 'completed',
      firstOutcome: 'unknown',
      costUsd: 1,
    });
  });

  it('makes a failure of what was measured as one, and keeps what was reported', () => {
    const sessionId = insertSession(rig.database.db);
    rig.spawn('completed', { sessionId });
    rig.telemetry.measured(sessionId, null);
    rig.telemetry.measured(sessionId, 4);
    expect(rig.telemetry.summary({}).completed).toBe(1);
    rig.telemetry.measured(sessionId, 2);
    rig.telemetry.measured(sessionId, 1);
    expect(rig.telemetry.summary({}).recent[0]).toMatchObject({ outcome: 'failed', firstOutcome: 'completed' });
    const corrections = rig.database.db.prepare('SELECT rule, outcome FROM spawn_corrections').all();
    expect(corrections).toEqual([{ rule: 'measured', outcome: 'failed' }]);
  });

  it('lets a person correct, with a reason, but not to what it is', () => {
    const id = rig.spawn('failed');
    const by = 'owner (test)';
    expect(rig.telemetry.correct({ id, outcome: 'completed', reason: 'It works.', by }).outcome).toBe('completed');
    expect(() => rig.telemetry.correct({ id, outcome: 'completed', reason: 'Again.', by })).toThrow(/is completed/);
    expect(() => rig.telemetry.correct({ id: rig.spawn(null), outcome: 'failed', reason: 'No.', by })).toThrow(
      /still running/,
    );
    expect(() => rig.telemetry.correct({ id: 'spn_none', outcome: 'failed', reason: 'No.', by })).toThrow(/no spawn/);
  });
});

describe('statistics', () => {
  it('filters by days and by role', () => {
    rig.spawn('completed', { caste: 'judge', model: 'haiku', source: 'caste-default' });
    rig.clock.advance(3 * DAY);
    rig.spawn('failed');
    rig.spawn('completed', { model: null, source: 'fallback' });
    expect(rig.telemetry.routing({})).toMatchObject({ decisions: 3 });
    const sources = rig.telemetry.routing({ days: 2 }).bySource;
    expect(new Map(sources.map(({ source, spawns }) => [source, spawns]))).toEqual(
      new Map([
        ['user-override', 1],
        ['fallback', 1],
      ]),
    );
    expect(rig.telemetry.routing({ caste: 'judge' }).byModel).toMatchObject([{ model: 'haiku', spawns: 1 }]);
    expect(rig.telemetry.routing({ caste: 'brain' })).toMatchObject({ decisions: 0, from: null, to: null });
  });

  it('exports the exchange form: every spawn counted, the last 1000 decisions, oldest first', () => {
    const ids = Array.from({ length: 1_003 }, (_, i) => {
      rig.clock.advance(1_000);
      return rig.spawn(null, { task: `Task ${i}`, model: i === 0 ? '__proto__' : 'opus' });
    });
    // The outcome of one that is no longer among the last 1000 still counts (T-104).
    rig.telemetry.ended(ids[0] ?? '', { outcome: 'completed' });
    rig.telemetry.ended(ids[1_002] ?? '', { outcome: 'blocked' });
    const { path, decisions, of } = rig.telemetry.write();
    expect([decisions, of]).toEqual([1_000, 1_003]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    const document = JSON.parse(text) as Record<string, Record<string, unknown>>;
    expect(Object.keys(document)).toEqual(['version', 'last_updated', 'models', 'routing_decisions']);
    expect(Object.getOwnPropertyDescriptor(document.models, '__proto__')?.value).toEqual({
      total_spawns: 1,
      successful_completions: 1,
      failed_completions: 0,
      blocked: 0,
      by_caste: { session: { spawns: 1, success: 1, failures: 0, blocked: 0 } },
    });
    expect(document.models?.opus).toMatchObject({ total_spawns: 1_002, blocked: 1 });
    expect(document.routing_decisions?.[0]).toEqual({
      timestamp: '2026-11-20T09:00:04.000Z',
      task: 'Task 3',
      caste: 'session',
      selected_model: 'opus',
      source: 'user-override',
    });
    TelemetryExport.parse(rig.telemetry.export());
    expect(readdirSync(rig.database.dir).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('leaves the old file and says why when the new one cannot be written', () => {
    rig.telemetry.write();
    const before = readFileSync(join(rig.database.dir, 'telemetry.json'), 'utf8');
    rig.spawn('completed');
    const gone = createTelemetry({
      db: rig.database.db,
      journal: createJournal(rig.database.db, rig.clock, () => undefined),
      clock: rig.clock,
      ids: createIds(),
      log: silentLog,
      dataDir: join(rig.database.dir, 'nowhere'),
    });
    expect(() => gone.write()).toThrow(/nowhere\/telemetry.json could not be written: .*ENOENT/);
    expect(readFileSync(join(rig.database.dir, 'telemetry.json'), 'utf8')).toBe(before);
  });
});

describe('a store that fails', () => {
  it.each([
    ['is full', (db: Sqlite.Database) => db.pragma('max_page_count = 1')],
    ['is locked by another', lock],
    ['may not be written', (db: Sqlite.Database) => db.pragma('query_only = ON')],
  ])('keeps nothing from going on when it %s: counted as lost (S4-14)', (_how, fail) => {
    rig.database.db.pragma('busy_timeout = 10');
    fail(rig.database.db);
    const big = 'x'.repeat(10_000);
    const ids = Array.from({ length: 25 }, () => rig.telemetry.began(spawnFacts({ model: big })));
    for (const id of ids) rig.telemetry.ended(id, { outcome: 'completed', detail: big });
    rig.telemetry.measured('ses_none', 1);
    rig.telemetry.reconcile();
    expect(new Set(ids).size).toBe(25);
    const { lost } = rig.telemetry.summary({});
    expect(lost.count).toBeGreaterThan(0);
    expect(lost.problem).toMatch(/could not be (recorded|closed)/);
  });

  it('writes the row late when the store has come back', () => {
    rig.database.db.exec(
      "CREATE TEMP TRIGGER broken BEFORE INSERT ON spawns BEGIN SELECT raise(ABORT, 'no room'); END",
    );
    const id = rig.spawn(null);
    expect(rig.telemetry.summary({})).toMatchObject({ spawns: 0, lost: { count: 1 } });
    rig.database.db.exec('DROP TRIGGER broken');
    rig.clock.advance(5_000);
    rig.telemetry.ended(id, { outcome: 'completed' });
    expect(rig.telemetry.summary({})).toMatchObject({
      spawns: 1,
      completed: 1,
      meanDurationMs: 5_000,
      lost: { count: 0 },
    });
  });

  /** A second process in the middle of a write. */
  function lock(): void {
    const other = new Sqlite(join(rig.database.dir, 'tenure.db'));
    other.exec('BEGIN IMMEDIATE');
  }
});

it('takes over the sessions from before, with their figures', () => {
  const db = new Sqlite(':memory:');
  migrate(db, migrations.slice(0, 1));
  const sessionId = insertSession(db, { state: 'ended', outcome: 'completed' });
  insertSession(db, { state: 'ended', outcome: 'stopped' });
  db.exec('UPDATE sessions SET started_at = 1, ended_at = 5, used_ms = 4');
  db.prepare("UPDATE sessions SET cost_usd = 0.7, model = 'claude-opus-4' WHERE id = ?").run(sessionId);
  migrate(db);
  expect(
    db.prepare('SELECT effective_model, source, final_outcome, cost_usd FROM spawn_record ORDER BY cost_usd').all(),
  ).toEqual([
    { effective_model: 'default', source: 'unknown', final_outcome: 'blocked', cost_usd: null },
    { effective_model: 'claude-opus-4', source: 'unknown', final_outcome: 'completed', cost_usd: 0.7 },
  ]);
  db.close();
});
