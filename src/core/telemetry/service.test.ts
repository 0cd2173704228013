import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { insertProject, insertSession, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock } from '../../../test/fakes/clock.ts';
import { TelemetryExport } from '../../shared/contract/telemetry.ts';
import { createIds } from '../adapters/ids.ts';
import { migrate } from '../db/migrate.ts';
import { migrations } from '../db/migrations/index.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { createModelChoices } from './choices.ts';
import { createTelemetry, type SpawnFacts, type Telemetry } from './service.ts';

const DAY = 86_400_000;
let database: ReturnType<typeof testDatabase>;
let clock: FakeClock;
let telemetry: Telemetry;

function start(): void {
  const journal = createJournal(database.db, clock, (error) => {
    throw error;
  });
  const { db, dir } = database;
  telemetry = createTelemetry({ db, journal, clock, ids: createIds(), log: silentLog, dataDir: dir });
}

beforeEach(() => {
  database = testDatabase();
  clock = createFakeClock();
  start();
});

const facts = (more: Partial<SpawnFacts> = {}): SpawnFacts => ({
  askedBy: 'person',
  caste: 'session',
  task: 'Fix it',
  model: 'opus',
  source: 'user-override',
  ...more,
});
const spawn = (outcome: 'completed' | 'failed' | 'blocked' | null, more: Partial<SpawnFacts> = {}): string => {
  const id = telemetry.began(facts(more));
  if (outcome) telemetry.ended(id, { outcome });
  return id;
};

describe('one row a spawn', () => {
  it('keeps who, what, why and the end on the same row', () => {
    const projectId = insertProject(database.db);
    const sessionId = insertSession(database.db, { projectId });
    const id = telemetry.began(facts({ sessionId, projectId, task: 'Fix it\nwith AKIAIOSFODNN7EXAMPLE now' }));
    clock.advance(90_000);
    telemetry.ended(id, {
      outcome: 'completed',
      model: 'claude-opus-4',
      usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 8, costUsd: 0.5 },
    });
    const [row] = telemetry.summary({}).recent;
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
    const [a, b] = [spawn(null), spawn(null)];
    telemetry.ended(b, { outcome: 'failed' });
    telemetry.ended(a, { outcome: 'completed' });
    const outcomes = new Map(telemetry.summary({}).recent.map((row) => [row.id, row.outcome]));
    expect([outcomes.get(a), outcomes.get(b)]).toEqual(['completed', 'failed']);
  });

  it('writes the outcome once: a second one changes nothing (T-103)', () => {
    const id = spawn('completed');
    telemetry.ended(id, { outcome: 'failed' });
    expect(telemetry.summary({})).toMatchObject({ spawns: 1, completed: 1, failed: 0, lost: { count: 0 } });
    expect(() => database.db.prepare("UPDATE spawns SET outcome = 'failed' WHERE id = ?").run(id)).toThrow(
      /written once/,
    );
    expect(() => database.db.prepare('DELETE FROM spawns').run()).toThrow(/kept/);
  });

  it('leaves running, blocked and unknown ones out of the rate (T-100)', () => {
    for (const outcome of ['completed', 'completed', 'failed', 'blocked', null] as const) spawn(outcome);
    expect(telemetry.summary({})).toMatchObject({ spawns: 5, running: 1, blocked: 1, success: { n: 3, rate: 2 / 3 } });
    expect(telemetry.model({ model: 'nobody' })).toBeNull();
    spawn('blocked', { model: 'haiku' });
    expect(telemetry.model({ model: ' haiku ' })).toMatchObject({ spawns: 1, success: null });
  });
});

