import type { PromotionEvidence, PromotionProgress, Thresholds } from '../../shared/contract/trust.ts';
import { type Level, nextLevel } from '../../shared/policy.ts';

const DAY_MS = 86_400_000;

/** What the ledger and the intervals say of one level, over all times that it was in force. */
export interface LevelRecord {
  /** Sessions that reached work. */
  sessions: number;
  /** Scored evaluations. */
  evaluations: number;
  unscored: number;
  sumScores: number;
  /** Exact, in days. */
  days: number;
}

/** A stay at a level, epoch ms; `leftAt` is null for the one that lasts. */
export interface Stay {
  enteredAt: number;
  leftAt: number | null;
}

type Configured = Partial<Record<string, Partial<Thresholds>>>;

const DEFAULTS = { minSessions: 30, minAvgScore: 3.5, minDaysAtLevel: 7 };

/**
 * What must hold before the level above is proposed. Null: never proposed, which is so at `observe`
 * (leaving it is a person's decision), at `full` (nothing is above) and where nothing is configured.
 * A configured 0 is a 0; only what is absent gets a default.
 */
export function thresholdsFor(level: Level, configured: Configured): Thresholds | null {
  const next = nextLevel(level);
  const given = level === 'observe' || next === null ? undefined : configured[`${level}_to_${next}`];
  if (given === undefined) return null;
  const minSessions = given.minSessions ?? DEFAULTS.minSessions;
  return {
    minSessions,
    minAvgScore: given.minAvgScore ?? DEFAULTS.minAvgScore,
    minDaysAtLevel: given.minDaysAtLevel ?? DEFAULTS.minDaysAtLevel,
    // A mean of one is no record: a third of the sessions must have been scored (T-016).
    minEvaluations: given.minEvaluations ?? Math.ceil(minSessions / 3),
  };
}

/**
 * The mean score, or null when nothing was scored.
 * @throws Error when it is no mean of scores from 1 to 5: then the ledger is wrong and nothing may build on it.
 */
export function meanOf(sum: number, count: number): number | null {
  if (count === 0 && sum === 0) return null;
  const mean = sum / count;
  if (!(mean >= 1 && mean <= 5)) throw new Error(`The scores of the trust ledger are wrong: ${sum} over ${count}.`);
  return mean;
}

/**
 * Days spent in all these stays. A clock that was set back never takes days away, and an end that lies
 * in the future, left over from a clock that ran ahead, counts only up to now.
 */
export function daysOf(stays: readonly Stay[], now: number): number {
  const spent = stays.map(({ enteredAt, leftAt }) => Math.max(0, Math.min(leftAt ?? now, now) - enteredAt));
  return spent.reduce((sum, ms) => sum + ms, 0) / DAY_MS;
}

/** Two decimals. */
export const shownMean = (mean: number | null): number | null => (mean === null ? null : Math.round(mean * 100) / 100);
/** One decimal, never more than has passed. */
export const shownDays = (days: number): number => Math.floor(days * 10 + 1e-9) / 10;

/** 0–100; 100 only when the goal is met. */
function percent(value: number, goal: number): number {
  return value >= goal ? 100 : Math.min(99, Math.round((value / goal) * 100));
}

/** With nothing scored only a threshold of 0 is met: it asks for nothing. */
const scoreMet = (record: LevelRecord, { minAvgScore }: Thresholds): boolean =>
  (meanOf(record.sumScores, record.evaluations) ?? 0) >= minAvgScore;

/** How far the record is on its way to the next level; null when no promotion leads on from here. */
export function progressOf(level: Level, record: LevelRecord, thresholds: Thresholds | null): PromotionProgress | null {
  const next = nextLevel(level);
  if (thresholds === null || next === null) return null;
  return {
    nextLevel: next,
    sessionPct: percent(record.sessions, thresholds.minSessions),
    scoreMet: scoreMet(record, thresholds),
    daysPct: percent(record.days, thresholds.minDaysAtLevel),
    evaluationsMet: record.evaluations >= thresholds.minEvaluations,
  };
}

/** What a promotion still lacks, each in words; empty when all conditions hold. */
export function lackOf(record: LevelRecord, thresholds: Thresholds): string[] {
  const { minSessions, minAvgScore, minDaysAtLevel, minEvaluations } = thresholds;
  const mean = shownMean(meanOf(record.sumScores, record.evaluations));
  return [
    ...(record.sessions >= minSessions ? [] : [`${record.sessions} of ${minSessions} sessions`]),
    ...(record.evaluations >= minEvaluations ? [] : [`${record.evaluations} of ${minEvaluations} scored sessions`]),
    ...(scoreMet(record, thresholds)
      ? []
      : [`an average score of ${mean ?? 'nothing yet'} where ${minAvgScore} is needed`]),
    ...(record.days >= minDaysAtLevel ? [] : [`${shownDays(record.days)} of ${minDaysAtLevel} days at the level`]),
  ];
}

/** What a promotion is proposed with, as it was then. */
export const evidenceOf = (record: LevelRecord, thresholds: Thresholds): PromotionEvidence => ({
  sessions: record.sessions,
  evaluations: record.evaluations,
  avgScore: shownMean(meanOf(record.sumScores, record.evaluations)),
  days: shownDays(record.days),
  thresholds,
});

/** The recommendation in words, with how to approve it. */
export function messageOf(from: Level, to: Level, { sessions, avgScore, days }: PromotionEvidence): string {
  const mean = avgScore === null ? 'no score yet' : `average score ${avgScore.toFixed(1)}/5`;
  return `The trust record suggests a promotion from ${from} to ${to}: ${sessions} sessions, ${mean}, ${Math.floor(days)} days at level. Approve it in Tenure, or with "tenure promotion approve".`;
}

/** The record as text for an agent's context. */
export function contextOf(trust: {
  level: Level;
  sessions: number;
  evaluations: number;
  unscored: number;
  avgScore: number | null;
  days: number;
  promotionProgress: PromotionProgress | null;
}): string {
  const met = (is: boolean): string => (is ? 'MET' : 'NOT MET');
  const p = trust.promotionProgress;
  return [
    'Trust Metrics:',
    `- Current level: ${trust.level} (${trust.days} days)`,
    `- Sessions at this level: ${trust.sessions}`,
    trust.avgScore === null
      ? '- Avg eval score: N/A (no evaluations yet)'
      : `- Avg eval score: ${trust.avgScore}/5.0 (${trust.evaluations} evaluations)`,
    ...(trust.unscored > 0 ? [`- Unscored: ${trust.unscored}`] : []),
    ...(p
      ? [
          `- Promotion to ${p.nextLevel}: sessions ${p.sessionPct}%, score ${met(p.scoreMet)}, days ${p.daysPct}%, evaluations ${met(p.evaluationsMet)}`,
        ]
      : []),
  ].join('\n');
}
