import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createIds } from '../../src/core/adapters/ids.ts';
import { toldEntry } from '../../src/core/alerts/projection.ts';
import { createAlerts } from '../../src/core/alerts/service.ts';
import { createAlertStorage } from '../../src/core/alerts/storage.ts';
import { migrate } from '../../src/core/db/migrate.ts';
import { migrations } from '../../src/core/db/migrations/index.ts';
import { projectionsOf } from '../../src/core/engine/ledger.ts';
import { createJournal, type Journal } from '../../src/core/kernel/journal.ts';
import type { Projection } from '../../src/core/kernel/ledger-ports.ts';
import { lookAtLedger } from '../../src/core/ledger/look.ts';
import { createSeal } from '../../src/core/ledger/seal.ts';
import { createLedger, type OwnLedger } from '../../src/core/ledger/service.ts';
import { createLedgerStorage } from '../../src/core/ledger/storage.ts';
import { createMarkStorage } from '../../src/core/trust/marks/storage.ts';
import { recordedMarks } from '../../src/core/trust/recorded.ts';
import { createTrust, type TrustService } from '../../src/core/trust/service.ts';
import { Config } from '../../src/shared/config.ts';
import { LEVELS, type Level } from '../../src/shared/policy.ts';
import { TEST_SECRET, tempDir, testDatabase } from '../builders.ts';
import { createFakeClock, type FakeClock, START } from '../fakes/clock.ts';

const DAY = 86_400_000;
const seal = createSeal(TEST_SECRET);
const folder = tempDir('no-checkpoints');
const { trust: settings } = Config.parse({
  trust: {
    window: { sessions: 3 },
    thresholds: { cautious_to_moderate: { minSessions: 3, minDaysAtLevel: 0, minEvaluations: 3 } },
  },
});

let database: ReturnType<typeof testDatabase>;
let clock: FakeClock;
let journal: Journal;
let ledger: OwnLedger;
let trust: TrustService;
let alerts: ReturnType<typeof createAlerts>;
let marks: ReturnType<typeof createMarkStorage>;
let made = 0;

/** Everything anew on the same file, as after a restart. */
function start(projections: Projection[] = projectionsOf(database.db)): void {
  const { db } = database;
  journal = createJournal(db, clock, (error) => {
    throw error;
  });
  ledger = createLedger({ db, journal, clock, seal, projections });
  const trusted = { ...ledger, whyNotRaise: () => null };
  trust = createTrust({ db, journal, clock, ids: createIds(), ledger: trusted, config: () => settings });
  alerts = createAlerts({ db, journal, clock, ledger, trust, judged: () => undefined });
  marks = recordedMarks(createMarkStorage(db), ledger);
}

function anew(): void {
  database = testDatabase();
  clock = createFakeClock();
}

/** What is found, in words. */
async function found(): Promise<string[]> {
  const { db } = database;
  const projections = projectionsOf(db);
  const storage = createLedgerStorage(db);
  const deps = { storage, seal, folder, projections, breathe: async () => undefined };
  return (await lookAtLedger(deps, true)).findings.map(({ name, words }) => `${name}: ${words}`);
}

function session(score: number | null, level: Level = trust.level()): void {
  made += 1;
  const sessionId = `ses_${made}`;
  journal.commit((emit) => {
    trust.creditSession(emit, sessionId, level);
    trust.creditEvaluation(emit, { sessionId, evaluationId: `evl_${made}`, level, score });
  });
}
function shadow(): string {
  made += 1;
  const id = `dec_${made}`;
  journal.commit(() => marks.addShadow(id, 'cautious', 'ask', 'It writes.', clock.now()));
  return id;
}
function alert(): string {
  made += 1;
  const id = `alr_${made}`;
  const level = trust.level();
  const told = { id, at: clock.now(), level, kind: 'service', subject: 'api is down', place: null } as const;
  journal.commit(() => {
    createAlertStorage(database.db).tell(told);
    ledger.append(toldEntry(told));
  });
  return id;
}
const mark = (id: string, agrees: boolean | null) => journal.commit(() => marks.mark(id, agrees, 'me', clock.now()));

/** A statement of somebody else's, who takes the triggers off and puts them back. */
function byHand(sql: string): void {
  const { db } = database;
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const trigger of triggers) db.exec(trigger.sql);
}

/** Two of each: severe events, shadows and marks, verdicts, days that are over, a promotion that was declined. */
function life(): void {
  trust.setLevel({ level: 'cautious', by: 'me', override: { confirm: 'cautious' } });
  for (const score of [4, 5, 4]) session(score);
  if (trust.check() !== null) {
    trust.declinePromotion({ by: 'me', reason: 'Not yet.', askAgainAt: clock.now() + 30 * DAY });
  }
  for (let day = 0; day < 3; day += 1) {
    clock.advance(60_000);
    trust.beat();
    clock.jump(DAY);
  }
  trust.report({ kind: 'lost_work', text: 'It lost work.', sessionId: 'ses_1', by: 'me' });
  trust.report({ kind: 'secret', text: 'It leaked.', sessionId: null, by: 'me' });
  for (const agrees of [true, false]) mark(shadow(), agrees);
  for (const verdict of ['useful', 'false'] as const) alerts.judge(alert(), verdict, 'me');
}