describe('what comes later', () => {
  it('gives up what a cut-off left open, and corrects it when its end is heard of after all', () => {
    const id = spawn(null);
    database.reopen();
    start();
    telemetry.reconcile();
    expect(telemetry.summary({})).toMatchObject({ unknown: 1, running: 0, success: null });
    telemetry.ended(id, { outcome: 'completed', usage: { costUsd: 1 } });
    expect(telemetry.summary({}).recent[0]).toMatchObject({
      outcome: 'completed',
      firstOutcome: 'unknown',
      costUsd: 1,
    });
  });

  it('makes a failure of what was measured as one, and keeps what was reported', () => {
    const sessionId = insertSession(database.db);
    spawn('completed', { sessionId });
    telemetry.measured(sessionId, null);
    telemetry.measured(sessionId, 4);
    expect(telemetry.summary({}).completed).toBe(1);
    telemetry.measured(sessionId, 2);
    telemetry.measured(sessionId, 1);
    expect(telemetry.summary({}).recent[0]).toMatchObject({ outcome: 'failed', firstOutcome: 'completed' });
    const corrections = database.db.prepare('SELECT rule, outcome FROM spawn_corrections').all();
    expect(corrections).toEqual([{ rule: 'measured', outcome: 'failed' }]);
  });

  it('lets a person correct, with a reason, but not to what it is', () => {
    const id = spawn('failed');
    const by = 'owner (test)';
    expect(telemetry.correct({ id, outcome: 'completed', reason: 'It works.', by }).outcome).toBe('completed');
    expect(() => telemetry.correct({ id, outcome: 'completed', reason: 'Again.', by })).toThrow(/is completed/);
    expect(() => telemetry.correct({ id: spawn(null), outcome: 'failed', reason: 'No.', by })).toThrow(/still running/);
    expect(() => telemetry.correct({ id: 'spn_none', outcome: 'failed', reason: 'No.', by })).toThrow(/no spawn/);
  });
});

