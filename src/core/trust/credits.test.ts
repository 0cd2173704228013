import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { person, type TrustRig, trustRig } from '../../../test/trust-rig.ts';
import { LEVELS, type Level } from '../../shared/policy.ts';

let rig: TrustRig;
beforeEach(() => {
  rig = trustRig();
});

describe('the ledger', () => {
  it('1: ten restarts with a full history leave the totals as they are (T-001)', () => {
    rig.trust.setLevel({ level: 'cautious', ...person });
    rig.sessions(40, 'cautious', 3);
    rig.session('cautious', null);
    const before = rig.trust.get();
    expect(before).toMatchObject({ sessions: 41, evaluations: 40, unscored: 1, avgScore: 3 });
    for (let i = 0; i < 10; i += 1) rig.restart();
    expect(rig.trust.get()).toEqual(before);
  });

  it('2: a start without an evaluation leaves the mean as it is (T-002)', () => {
    rig.sessions(3, 'observe', 5);
    rig.session('observe');
    expect(rig.trust.get()).toMatchObject({ sessions: 4, evaluations: 3, unscored: 0, avgScore: 5 });
  });

  it('3: 250 evaluations in a row are all counted (T-003)', () => {
    rig.journal.commit(() => rig.sessions(250, 'observe', 2));
    expect(rig.trust.get()).toMatchObject({ sessions: 250, evaluations: 250, avgScore: 2 });
  });

  it('5: what arrives after the level changed is credited to the level at which it ran (T-005)', () => {
    rig.trust.setLevel({ level: 'cautious', ...person });
    const id = rig.session('cautious');
    rig.raise('moderate');
    rig.facts.length = 0;
    rig.journal.commit((emit) =>
      rig.trust.creditEvaluation(emit, { sessionId: id, evaluationId: 'evl_late', level: 'cautious', score: 5 }),
    );
    expect(rig.trust.get()).toMatchObject({ level: 'moderate', sessions: 0, evaluations: 0, avgScore: null });
    expect(rig.facts).toEqual([]);
    rig.trust.setLevel({ level: 'cautious', ...person });
    expect(rig.trust.get()).toMatchObject({ sessions: 1, evaluations: 1, avgScore: 5 });
  });

  it('6: a failed start counts as nothing, evaluated or not (T-007)', () => {
    rig.journal.commit((emit) =>
      rig.trust.creditEvaluation(emit, {
        sessionId: 'ses_failed',
        evaluationId: 'evl_failed',
        level: 'observe',
        score: null,
      }),
    );
    expect(rig.trust.get()).toMatchObject({ sessions: 0, evaluations: 0, unscored: 0, avgScore: null });
  });

  it('unscored sessions count as sessions and stay out of the mean (T-006)', () => {
    rig.session('observe', 4);
    rig.session('observe', null);
    expect(rig.trust.get()).toMatchObject({ sessions: 2, evaluations: 1, unscored: 1, avgScore: 4 });
  });

  it('cannot be changed, and takes no score that is none', () => {
    const id = rig.session('observe', 4);
    expect(() => rig.database.db.prepare('UPDATE trust_ledger SET score = 5').run()).toThrow(/append-only/);
    expect(() => rig.database.db.prepare('DELETE FROM trust_ledger').run()).toThrow(/append-only/);
    for (const score of [0, 6, 2.5]) {
      const entry = { sessionId: `${id}-${score}`, evaluationId: `evl-${score}`, level: 'observe' as const, score };
      expect(() => rig.journal.commit((emit) => rig.trust.creditEvaluation(emit, entry))).toThrow();
    }
    expect(rig.trust.get()).toMatchObject({ evaluations: 1, avgScore: 4 });
  });

  it('belongs to the commit that it is in, and is told once', () => {
    rig.facts.length = 0;
    expect(() =>
      rig.journal.commit((emit) => {
        rig.trust.creditSession(emit, 'ses_a', 'observe');
        throw new Error('killed');
      }),
    ).toThrow('killed');
    expect(rig.trust.get().sessions).toBe(0);
    const credit = () => rig.journal.commit((emit) => rig.trust.creditSession(emit, 'ses_a', 'observe'));
    expect([credit(), credit()]).toEqual([true, false]);
    expect(rig.facts.map((fact) => [fact.type, fact.body])).toEqual([['trust.changed', { trust: rig.trust.get() }]]);
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
        rig = trustRig();
        const seen = {
          session: new Map<number, Level>(),
          evaluation: new Map<number, { level: Level; score: number | null }>(),
        };
        for (const { n, level, score, what } of events) {
          if (what === 'restart') {
            rig.restart();
            continue;
          }
          const isNew = rig.journal.commit((emit) =>
            what === 'session'
              ? rig.trust.creditSession(emit, `s${n}`, level)
              : rig.trust.creditEvaluation(emit, { sessionId: `s${n}`, evaluationId: `e${n}`, level, score }),
          );
          expect(isNew).toBe(!seen[what].has(n));
          if (!isNew) continue;
          if (what === 'session') seen.session.set(n, level);
          else seen.evaluation.set(n, { level, score });
        }
        const summary = rig.database.db
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
        rig.database.db.close();
      }),
      { numRuns: 25 },
    );
  });
});
