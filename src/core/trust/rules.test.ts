import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { THRESHOLDS, trustOf } from '../../../test/fakes/trust.ts';
import { Config } from '../../shared/config.ts';
import {
  contextOf,
  evidenceOf,
  type LevelRecord,
  lackOf,
  meanOf,
  messageOf,
  progressOf,
  shownDays,
  shownMean,
  thresholdsFor,
} from './rules.ts';

const shipped = Config.parse({}).trust.thresholds;
const record = (part: Partial<LevelRecord> = {}): LevelRecord => ({
  sessions: 30,
  evaluations: 20,
  unscored: 0,
  nothingToDo: 0,
  sumScores: 70,
  days: 7,
  window: { needed: 10, scored: 10, mean: 4 },
  probation: [],
  ...part,
});
const thresholds = THRESHOLDS;

describe('thresholds', () => {
  it('are those of the settings, and none at observe and at full', () => {
    expect(thresholdsFor('cautious', shipped)).toEqual(thresholds);
    expect(thresholdsFor('moderate', shipped)).toEqual({
      minSessions: 50,
      minAvgScore: 4,
      minDaysAtLevel: 14,
      minEvaluations: 17,
      minCoverage: 0.5,
    });
    expect(thresholdsFor('observe', { ...shipped, observe_to_cautious: thresholds })).toBeNull();
    expect(thresholdsFor('full', shipped)).toBeNull();
    expect(thresholdsFor('cautious', {})).toBeNull();
  });

  it('9: 0 means 0, only what is absent gets a default (T-014)', () => {
    const zero = { minSessions: 0, minAvgScore: 0, minDaysAtLevel: 0, minEvaluations: 0, minCoverage: 0 };
    expect(thresholdsFor('cautious', { cautious_to_moderate: zero })).toEqual(zero);
    expect(thresholdsFor('cautious', { cautious_to_moderate: { minSessions: 0 } })).toEqual({
      ...thresholds,
      minSessions: 0,
      minEvaluations: 0,
    });
    expect(
      Config.parse({ trust: { thresholds: { cautious_to_moderate: zero } } }).trust.thresholds.cautious_to_moderate,
    ).toEqual(zero);
    const window = { needed: 0, scored: 0, mean: null };
    const nothing = record({ sessions: 0, evaluations: 0, sumScores: 0, days: 0, window });
    expect(lackOf(nothing, zero)).toEqual([]);
    expect(progressOf('cautious', nothing, zero)).toMatchObject({ sessionPct: 100, scoreMet: true, daysPct: 100 });
  });
});

describe('the mean', () => {
  it('is unknown without a score, never zero', () => expect(meanOf(0, 0)).toBeNull());
  it('must be one of scores from 1 to 5 (T-002)', () => {
    expect(meanOf(7, 2)).toBe(3.5);
    for (const [sum, count] of [
      [100, 3],
      [0, 3],
      [4, 0],
      [Number.NaN, 2],
    ] as const) {
      expect(() => meanOf(sum, count)).toThrow(/ledger are wrong/);
    }
  });
});

describe('what is lacking', () => {
  it('is nothing when every condition holds, at the very threshold', () =>
    expect(lackOf(record(), thresholds)).toEqual([]));

  it.each<[string, Partial<LevelRecord>, RegExp]>([
    ['sessions', { sessions: 29 }, /^29 of 30 sessions$/],
    ['scored sessions (T-016)', { evaluations: 9, sumScores: 45 }, /^9 of 10 scored sessions$/],
    ['score', { sumScores: 69 }, /^an average score of 3.45 where 3.5 is needed$/],
    ['days', { days: 6.999 }, /^6.9 of 7 days at the level$/],
    ['coverage', { unscored: 21 }, /^48 % of the sessions scored where 50 % is needed$/],
    ['the window', { window: { needed: 10, scored: 4, mean: 3.5 } }, /^4 of 10 scored sessions in the recent window$/],
    [
      'a window that is worse than the record',
      { window: { needed: 10, scored: 10, mean: 3.44 } },
      /^an average of 3.44 over the last 10 scored sessions where 3.5 is needed$/,
    ],
    [
      'an agent that is new',
      { probation: [{ agent: 'claude · sonnet', scored: 3 }] },
      /^3 of 10 scored sessions with claude · sonnet, which is new$/,
    ],
  ])('names %s', (_name, part, words) => {
    expect(lackOf(record(part), thresholds)).toEqual([expect.stringMatching(words)]);
  });

  it('leaves out of the coverage what rightly did nothing', () =>
    expect(lackOf(record({ unscored: 21, nothingToDo: 1 }), thresholds)).toEqual([]));

  it('names a missing score as missing', () => {
    const lack = lackOf(record({ evaluations: 0, sumScores: 0 }), { ...thresholds, minEvaluations: 0 });
    expect(lack).toEqual(['no score yet where an average of 3.5 is needed']);
  });
});

