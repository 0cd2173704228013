import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, testLedger } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock, START } from '../../../test/fakes/clock.ts';
import { Config } from '../../shared/config.ts';
import type { Envelope } from '../../shared/contract/index.ts';
import { LEVELS, type Level } from '../../shared/policy.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal, type Journal } from '../kernel/journal.ts';
import { trustEntries } from './recorded.ts';
import { createTrust, type TrustService } from './service.ts';
import { createTrustStorage } from './storage.ts';

const DAY = 86_400_000;
const person = { by: 'owner (test)' };
let database: ReturnType<typeof testDatabase>;
let clock: FakeClock;
let journal: Journal;
let trust: TrustService;
let facts: Envelope[];
let settings: Config['trust'];

/** Everything anew on the same file, as after a restart of the program. */
function start(): void {
  journal = createJournal(database.db, clock, (error) => {
    throw error;
  });
  facts = [];
  journal.subscribe((fact) => facts.push(fact));
  const ledger = testLedger(database.db, journal, clock);
  trust = createTrust({ db: database.db, journal, clock, ids: createIds(), ledger, config: () => settings });
}

function restart(): void {
  database.reopen();
  start();
}

beforeEach(() => {
  database = testDatabase();
  clock = createFakeClock();
  settings = Config.parse({}).trust;
  start();
});

let made = 0;
/** A session that reached work at that level, and its evaluation; `score` undefined: not evaluated. */
function session(level: Level, score?: number | null): string {
  made += 1;
  const id = `ses_${made}`;
  journal.commit((emit) => {
    trust.creditSession(emit, id, level);
    if (score !== undefined) trust.creditEvaluation(emit, { sessionId: id, evaluationId: `evl_${made}`, level, score });
  });
  return id;
}

const sessions = (n: number, level: Level, score: number | null): void => {
  for (let i = 0; i < n; i += 1) session(level, score);
};

/** Time passes in which the machine runs: what so many beats of the engine would have written. */
function live(days: number): void {
  clock.advance(days * DAY);
  const add = database.db.prepare(
    `INSERT INTO stay_time (interval_id, day, ms, in_ledger) SELECT id, ?, ?, 1 FROM level_intervals WHERE left_at IS NULL
     ON CONFLICT DO UPDATE SET ms = ms + excluded.ms`,
  );
  // A day has no more than 24 hours.
  const today = Math.floor(clock.now() / DAY);
  for (let day = 0; day < days; day += 1) add.run(today - 1 - day, Math.round(Math.min(1, days - day) * DAY));
}

/** Up by one step, earned or not. */
const raise = (level: Level, reason?: string) =>
  trust.setLevel({ level, ...person, reason, override: { confirm: level } });

/** A record that has earned the step from cautious to moderate. */
function earned(): void {
  trust.setLevel({ level: 'cautious', ...person });
  sessions(30, 'cautious', 4);
  live(7);
}

describe('the first start', () => {
  it('begins a stay at observe, once', () => {
    restart();
    restart();
    expect(trust.level()).toBe('observe');
    expect(trust.history().intervals).toEqual([
      {
        level: 'observe',
        enteredAt: START,
        leftAt: null,
        by: 'tenure',
        reason: 'First start.',
        cause: 'start',
        source: null,
        days: 0,
      },
    ]);
    expect(trust.get()).toEqual({
      noEvidence: 0,
      window: { needed: 10, scored: 0, avgScore: null, days: 14, reset: null, probation: [] },
      coverage: { scored: 0, of: 0, ratio: null },
      severe: 0,
      poorInRow: 0,
      alerts: { useful: 0, false: 0, unjudged: 0, falseRate: null },
      lack: null,
      level: 'observe',
      since: START,
      sessions: 0,
      evaluations: 0,
      unscored: 0,
      avgScore: null,
      days: 0,
      thresholds: null,
      promotionProgress: null,
      promotion: null,
    });
  });
});