const FIRST = (table: string, key = 'rowid'): string => `(SELECT min(${key}) FROM ${table})`;

/** What is done by hand, and how it is named. */
const DONE: readonly (readonly [string, RegExp])[] = [
  [
    `UPDATE severe_events SET after_seq = 0 WHERE rowid = ${FIRST('severe_events')}`,
    /severe event sev_\S+ stands other/,
  ],
  ["UPDATE severe_events SET kind = 'hostile' WHERE kind = 'secret'", /severe event sev_\S+ stands otherwise/],
  ["DELETE FROM severe_events WHERE kind = 'secret'", /severe event sev_\S+ is missing/],
  [
    `INSERT INTO severe_events SELECT 'sev_x', 'outage', source_kind, 'x', session_id, level, interval_id, text,
       recorded_by, after_seq, at FROM severe_events LIMIT 1`,
    /severe event sev_x, of which no event speaks/,
  ],
  [
    `UPDATE stay_time SET ms = 1000000000 WHERE day = ${FIRST('stay_time', 'day')}`,
    /day \d+ of stay 2 stands otherwise/,
  ],
  [`DELETE FROM stay_time WHERE day = ${FIRST('stay_time', 'day')}`, /day \d+ of stay 2 is missing/],
  ['INSERT INTO stay_time VALUES (2, 1, 86400000, 1)', /day 1 of stay 2, of which no event speaks/],
  ['INSERT INTO stay_time VALUES (2, 1, 86400000, 0), (2, 2, 86400000, 0)', /day [12] of stay 2, of which no event/],
  ['INSERT INTO stay_time VALUES (2, 1, 86400001, 0)', /day 1 of stay 2, of which no event speaks/],
  ["UPDATE shadow_decisions SET would = 'allow'", /shadow of the decision dec_\d+ stands otherwise/],
  ['DELETE FROM shadow_decisions', /shadow of the decision dec_\d+ is missing/],
  [
    "INSERT INTO shadow_decisions VALUES ('dec_x', 'cautious', 'allow', '', 1)",
    /decision dec_x, of which no event speaks/,
  ],
  ['UPDATE shadow_marks SET agrees = 1', /mark of the decision dec_\d+ \(1\) stands otherwise/],
  ['DELETE FROM shadow_marks WHERE agrees = 0', /mark of the decision dec_\d+ \(1\) is missing/],
  [
    `INSERT INTO shadow_marks SELECT NULL, decision_id, 1, 'me', 1 FROM shadow_marks LIMIT 1`,
    /mark of the decision dec_\d+ \(2\), of which no event speaks/,
  ],
  ["UPDATE alert_verdicts SET verdict = 'useful'", /verdict on the alert alr_\d+ \(1\) stands otherwise/],
  ["DELETE FROM alert_verdicts WHERE verdict = 'false'", /verdict on the alert alr_\d+ \(1\) is missing/],
  [
    `INSERT INTO alert_verdicts SELECT NULL, alert_id, 'useful', 'me', 1 FROM alert_verdicts LIMIT 1`,
    /verdict on the alert alr_\d+ \(2\), of which no event speaks/,
  ],
  ["UPDATE alerts SET verdict = 'useful'", /alert alr_\d+ stands otherwise/],
  ["UPDATE alerts SET level = 'full'", /alert \S+ stands otherwise/],
  [
    "INSERT INTO alerts (id, at, level, kind, subject, verdict) VALUES ('alr_x', 1, 'full', 'incident', '', 'useful')",
    /alert alr_x, of which no event speaks/,
  ],
  ['UPDATE promotions SET ask_again_at = 1', /promotion pro_\S+ is not as the events say/],
  ["UPDATE level_intervals SET cause = 'promotion' WHERE id = 2", /stay at cautious by me is not as the events say/],
  ['UPDATE level_intervals SET after_seq = 1 WHERE id = 2', /stay at cautious by me is not as the events say/],
  [
    "UPDATE level_intervals SET source_id = 'x', source_kind = 'person' WHERE id = 2",
    /stay at cautious by me is not as/,
  ],
];

beforeEach(anew);