describe('statistics', () => {
  it('filters by days and by role', () => {
    spawn('completed', { caste: 'judge', model: 'haiku', source: 'caste-default' });
    clock.advance(3 * DAY);
    spawn('failed');
    spawn('completed', { model: null, source: 'fallback' });
    expect(telemetry.routing({})).toMatchObject({ decisions: 3 });
    const sources = telemetry.routing({ days: 2 }).bySource;
    expect(new Map(sources.map(({ source, spawns }) => [source, spawns]))).toEqual(
      new Map([
        ['user-override', 1],
        ['fallback', 1],
      ]),
    );
    expect(telemetry.routing({ caste: 'judge' }).byModel).toMatchObject([{ model: 'haiku', spawns: 1 }]);
    expect(telemetry.routing({ caste: 'brain' })).toMatchObject({ decisions: 0, from: null, to: null });
  });

  it('exports the exchange form: every spawn counted, the last 1000 decisions, oldest first', () => {
    const ids = Array.from({ length: 1_003 }, (_, i) => {
      clock.advance(1_000);
      return spawn(null, { task: `Task ${i}`, model: i === 0 ? '__proto__' : 'opus' });
    });
    // The outcome of one that is no longer among the last 1000 still counts (T-104).
    telemetry.ended(ids[0] ?? '', { outcome: 'completed' });
    telemetry.ended(ids[1_002] ?? '', { outcome: 'blocked' });
    const { path, decisions, of } = telemetry.write();
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
    TelemetryExport.parse(telemetry.export());
    expect(readdirSync(database.dir).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('leaves the old file and says why when the new one cannot be written', () => {
    telemetry.write();
    const before = readFileSync(join(database.dir, 'telemetry.json'), 'utf8');
    spawn('completed');
    const gone = createTelemetry({
      db: database.db,
      journal: createJournal(database.db, clock, () => undefined),
      clock,
      ids: createIds(),
      log: silentLog,
      dataDir: join(database.dir, 'nowhere'),
    });
    expect(() => gone.write()).toThrow(/nowhere\/telemetry.json could not be written: .*ENOENT/);
    expect(readFileSync(join(database.dir, 'telemetry.json'), 'utf8')).toBe(before);
  });
});

describe('a store that fails', () => {
  it.each([
    ['is full', (db: Sqlite.Database) => db.pragma('max_page_count = 1')],
    ['is locked by another', lock],
    ['may not be written', (db: Sqlite.Database) => db.pragma('query_only = ON')],
  ])('keeps nothing from going on when it %s: counted as lost (S4-14)', (_how, fail) => {
    database.db.pragma('busy_timeout = 10');
    fail(database.db);
    const big = 'x'.repeat(10_000);
    const ids = Array.from({ length: 25 }, () => telemetry.began(facts({ model: big })));
    for (const id of ids) telemetry.ended(id, { outcome: 'completed', detail: big });
    telemetry.measured('ses_none', 1);
    telemetry.reconcile();
    expect(new Set(ids).size).toBe(25);
    const { lost } = telemetry.summary({});
    expect(lost.count).toBeGreaterThan(0);
    expect(lost.problem).toMatch(/could not be (recorded|closed)/);
  });

  it('writes the row late when the store has come back', () => {
    database.db.exec("CREATE TEMP TRIGGER broken BEFORE INSERT ON spawns BEGIN SELECT raise(ABORT, 'no room'); END");
    const id = spawn(null);
    expect(telemetry.summary({})).toMatchObject({ spawns: 0, lost: { count: 1 } });
    database.db.exec('DROP TRIGGER broken');
    clock.advance(5_000);
    telemetry.ended(id, { outcome: 'completed' });
    expect(telemetry.summary({})).toMatchObject({ spawns: 1, completed: 1, meanDurationMs: 5_000, lost: { count: 0 } });
  });

  /** A second process in the middle of a write. */
  function lock(): void {
    const other = new Sqlite(join(database.dir, 'tenure.db'));
    other.exec('BEGIN IMMEDIATE');
  }
});

describe('models', () => {
  const setup = (model: string | null, configured: Record<string, string> = {}) => {
    const projectId = insertProject(database.db);
    const project = { model };
    const choices = createModelChoices({
      db: database.db,
      journal: createJournal(database.db, clock, () => undefined),
      clock,
      configured: (caste) => configured[caste] ?? null,
      project: () => project,
      setDefault: (_id, next) => {
        project.model = next;
      },
    });
    return { projectId, project, choices };
  };

  it('goes by override, project, role, agent, and says which', () => {
    const { projectId, project, choices } = setup('opus', { session: 'sonnet', judge: 'haiku' });
    expect(choices.forSession(projectId, 'fable', 'Fix it')).toMatchObject({ model: 'fable', source: 'user-override' });
    expect(choices.forSession(projectId, null, 'Fix it')).toMatchObject({ model: 'opus', source: 'project-default' });
    project.model = null;
    expect(choices.forSession(projectId, null, 'Fix it')).toMatchObject({ model: 'sonnet', source: 'caste-default' });
    expect(choices.forRole('judge')).toEqual({ model: 'haiku', source: 'caste-default' });
    expect(choices.forRole('brain')).toEqual({ model: null, source: 'fallback' });
  });

  it('suggests from the record, changes nothing by itself, and follows at a click', () => {
    const { projectId, project, choices } = setup('opus');
    const many = (n: number, outcome: 'completed' | 'failed', model: string, ran: string): void => {
      for (let i = 0; i < n; i += 1) {
        telemetry.ended(telemetry.began(facts({ model })), { outcome, model: ran, usage: { costUsd: 0.5 } });
      }
    };
    many(9, 'completed', 'opus', 'claude-opus-4');
    many(5, 'failed', 'opus', 'claude-opus-4');
    many(14, 'completed', 'sonnet', 'claude-sonnet-4');
    expect(choices.suggestions(projectId)).toMatchObject([{ taskClass: 'fix', model: 'claude-sonnet-4' }]);
    expect(project.model).toBe('opus');
    expect(() => choices.follow({ projectId, taskClass: 'docs', model: 'claude-sonnet-4' })).toThrow(
      /does not suggest/,
    );

    choices.follow({ projectId, taskClass: 'fix', model: 'claude-sonnet-4' });
    expect(project.model).toBe('claude-sonnet-4');
    const sessionId = insertSession(database.db, { projectId });
    choices.remember(sessionId, choices.forSession(projectId, null, 'Fix it'));
    expect(choices.shown(sessionId, projectId)).toMatchObject({
      sentence: 'claude-sonnet-4: suggested, 14 of 14 against 9 of 14',
      source: 'suggestion',
      suggestion: null,
    });
    expect(choices.suggestions(projectId)).toEqual([]);
  });
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
