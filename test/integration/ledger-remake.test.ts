import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createIds } from '../../src/core/adapters/ids.ts';
import { createAlerts } from '../../src/core/alerts/service.ts';
import { projectionsOf } from '../../src/core/engine/ledger.ts';
import { createJournal, type Journal } from '../../src/core/kernel/journal.ts';
import { createKeeper } from '../../src/core/ledger/keeper.ts';
import { createSeal } from '../../src/core/ledger/seal.ts';
import { createLedger, type OwnLedger } from '../../src/core/ledger/service.ts';
import { createLedgerStorage } from '../../src/core/ledger/storage.ts';
import { createMarkStorage } from '../../src/core/trust/marks/storage.ts';
import { recordedMarks } from '../../src/core/trust/recorded.ts';
import { createTrust, type TrustService } from '../../src/core/trust/service.ts';
import { Config } from '../../src/shared/config.ts';
import type { Envelope } from '../../src/shared/contract/index.ts';
import { LEVELS } from '../../src/shared/policy.ts';
import { insertProject, insertSession, TEST_SECRET, tempDir, testDatabase } from '../builders.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';

/** Lives of the level, each with a database of its own. TENURE_LIVES=10000 plays as many. */
const LIVES = Number(process.env.TENURE_LIVES ?? 25);
const DAY = 86_400_000;
const seal = createSeal(TEST_SECRET);
const { trust: settings } = Config.parse({
  trust: {
    window: { sessions: 3 },
    thresholds: { cautious_to_moderate: { minSessions: 3, minDaysAtLevel: 0, minEvaluations: 3 } },
  },
});
/** Every table that a level is computed from, and what tells its rows apart. */
const TABLES: Readonly<Record<string, string>> = {
  trust_ledger: '*',
  trust_overrides: '*',
  level_intervals: '*',
  promotions: '*',
  severe_events: '*',
  stay_time: 'interval_id, day, ms',
  trust_ends: 'session_id, outcome, agent, model, agent_version, at',
  shadow_decisions: '*',
  shadow_marks: 'decision_id, agrees, marked_by, at',
  alerts: '*',
  alert_verdicts: 'alert_id, verdict, judged_by, at',
};
const OUTCOMES = ['completed', 'stopped', 'nothing_to_do', 'transient', 'failed', 'timed_out'] as const;

let database: ReturnType<typeof testDatabase>;
let clock: FakeClock;
let journal: Journal;
let ledger: OwnLedger;
let trust: TrustService;
let alerts: ReturnType<typeof createAlerts>;
let marks: ReturnType<typeof createMarkStorage>;
let keeper: ReturnType<typeof createKeeper>;
let project: string;
let folder: string;
const sessions: string[] = [];
const told: string[] = [];
const shadows: string[] = [];
let made = 0;

function start(): void {
  const { db } = database;
  journal = createJournal(db, clock, (error) => {
    throw error;
  });
  const projections = projectionsOf(db);
  ledger = createLedger({ db, journal, clock, seal, projections });
  const trusted = { ...ledger, whyNotRaise: () => null };
  trust = createTrust({ db, journal, clock, ids: createIds(), ledger: trusted, config: () => settings });
  alerts = createAlerts({ db, journal, clock, ledger, trust, judged: () => undefined });
  marks = recordedMarks(createMarkStorage(db), ledger);
  keeper = createKeeper({
    ledger,
    storage: createLedgerStorage(db),
    seal,
    journal,
    clock,
    folder: () => folder,
    projections,
    isLost: false,
    key: 'The key lies in a file.',
    breathe: async () => undefined,
    onRemade: (emit) => trust.remade(emit),
    onBroken: (reason) => trust.fallToObserve(reason),
    onProblem: (error) => {
      throw error;
    },
    onState: () => undefined,
  });
}

function anew(): void {
  database = testDatabase();
  clock = createFakeClock();
  folder = tempDir('checkpoints');
  project = insertProject(database.db);
  sessions.length = told.length = shadows.length = made = 0;
  start();
}

const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];

function endSession(id: string, outcome: string): void {
  database.db.prepare("UPDATE sessions SET outcome = ?, state = 'ended', model = 'opus' WHERE id = ?").run(outcome, id);
  const fact = { type: 'session.ended', body: { session: { id, held: null, stall: null } } } as unknown as Envelope;
  journal.commit((emit) => emit(fact));
}