describe('progress', () => {
  it('goes to 100 and says 100 only when it is met', () => {
    expect(progressOf('cautious', record({ sessions: 12, days: 4 }), thresholds)).toEqual({
      nextLevel: 'moderate',
      sessionPct: 40,
      scoreMet: true,
      daysPct: 57,
      evaluationsMet: true,
      coverageMet: true,
      windowMet: true,
    });
    expect(progressOf('cautious', record({ sessions: 500, days: 99 }), thresholds)).toMatchObject({
      sessionPct: 100,
      daysPct: 100,
    });
    const almost = progressOf('cautious', record({ sessions: 999, days: 6.9999 }), {
      ...thresholds,
      minSessions: 1_000,
    });
    expect(almost).toMatchObject({ sessionPct: 99, daysPct: 99 });
    expect(progressOf('observe', record(), null)).toBeNull();
    expect(progressOf('full', record(), thresholds)).toBeNull();
  });

  it('agrees with what is lacking, whatever the record', () => {
    const whole = fc.record({
      sessions: fc.nat(80),
      scores: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 }),
      days: fc.double({ min: 0, max: 30, noNaN: true }),
      unscored: fc.nat(40),
      filled: fc.nat(12),
      recent: fc.double({ min: 1, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(whole, ({ sessions, scores, days, unscored, filled, recent }) => {
        const sumScores = scores.reduce((sum, score) => sum + score, 0);
        const one = record({
          sessions,
          evaluations: scores.length,
          unscored,
          sumScores,
          days,
          window: { needed: 10, scored: filled, mean: filled === 0 ? null : recent },
        });
        const progress = progressOf('cautious', one, thresholds);
        const all =
          progress?.sessionPct === 100 &&
          progress.scoreMet &&
          progress.daysPct === 100 &&
          progress.evaluationsMet &&
          progress.coverageMet &&
          progress.windowMet;
        expect(all).toBe(lackOf(one, thresholds).length === 0);
      }),
    );
  });
});

it('shows means with two decimals and days that have really passed with one', () => {
  expect([shownMean(11 / 3), shownMean(3.5), shownMean(null)]).toEqual([3.67, 3.5, null]);
  expect([shownDays(6.99), shownDays(0.3), shownDays(4)]).toEqual([6.9, 0.3, 4]);
});

it('words the recommendation with all that it rests on', () => {
  expect(
    messageOf('cautious', 'moderate', evidenceOf(trustOf({ sessions: 32, days: 8.7, avgScore: 3.5 }), thresholds)),
  ).toBe(
    'The trust record suggests a promotion from Cautious to Moderate: 32 sessions, average score 3.5/5, 8 days at level. Approve it in Tenure, or with "tenure promotion approve".',
  );
});

it('words the record for an agent’s context', () => {
  const trust = trustOf({
    sessions: 12,
    evaluations: 9,
    unscored: 0,
    avgScore: 3.67,
    days: 4.2,
    severe: 1,
    alerts: { useful: 3, false: 1, unjudged: 2, falseRate: 0.25 },
  });
  const promotionProgress = progressOf(
    'cautious',
    record({ sessions: 12, days: 4, evaluations: 9, sumScores: 33 }),
    thresholds,
  );
  expect(contextOf({ ...trust, promotionProgress })).toBe(
    [
      'Trust Metrics:',
      '- Current level: cautious (4.2 days)',
      '- Sessions at this level: 12',
      '- Avg eval score: 3.67/5.0 (9 evaluations)',
      '- Recent window: 9 of 10 scored, avg 3.67/5.0',
      '- Severe events in this stay: 1',
      '- False-alert rate: 25% (1 of 4 judged)',
      '- Promotion to moderate: sessions 40%, score MET, days 57%, evaluations NOT MET, coverage MET, window MET',
    ].join('\n'),
  );
  expect(
    contextOf(trustOf({ level: 'observe', sessions: 0, evaluations: 0, unscored: 2, avgScore: null, days: 0 })),
  ).toBe(
    [
      'Trust Metrics:',
      '- Current level: observe (0 days)',
      '- Sessions at this level: 0',
      '- Avg eval score: N/A (no evaluations yet)',
      '- Unscored: 2',
      '- Recent window: 0 of 10 scored',
      '- False-alert rate: N/A (no alert judged yet)',
    ].join('\n'),
  );
});