describe('the tables of trust beside the ledger', () => {
  it('are whole as they were written, after a restart, and after what stands there was accepted', async () => {
    start();
    life();
    expect(await found()).toEqual([]);
    database.reopen();
    start();
    journal.commit(() => ledger.begin({ digest: '0'.repeat(43), after: ledger.head().seq, body: {} }));
    const differences = projectionsOf(database.db).flatMap((projection) => {
      const check = projection.begin();
      for (const one of projection.entries()) {
        if (projection.kinds.includes(one.kind)) check.event({ ...one, seq: 1, at: 1 });
      }
      return check.end();
    });
    expect(differences).toEqual([]);
  });

  it('name what was edited, deleted and put in by hand', async () => {
    start();
    life();
    const { db } = database;
    db.pragma('foreign_keys = OFF');
    for (const [sql, words] of DONE) {
      db.exec('BEGIN');
      byHand(sql);
      const said = await found();
      expect(said, sql).toEqual(expect.arrayContaining([expect.stringMatching(words)]));
      expect(
        said.every((one) => one.startsWith('tables-differ: ')),
        sql,
      ).toBe(true);
      db.exec('ROLLBACK');
    }
    expect(await found()).toEqual([]);
  });

  it('take what was there before the ledger, or before it was compared, for no tampering', async () => {
    const dir = tempDir('older');
    const db = new Sqlite(join(dir, 'tenure.db'));
    migrate(db, migrations.slice(0, 19));
    db.exec(`
      INSERT INTO level_intervals (level, entered_at, left_at, entered_by, reason) VALUES
        ('observe', ${START - 90 * DAY}, ${START - 40 * DAY}, 'tenure', 'First start.'),
        ('cautious', ${START - 40 * DAY}, NULL, 'me', 'Set by hand.');
      INSERT INTO promotions VALUES ('pro_1', 'cautious', 'moderate', 2, 'declined', '{}', 'Up?', 1, 2, 3, 'me', NULL);
      INSERT INTO alerts (id, at, level, kind, subject, verdict) VALUES
        ('alr_a', 1, 'cautious', 'incident', 'api', 'useful'), ('alr_b', 1, 'cautious', 'incident', 'api', NULL);`);
    db.close();
    database.db.close();
    database = testDatabase(dir);
    start();
    expect(await found()).toEqual([]);
    alerts.judge('alr_a', null, 'me');
    alerts.judge('alr_b', 'false', 'me');
    trust.beat();
    life();
    expect(await found()).toEqual([]);
    byHand("UPDATE alerts SET verdict = 'useful' WHERE id = 'alr_a'");
    expect(await found()).toEqual([expect.stringContaining('alert alr_a stands otherwise')]);

    // A ledger that began when these tables were not compared.
    anew();
    trustBefore();
    life();
    start();
    life();
    expect(await found()).toEqual([]);
  });

  it('are whole after any history, however the clock jumps, over restarts', async () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant('score' as const), n: fc.integer({ min: 0, max: 5 }) }),
      fc.record({ what: fc.constant('severe' as const), n: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ what: fc.constant('jump' as const), n: fc.integer({ min: -400, max: 400 }) }),
      fc.record({ what: fc.constant('beat' as const), n: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ what: fc.constant('level' as const), n: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ what: fc.constant('promotion' as const), n: fc.integer({ min: 0, max: 2 }) }),
      fc.record({ what: fc.constant('mark' as const), n: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ what: fc.constant('verdict' as const), n: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ what: fc.constant('restart' as const), n: fc.constant(0) }),
    );
    const shadows: string[] = [];
    const told: string[] = [];
    const acts: Record<string, (n: number) => void> = {
      score: (n) => session(n === 0 ? null : n),
      severe: (n) =>
        void trust.report({
          kind: (['hostile', 'secret', 'outage', 'lost_work'] as const)[n] ?? 'secret',
          text: 'It happened.',
          sessionId: n % 2 === 0 ? null : `ses_${made}`,
          by: 'me',
        }),
      jump: (n) => clock.jump(n * DAY + n * 1_000),
      beat(n) {
        clock.advance(n * 5_000);
        trust.beat();
      },
      level(n) {
        const to = LEVELS[n] ?? 'observe';
        if (LEVELS.indexOf(to) <= LEVELS.indexOf(trust.level()) + 1)
          trust.setLevel({ level: to, by: 'me', override: { confirm: to } });
      },
      promotion(n) {
        if (trust.check() === null) return;
        if (n === 0) trust.approvePromotion({ by: 'me' });
        else trust.declinePromotion({ by: 'me', askAgainAt: n === 1 ? null : clock.now() + DAY });
      },
      mark(n) {
        const id = shadows[n] ?? shadow();
        if (shadows[n] === undefined) shadows.push(id);
        mark(id, [true, false, null][n % 3] ?? null);
      },
      verdict(n) {
        const id = told[n] ?? alert();
        if (told[n] === undefined) told.push(id);
        alerts.judge(id, (['useful', 'false', null] as const)[(n + made) % 3] ?? null, 'me');
      },
      restart: () => start(),
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        anew();
        shadows.length = 0;
        told.length = 0;
        start();
        for (const { what, n } of steps) acts[what]?.(n);
        start();
        expect(await found()).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

/** The ledger as a version without these comparisons began it. */
const trustBefore = (): void => start([]);