const ACTS: Readonly<Record<string, (n: number) => void>> = {
  begin() {
    const id = insertSession(database.db, { projectId: project, level: trust.level() });
    sessions.push(id);
    journal.commit((emit) => trust.creditSession(emit, id, trust.level()));
  },
  end(n) {
    const id = nth(sessions, n);
    if (id) endSession(id, OUTCOMES[n % OUTCOMES.length] ?? 'failed');
  },
  score(n) {
    const id = nth(sessions, n);
    const level = LEVELS[n % 3] ?? 'observe';
    if (!id) return;
    const entry = { sessionId: id, evaluationId: `evl_${id}`, level, score: n % 6 || null };
    journal.commit((emit) => trust.creditEvaluation(emit, entry));
  },
  rate(n) {
    const id = nth(sessions, n);
    if (!id) return;
    const given = { sessionId: id, level: trust.level(), score: n % 6 || null, by: 'me' };
    journal.commit((emit) => trust.overrideEvaluation(emit, given));
  },
  severe(n) {
    const kind = (['hostile', 'secret', 'outage', 'lost_work'] as const)[n % 4] ?? 'secret';
    const sessionId = n % 2 === 0 ? null : (nth(sessions, n) ?? null);
    trust.report({ kind, text: 'It happened.', sessionId, by: 'me' });
  },
  jump: (n) => clock.jump((n - 20) * 20 * DAY),
  beat(n) {
    clock.advance(n * 5_000);
    trust.beat();
  },
  day() {
    clock.advance(DAY);
    trust.beat();
  },
  level(n) {
    const to = LEVELS[n % 4] ?? 'observe';
    if (LEVELS.indexOf(to) <= LEVELS.indexOf(trust.level()) + 1)
      trust.setLevel({ level: to, by: 'me', override: { confirm: to } });
  },
  promotion(n) {
    if (trust.check() === null) return;
    if (n % 3 === 0) trust.approvePromotion({ by: 'me' });
    else trust.declinePromotion({ by: 'me', askAgainAt: n % 3 === 1 ? null : clock.now() + DAY });
  },
  shadow(n) {
    made += 1;
    const id = nth(shadows, n) ?? `dec_${made}`;
    if (!shadows.includes(id)) {
      shadows.push(id);
      journal.commit(() => marks.addShadow(id, 'cautious', 'ask', 'It writes.', clock.now()));
    }
    journal.commit(() => marks.mark(id, [true, false, null][n % 3] ?? null, 'me', clock.now()));
  },
  alert(n) {
    made += 1;
    const body = { sessionId: `ses_a${made}`, project: 'app', score: 2, reason: 'No test ran.' };
    journal.commit((emit) => emit({ type: 'evaluation.alerted', body }));
    told.push(`score:ses_a${made}`);
    const id = nth(told, n);
    if (id) alerts.judge(id, (['useful', 'false', null] as const)[n % 3] ?? null, 'me');
  },
  incident(n) {
    const id = `inc_${n % 3}`;
    const row =
      "INSERT INTO alerts (id, at, level, kind, subject) VALUES (?, ?, ?, 'service', 'Web') ON CONFLICT DO NOTHING";
    database.db.prepare(row).run(id, clock.now(), trust.level());
    const body = {
      incident: { id, serviceId: null, closedAt: null },
      message: { kind: 'down', title: 'Web', body: '' },
    };
    journal.commit((emit) => emit({ type: 'incident.told', body } as unknown as Envelope));
    if (n % 2) alerts.judge(id, n % 4 === 1 ? 'useful' : null, 'me');
  },
  restart: () => start(),
};
const step = fc.tuple(fc.constantFrom(...Object.keys(ACTS)), fc.integer({ min: 0, max: 40 }));

function dump(): Record<string, unknown[]> {
  const { db } = database;
  return Object.fromEntries(
    Object.entries(TABLES).map(([table, columns]) => [
      table,
      db
        .prepare(`SELECT ${columns} FROM ${table} ORDER BY rowid`.replace(/(stay_time ORDER BY )rowid/, '$1 1, 2'))
        .all(),
    ]),
  );
}

/** The replay of everything into the tables, as when a person asks for it, and taken back afterwards. */
function replayed(): Record<string, unknown[]> {
  const { db } = database;
  db.exec('BEGIN');
  const storage = createLedgerStorage(db);
  storage.loosen();
  for (const { kinds, remake } of projectionsOf(db)) {
    const open = remake?.();
    for (const event of ledger.read()) if (kinds.includes(event.kind)) open?.event(event);
    open?.end();
  }
  const after = dump();
  db.exec('ROLLBACK');
  return after;
}

/** What whoever looks after the ledger would find. */
function differences(): string[] {
  return projectionsOf(database.db).flatMap(({ kinds, begin }) => {
    const open = begin();
    for (const event of ledger.read()) if (kinds.includes(event.kind)) open.event(event);
    return open.end();
  });
}

/** Somebody else's statement, past the triggers and foreign keys. */
function byHand(sql: string): void {
  const { db } = database;
  db.pragma('foreign_keys = OFF');
  db.transaction(() => {
    createLedgerStorage(db).loosen();
    db.exec(sql);
    createLedgerStorage(db).protect();
  })();
  db.pragma('foreign_keys = ON');
}