describe('the ledger', () => {
  const sortedNames = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sortedNames)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, part]) => [name, sortedNames(part)]),
          )
        : value;
  it('1: ten restarts with a full history leave the totals as they are (T-001)', () => {
    trust.setLevel({ level: 'cautious', ...person });
    sessions(40, 'cautious', 3);
    session('cautious', null);
    const before = trust.get();
    expect(before).toMatchObject({ sessions: 41, evaluations: 40, unscored: 1, avgScore: 3 });
    for (let i = 0; i < 10; i += 1) restart();
    expect(trust.get()).toEqual(before);
  });

  it('2: a start without an evaluation leaves the mean as it is (T-002)', () => {
    sessions(3, 'observe', 5);
    session('observe');
    expect(trust.get()).toMatchObject({ sessions: 4, evaluations: 3, unscored: 0, avgScore: 5 });
  });

  it('3: 250 evaluations in a row are all counted (T-003)', () => {
    journal.commit(() => sessions(250, 'observe', 2));
    expect(trust.get()).toMatchObject({ sessions: 250, evaluations: 250, avgScore: 2 });
  });

  it('5: what arrives after the level changed is credited to the level at which it ran (T-005)', () => {
    trust.setLevel({ level: 'cautious', ...person });
    const id = session('cautious');
    raise('moderate');
    facts.length = 0;
    journal.commit((emit) =>
      trust.creditEvaluation(emit, { sessionId: id, evaluationId: 'evl_late', level: 'cautious', score: 5 }),
    );
    expect(trust.get()).toMatchObject({ level: 'moderate', sessions: 0, evaluations: 0, avgScore: null });
    expect(facts).toEqual([]);
    trust.setLevel({ level: 'cautious', ...person });
    expect(trust.get()).toMatchObject({ sessions: 1, evaluations: 1, avgScore: 5 });
  });

  it('6: a failed start counts as nothing, evaluated or not (T-007)', () => {
    journal.commit((emit) =>
      trust.creditEvaluation(emit, {
        sessionId: 'ses_failed',
        evaluationId: 'evl_failed',
        level: 'observe',
        score: null,
      }),
    );
    expect(trust.get()).toMatchObject({ sessions: 0, evaluations: 0, unscored: 0, avgScore: null });
  });

  it('unscored sessions count as sessions and stay out of the mean (T-006)', () => {
    session('observe', 4);
    session('observe', null);
    expect(trust.get()).toMatchObject({ sessions: 2, evaluations: 1, unscored: 1, avgScore: 4 });
  });

  it('cannot be changed, and takes no score that is none', () => {
    const id = session('observe', 4);
    expect(() => database.db.prepare('UPDATE trust_ledger SET score = 5').run()).toThrow(/append-only/);
    expect(() => database.db.prepare('DELETE FROM trust_ledger').run()).toThrow(/append-only/);
    for (const score of [0, 6, 2.5]) {
      const entry = { sessionId: `${id}-${score}`, evaluationId: `evl-${score}`, level: 'observe' as const, score };
      expect(() => journal.commit((emit) => trust.creditEvaluation(emit, entry))).toThrow();
    }
    expect(trust.get()).toMatchObject({ evaluations: 1, avgScore: 4 });
  });

  it('belongs to the commit that it is in, and is told once', () => {
    facts.length = 0;
    expect(() =>
      journal.commit((emit) => {
        trust.creditSession(emit, 'ses_a', 'observe');
        throw new Error('killed');
      }),
    ).toThrow('killed');
    expect(trust.get().sessions).toBe(0);
    const credit = () => journal.commit((emit) => trust.creditSession(emit, 'ses_a', 'observe'));
    expect([credit(), credit()]).toEqual([true, false]);
    expect(facts.map((fact) => [fact.type, fact.body])).toEqual([['trust.changed', { trust: trust.get() }]]);
  });

  it('counts each session and evaluation once, whatever is repeated, whenever it restarts', () => {
    const event = fc.record({
      n: fc.nat(8),
      level: fc.constantFrom(...LEVELS),
      score: fc.option(fc.integer({ min: 1, max: 5 })),
      what: fc.constantFrom('session', 'evaluation', 'restart'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        database = testDatabase();
        start();
        const seen = {
          session: new Map<number, Level>(),
          evaluation: new Map<number, { level: Level; score: number | null }>(),
        };
        for (const { n, level, score, what } of events) {
          if (what === 'restart') {
            restart();
            continue;
          }
          const isNew = journal.commit((emit) =>
            what === 'session'
              ? trust.creditSession(emit, `s${n}`, level)
              : trust.creditEvaluation(emit, { sessionId: `s${n}`, evaluationId: `e${n}`, level, score }),
          );
          expect(isNew).toBe(!seen[what].has(n));
          if (!isNew) continue;
          if (what === 'session') seen.session.set(n, level);
          else seen.evaluation.set(n, { level, score });
        }
        const summary = database.db
          .prepare<[], Record<string, unknown>>(
            'SELECT autonomy_level AS level, total_sessions AS sessions, total_evaluations AS evaluations, sum_eval_scores AS sum FROM trust_summary',
          )
          .all();
        expect(summary).toEqual(
          LEVELS.map((level) => {
            const scores = [...seen.evaluation.values()].flatMap((e) =>
              e.level === level && e.score !== null ? [e.score] : [],
            );
            return {
              level,
              sessions: [...seen.session.values()].filter((one) => one === level).length,
              evaluations: scores.length,
              sum: scores.reduce((sum, score) => sum + score, 0),
            };
          }),
        );
        database.db.close();
      }),
      { numRuns: 25 },
    );
  });
});

