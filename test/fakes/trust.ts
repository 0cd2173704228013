import type { PromotionEvidence, Thresholds, Trust } from '../../src/shared/contract/trust.ts';

export const THRESHOLDS: Thresholds = {
  minSessions: 30,
  minAvgScore: 3.5,
  minDaysAtLevel: 7,
  minEvaluations: 10,
  minCoverage: 0.5,
};

const NO_ALERTS = { useful: 0, false: 0, unjudged: 0, falseRate: null };

/** A record in the middle of the way from cautious to moderate. */
export const trustOf = (over: Partial<Trust> = {}): Trust => {
  const trust = { sessions: 27, evaluations: 24, unscored: 3, avgScore: 3.79, ...over };
  const of = trust.evaluations + trust.unscored;
  const scored = Math.min(10, trust.evaluations);
  return {
    level: 'cautious',
    since: 0,
    noEvidence: 0,
    days: 6.2,
    window: { needed: 10, scored, avgScore: trust.avgScore, days: 14, reset: null, probation: [] },
    coverage: { scored: trust.evaluations, of, ratio: of === 0 ? null : trust.evaluations / of },
    severe: 0,
    poorInRow: 0,
    alerts: NO_ALERTS,
    lack: [],
    thresholds: THRESHOLDS,
    promotionProgress: null,
    promotion: null,
    ...trust,
  };
};

/** What a promotion rests on, for a record that has earned it. */
export const evidenceFor = (over: Partial<PromotionEvidence> = {}): PromotionEvidence => {
  const { window, coverage, severe, alerts } = trustOf({ sessions: 31, evaluations: 28, avgScore: 3.81 });
  return {
    sessions: 31,
    evaluations: 28,
    avgScore: 3.81,
    days: 8.1,
    thresholds: THRESHOLDS,
    window,
    coverage,
    severe,
    alerts,
    best: [],
    worst: [],
    ...over,
  };
};