/** Something in every table: a promotion that was declined, a score that was rated otherwise, a day that is over. */
function life(): void {
  trust.setLevel({ level: 'cautious', by: 'me', override: { confirm: 'cautious' } });
  for (let n = 0; n < 4; n += 1) {
    ACTS.begin?.(0);
    endSession(sessions.at(-1) ?? '', 'completed');
    const sessionId = sessions.at(-1) ?? '';
    const entry = { sessionId, evaluationId: `evl_${n}`, level: 'cautious' as const, score: 4 };
    journal.commit((emit) => trust.creditEvaluation(emit, entry));
  }
  ACTS.rate?.(3);
  trust.check();
  trust.declinePromotion({ by: 'me', reason: 'Not yet.' });
  for (const [n, act] of ['beat', 'day', 'beat', 'shadow', 'alert', 'severe', 'begin', 'beat'].entries())
    ACTS[act]?.(n + 1);
}

const TAMPERINGS = [
  'UPDATE trust_ledger SET score = 5 WHERE score IS NOT NULL',
  "UPDATE trust_ends SET outcome = 'stopped'",
  "UPDATE trust_ends SET model = 'sonnet'",
  'DELETE FROM trust_ends',
  "INSERT INTO trust_ends (session_id, outcome, agent, at) VALUES ('ses_x', 'completed', 'claude', 1)",
  'UPDATE trust_overrides SET score = 5',
  'DELETE FROM trust_overrides',
  'DELETE FROM severe_events',
  "UPDATE level_intervals SET level = 'full' WHERE left_at IS NULL",
  "UPDATE level_intervals SET cause = 'promotion', after_seq = 0",
  "UPDATE promotions SET state = 'approved' WHERE state <> 'approved'",
  'DELETE FROM promotions',
  'UPDATE stay_time SET ms = 86400000, in_ledger = 1',
  'UPDATE shadow_marks SET agrees = 1',
  'DELETE FROM shadow_decisions',
  "UPDATE alerts SET level = 'full'",
  "UPDATE alerts SET verdict = 'useful'",
  'DELETE FROM alert_verdicts; DELETE FROM alerts',
  "INSERT INTO alerts (id, at, level, kind, subject) VALUES ('x', 1, 'observe', 'other', 'x')",
];

beforeEach(anew);

describe('the tables of trust from the ledger alone', () => {
  it(
    'are what they were, whatever was lived',
    () => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
          anew();
          for (const [act, n] of steps) ACTS[act]?.(n);
          expect(replayed()).toEqual(dump());
          expect(differences()).toEqual([]);
          database.db.close();
        }),
        { numRuns: LIVES },
      );
    },
    LIVES * 400 + 20_000,
  );

  it.each(TAMPERINGS)('undo, when a person asks for it: %s', async (sql) => {
    life();
    const before = dump();
    const trusted = trust.get();
    byHand(sql);
    start();
    expect(dump()).not.toEqual(before);
    const { state, findings } = await keeper.verify();
    expect([state, ...new Set(findings.map(({ name }) => name))]).toEqual(['broken', 'tables-differ']);

    expect((await keeper.acknowledge({ by: 'me', reason: 'Not mine.', tables: 'remake' })).state).toBe('sound');
    const after = dump();
    for (const table of Object.keys(TABLES).filter((name) => name !== 'level_intervals' && name !== 'promotions')) {
      const was = before[table] ?? [];
      // The day that lasts has gone on; whatever else was written meanwhile comes after.
      if (table !== 'stay_time') expect(after[table]?.slice(0, was.length), table).toEqual(was);
    }
    // It begins at the lowest, and everything that was earned counts as before.
    expect(trust.level()).toBe('observe');
    const stays = trust.history().intervals.map(({ level, enteredAt }) => [level, enteredAt]);
    expect(stays).toContainEqual([trusted.level, trusted.since]);
    expect(await keeper.verify()).toMatchObject({ state: 'sound', findings: [] });
  });

  it('are kept where the person accepts them as they are, and never made from events that were changed', async () => {
    ACTS.begin?.(0);
    ACTS.score?.(4);
    byHand('UPDATE trust_ledger SET score = 5 WHERE score IS NOT NULL');
    await keeper.verify();
    await keeper.acknowledge({ by: 'me', reason: 'I rated it by hand.', tables: 'keep' });
    expect(dump().trust_ledger).toMatchObject([{}, { score: 5 }]);

    byHand('UPDATE trust_ledger SET score = 1 WHERE score IS NOT NULL');
    database.db.exec('DROP TRIGGER ledger_events_no_update');
    database.db.exec("UPDATE ledger_events SET body = replace(body, '5', '4') WHERE kind = 'ledger.restated'");
    start();
    await keeper.verify();
    await expect(keeper.acknowledge({ by: 'me', reason: 'x', tables: 'remake' })).rejects.toThrow(
      /nothing can be made/,
    );
    expect(keeper.state().state).toBe('broken');
  });
});