describe('the level', () => {
  it('4: days are those of the stays, over restarts (T-004)', () => {
    trust.setLevel({ level: 'cautious', ...person });
    live(3);
    raise('moderate');
    live(5);
    restart();
    expect(trust.get().days).toBe(5);
    trust.setLevel({ level: 'cautious', ...person, reason: '  too soon  ' });
    live(1);
    restart();
    expect(trust.get()).toMatchObject({ level: 'cautious', days: 4, since: START + 8 * DAY });
    expect(trust.history().intervals.map(({ level, by, reason }) => [level, by, reason])).toEqual([
      ['cautious', 'owner (test)', 'too soon'],
      ['moderate', 'owner (test)', expect.stringMatching(/^Set by hand\. \(Override: The record has not earned/)],
      ['cautious', 'owner (test)', 'Set by hand.'],
      ['observe', 'tenure', 'First start.'],
    ]);
  });

  it('rises one step at a time, falls to any, and is told with who and why (T-012)', () => {
    for (const level of ['moderate', 'full'] as const) {
      expect(() => trust.setLevel({ level, ...person })).toThrow(
        expect.objectContaining({
          kind: 'not_allowed',
          message: expect.stringMatching(/one step at a time\. The owner can override that/),
        }),
      );
    }
    for (const level of ['cautious', 'moderate', 'full'] as const) expect(raise(level).level).toBe(level);
    expect(trust.setLevel({ level: 'observe', ...person, reason: 'enough' }).level).toBe('observe');
    expect(facts.at(-1)).toMatchObject({
      type: 'level.changed',
      body: { from: 'full', to: 'observe', by: 'owner (test)', reason: 'enough', trust: trust.get() },
    });
    const told = facts.length;
    trust.setLevel({ level: 'observe', ...person });
    expect(facts).toHaveLength(told);
    expect(trust.history().intervals).toHaveLength(5);
  });

  it('8: survives another writer that saves what it read before (T-013)', () => {
    const id = session('observe');
    journal.commit((emit) => {
      // Somebody in the middle of a change of his own, with the old level in his hands …
      const before = trust.get();
      trust.setLevel({ level: 'cautious', ...person });
      trust.creditEvaluation(emit, { sessionId: id, evaluationId: 'evl_8', level: before.level, score: 3 });
    });
    // … and a second program with the same file open.
    const other = testDatabase(database.dir);
    const otherJournal = createJournal(other.db, clock, () => undefined);
    const ledger = testLedger(other.db, otherJournal, clock);
    const config = () => settings;
    const stale = createTrust({ db: other.db, journal: otherJournal, clock, ids: createIds(), ledger, config });
    raise('moderate');
    otherJournal.commit((emit) => stale.creditSession(emit, 'ses_other', 'observe'));
    restart();
    expect(trust.level()).toBe('moderate');
    expect(stale.level()).toBe('moderate');
  });

  it('gives no days for a clock that is set, nor for sleep (T-018)', () => {
    trust.setLevel({ level: 'cautious', ...person });
    live(2);
    for (const days of [-10, 10, 300, -300]) {
      clock.jump(days * DAY);
      trust.beat();
      expect(trust.get().days).toBe(2);
    }
    // A night: the machine slept, and one beat is all that it counts.
    clock.advance(DAY / 2);
    trust.beat();
    trust.beat();
    expect(trust.get().days).toBe(2);
    for (let minute = 0; minute < 180; minute += 1) {
      clock.advance(60_000);
      trust.beat();
    }
    restart();
    expect(trust.get().days).toBe(2.1);
  });

  it('counts what ran up to the moment at which the level changes, for the stay that ends', () => {
    trust.setLevel({ level: 'cautious', ...person });
    for (let n = 0; n < 3; n += 1) {
      clock.advance(60_000);
      trust.beat();
    }
    clock.advance(30_000);
    trust.setLevel({ level: 'observe', ...person });
    const ran = database.db.prepare('SELECT interval_id, ms FROM stay_time').all();
    expect(ran).toEqual([{ interval_id: 2, ms: 210_000 }]);
  });
});

describe('a promotion', () => {
  it('is never proposed at observe and at full, nor when trust is switched off', () => {
    sessions(60, 'observe', 5);
    clock.advance(60 * DAY);
    expect(trust.check()).toBeNull();
    earned();
    settings = { ...settings, enabled: false };
    expect(trust.check()).toBeNull();
    settings = { ...settings, enabled: true };
    raise('moderate');
    raise('full');
    sessions(60, 'full', 5);
    clock.advance(60 * DAY);
    expect(trust.check()).toBeNull();
    expect(trust.history().promotions).toEqual([]);
  });

  it('is proposed once all conditions hold, once, with its evidence, over restarts', () => {
    trust.setLevel({ level: 'cautious', ...person });
    sessions(30, 'cautious', 4);
    live(6.99);
    expect(trust.check()).toBeNull();
    live(0.01);
    facts.length = 0;
    const promotion = trust.check();
    const named = { sessionId: expect.stringMatching(/^ses_/), project: null, prompt: null, score: 4 };
    expect(promotion).toEqual({
      id: expect.stringMatching(/^pro_/),
      from: 'cautious',
      to: 'moderate',
      state: 'open',
      evidence: {
        sessions: 30,
        evaluations: 30,
        avgScore: 4,
        days: 7,
        thresholds: settings.thresholds.cautious_to_moderate,
        window: { needed: 10, scored: 10, avgScore: 4, days: 14, reset: null, probation: [] },
        coverage: { scored: 30, of: 30, ratio: 1 },
        severe: 0,
        alerts: { useful: 0, false: 0, unjudged: 0, falseRate: null },
        best: [named, named, named, named, named],
        worst: [],
      },
      message: expect.stringMatching(/from cautious to moderate: 30 sessions, average score 4.0\/5, 7 days/),
      proposedAt: START + 7 * DAY,
      expiresAt: START + 21 * DAY,
      decidedAt: null,
      decidedBy: null,
      reason: null,
      askAgainAt: null,
    });
    expect(facts.map((fact) => [fact.type, fact.body])).toEqual([
      ['promotion.proposed', { promotion, trust: trust.get() }],
    ]);
    expect(trust.get().promotion).toEqual(promotion);
    restart();
    expect(trust.check()).toEqual(promotion);
    expect(trust.history().promotions).toEqual([promotion]);
    expect(trust.level()).toBe('cautious');
  });

  it('is approved by a person: exactly one step, a new stay, told', () => {
    earned();
    const id = trust.check()?.id;
    facts.length = 0;
    const after = trust.approvePromotion({ id, ...person });
    expect(after).toMatchObject({ level: 'moderate', sessions: 0, days: 0, promotion: null, since: clock.now() });
    expect(trust.history().promotions).toMatchObject([
      { id, state: 'approved', decidedBy: 'owner (test)', decidedAt: clock.now() },
    ]);
    expect(facts.map((fact) => fact.type)).toEqual(['level.changed', 'promotion.closed']);
    expect(facts.at(-1)?.body).toMatchObject({ promotion: { state: 'approved' }, trust: after });
    expect(() => trust.approvePromotion({ id, ...person })).toThrow(
      expect.objectContaining({ kind: 'conflict', message: 'This promotion was already approved.' }),
    );
    expect(() => trust.approvePromotion(person)).toThrow(expect.objectContaining({ kind: 'not_found' }));
    expect(() => trust.approvePromotion({ id: 'pro_none', ...person })).toThrow(
      expect.objectContaining({ kind: 'not_found' }),
    );
    expect(trust.level()).toBe('moderate');
  });

  it('10: is withdrawn as soon as the score falls, and the click says why (T-009)', () => {
    earned();
    const id = trust.check()?.id;
    facts.length = 0;
    sessions(2, 'cautious', 1);
    expect(trust.get().promotion).toBeNull();
    expect(facts.map(({ type }) => type)).toEqual([
      'trust.changed',
      'trust.changed',
      'trust.changed',
      'promotion.closed',
    ]);
    restart();
    const refusal = {
      kind: 'stale',
      message:
        'The promotion to moderate can no longer be approved. Its evidence no longer holds: an average of 3.4 over the last 10 where 3.5 is needed.',
    };
    expect(() => trust.approvePromotion({ id, ...person })).toThrow(expect.objectContaining(refusal));
    expect(trust.level()).toBe('cautious');
    expect(trust.history().promotions).toMatchObject([{ state: 'withdrawn', decidedBy: 'tenure' }]);
  });

  it('that was withdrawn is proposed anew when the evidence holds again', () => {
    earned();
    trust.check();
    sessions(2, 'cautious', 1);
    expect(trust.check()).toBeNull();
    sessions(10, 'cautious', 5);
    expect(trust.check()).toMatchObject({ state: 'open' });
    expect(trust.history().promotions.map((promotion) => promotion.state)).toEqual(['open', 'withdrawn']);
  });

  it('that was declined until a date is asked again from then on, and not before', () => {
    earned();
    trust.check();
    const at = clock.now() + 2 * DAY;
    expect(() => trust.declinePromotion({ ...person, askAgainAt: clock.now() })).toThrow(/in the future/);
    trust.declinePromotion({ ...person, askAgainAt: at });
    expect(trust.history().promotions).toMatchObject([{ state: 'declined', askAgainAt: at }]);
    clock.advance(2 * DAY - 1);
    restart();
    expect(trust.check()).toBeNull();
    clock.advance(1);
    expect(trust.check()).toMatchObject({ state: 'open' });
  });

  it('that was declined is not asked again until the level changes, over restarts', () => {
    earned();
    trust.check();
    const after = trust.declinePromotion({ ...person, reason: ' not yet ' });
    expect(after).toMatchObject({ level: 'cautious', promotion: null });
    expect(trust.history().promotions).toMatchObject([
      { state: 'declined', reason: 'not yet', decidedBy: 'owner (test)' },
    ]);
    clock.advance(30 * DAY);
    restart();
    expect(trust.check()).toBeNull();
    expect(() => trust.declinePromotion(person)).toThrow(expect.objectContaining({ kind: 'not_found' }));
    trust.setLevel({ level: 'observe', ...person });
    trust.setLevel({ level: 'cautious', ...person });
    expect(trust.check()).toBeNull();
    sessions(10, 'cautious', 4);
    expect(trust.check()).toMatchObject({ state: 'open', to: 'moderate' });
  });

  it('expires: at its moment, at the click as well as at the check, and is not asked again', () => {
    earned();
    const id = trust.check()?.id;
    clock.advance(14 * DAY);
    expect(() => trust.approvePromotion({ id, ...person })).toThrow(expect.objectContaining({ kind: 'expired' }));
    expect(trust.level()).toBe('cautious');
    expect(trust.history().promotions).toMatchObject([{ id, state: 'expired' }]);
    expect(trust.check()).toBeNull();
  });

  it('is withdrawn when the level is set by hand', () => {
    earned();
    const id = trust.check()?.id;
    facts.length = 0;
    trust.setLevel({ level: 'observe', ...person });
    expect(facts.map((fact) => fact.type)).toEqual(['promotion.closed', 'level.changed']);
    expect(() => trust.approvePromotion({ id, ...person })).toThrow(
      expect.objectContaining({ kind: 'stale', message: expect.stringMatching(/The level was set to observe/) }),
    );
    expect(trust.level()).toBe('observe');
  });

  it('follows the settings of now: raised thresholds withdraw it', () => {
    earned();
    const id = trust.check()?.id;
    settings = Config.parse({ trust: { thresholds: { cautious_to_moderate: { minSessions: 31 } } } }).trust;
    expect(() => trust.approvePromotion({ id, ...person })).toThrow(/30 of 31 sessions/);
    expect(trust.level()).toBe('cautious');
  });
});

it('reads as the metrics and the text of the original tracker', () => {
  earned();
  expect(trust.getMetrics()).toEqual({
    level: 'cautious',
    sessions: 30,
    evaluations: 30,
    avgScore: 4,
    days: 7,
    promotionProgress: {
      nextLevel: 'moderate',
      sessionPct: 100,
      scoreMet: true,
      daysPct: 100,
      evaluationsMet: true,
      coverageMet: true,
      windowMet: true,
    },
  });
  expect(trust.context()).toMatch(/^Trust Metrics:\n- Current level: cautious \(7 days\)/);
});

describe('the ledger', () => {
  const sortedNames = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sortedNames)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, part]) => [name, sortedNames(part)]),
          )
        : value;
  const events = () => {
    const stored = database.db
      .prepare<[], { kind: string; subject: string; body: string }>(
        "SELECT kind, subject, body FROM ledger_events WHERE kind <> 'ledger.began' ORDER BY seq",
      )
      .all();
    return stored.map(({ kind, subject, body }) => ({ kind, subject, body: JSON.parse(body) }));
  };

  it('holds every write of trust, in the same commit, and none that was rolled back', () => {
    earned();
    const promotion = trust.check();
    trust.approvePromotion({ id: promotion?.id, ...person });
    const id = session('moderate', 2);
    journal.commit((emit) => trust.overrideEvaluation(emit, { sessionId: id, level: 'moderate', score: 5, by: 'me' }));
    expect(() =>
      journal.commit((emit) => {
        trust.creditSession(emit, 'ses_never', 'moderate');
        throw new Error('rolled back');
      }),
    ).toThrow('rolled back');
    const kinds = events().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'trust.credited')).toHaveLength(62);
    expect(kinds.filter((kind) => kind !== 'trust.credited')).toEqual([
      'level.entered',
      'level.entered',
      'promotion.proposed',
      'promotion.closed',
      'level.entered',
      'trust.overridden',
    ]);
    expect(events().at(-1)).toEqual({
      kind: 'trust.overridden',
      subject: id,
      body: { sessionId: id, score: 5, by: 'me', at: clock.now() },
    });
  });

  it('takes over what was written before there was one, as the same events', () => {
    earned();
    trust.check();
    trust.declinePromotion({ ...person, reason: 'Not yet.' });
    session('observe', null);
    const sorted = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).sort();
    const taken = trustEntries(createTrustStorage(database.db));
    expect(sorted(taken.map(({ kind, subject, body }) => ({ kind, subject, body: sortedNames(body) })))).toEqual(
      sorted(events()),
    );
  });
});
