import type { PromotionEvidence, PromotionProgress, Thresholds, Trust } from '../../shared/contract/trust.ts';
import { count } from '../../shared/format.ts';
import { LEVEL_WORDS, type Level, nextLevel } from '../../shared/policy.ts';
import type { Probation, Window } from './window.ts';

/** What is on record of one level, over all times that it was in force. */
export interface LevelRecord {
  /** Sessions that reached work, without those that say nothing. */
  sessions: number;
  /** Scored evaluations. */
  evaluations: number;
  unscored: number;
  /** Of the unscored, those that rightly did nothing. */
  nothingToDo: number;
  sumScores: number;
  /** Exact, in days: the time in which the machine ran. */
  days: number;
  /** The newest scores since the window began. */
  window: Window;
  /** Agents of the window that are too new to raise the level on. */
  probation: readonly Probation[];
}

type Configured = Partial<Record<string, Partial<Thresholds>>>;

const DEFAULTS = { minSessions: 30, minAvgScore: 3.5, minDaysAtLevel: 7, minCoverage: 0.5 };

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
    minCoverage: given.minCoverage ?? DEFAULTS.minCoverage,
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

/** Of the sessions that have ended and had something to do, how many were scored; the ratio is null where none has. */
export function coverageOf({ evaluations, unscored, nothingToDo }: Omit<LevelRecord, 'window' | 'probation'>): {
  scored: number;
  of: number;
  ratio: number | null;
} {
  const of = evaluations + unscored - nothingToDo;
  return { scored: evaluations, of, ratio: of === 0 ? null : evaluations / of };
}

/** Where nothing has ended nothing is left out; that something was scored is asked for by itself. */
const coverageMet = (record: LevelRecord, { minCoverage }: Thresholds): boolean =>
  (coverageOf(record).ratio ?? 1) >= minCoverage;

/** What the recent window lacks, each in words. */
function windowLack(
  { window: { needed, scored, mean }, probation }: LevelRecord,
  { minAvgScore }: Thresholds,
): string[] {
  return [
    ...(scored >= needed ? [] : [`${scored} of ${needed} scored sessions in the recent window`]),
    ...(mean === null || mean >= minAvgScore
      ? []
      : [
          `an average of ${shownMean(mean)} over the last ${count(scored, 'scored session')} where ${minAvgScore} is needed`,
        ]),
    ...probation.map((one) => `${one.scored} of ${needed} scored sessions with ${one.agent}, which is new`),
  ];
}

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
    coverageMet: coverageMet(record, thresholds),
    windowMet: windowLack(record, thresholds).length === 0,
  };
}

/** What a promotion still lacks, each in words; empty when all conditions hold. */
export function lackOf(record: LevelRecord, thresholds: Thresholds): string[] {
  const { minSessions, minAvgScore, minDaysAtLevel, minEvaluations } = thresholds;
  const mean = shownMean(meanOf(record.sumScores, record.evaluations));
  const { ratio } = coverageOf(record);
  return [
    ...(record.sessions >= minSessions ? [] : [`${record.sessions} of ${minSessions} sessions`]),
    ...(record.evaluations >= minEvaluations ? [] : [`${record.evaluations} of ${minEvaluations} scored sessions`]),
    ...(scoreMet(record, thresholds)
      ? []
      : [
          mean === null
            ? `no score yet where an average of ${minAvgScore} is needed`
            : `an average score of ${mean} where ${minAvgScore} is needed`,
        ]),
    ...(coverageMet(record, thresholds)
      ? []
      : [
          `${Math.floor((ratio ?? 1) * 100)} % of the sessions scored where ${Math.ceil(thresholds.minCoverage * 100)} % is needed`,
        ]),
    ...(record.days >= minDaysAtLevel ? [] : [`${shownDays(record.days)} of ${minDaysAtLevel} days at the level`]),
    ...windowLack(record, thresholds),
  ];
}

/** What is on record of a level, as a promotion is proposed with it. */
export const evidenceOf = (trust: Trust, thresholds: Thresholds): Omit<PromotionEvidence, 'best' | 'worst'> => ({
  sessions: trust.sessions,
  evaluations: trust.evaluations,
  avgScore: trust.avgScore,
  days: trust.days,
  thresholds,
  window: trust.window,
  coverage: trust.coverage,
  severe: trust.severe,
  alerts: trust.alerts,
});

/** The recommendation in words, with how to approve it. */
export function messageOf(
  from: Level,
  to: Level,
  { sessions, avgScore, days }: Pick<PromotionEvidence, 'sessions' | 'avgScore' | 'days'>,
): string {
  const mean = avgScore === null ? 'no score yet' : `average score ${avgScore.toFixed(1)}/5`;
  return `The trust record suggests a promotion from ${LEVEL_WORDS[from].name} to ${LEVEL_WORDS[to].name}: ${count(sessions, 'session')}, ${mean}, ${count(Math.floor(days), 'day')} at level. Approve it in Tenure, or with "tenure promotion approve".`;
}

type InContext = Pick<
  Trust,
  | 'level'
  | 'sessions'
  | 'evaluations'
  | 'unscored'
  | 'avgScore'
  | 'days'
  | 'promotionProgress'
  | 'window'
  | 'severe'
  | 'alerts'
>;

/** The record as text for an agent's context. */
export function contextOf(trust: InContext): string {
  const met = (is: boolean): string => (is ? 'MET' : 'NOT MET');
  const { promotionProgress: p, window, alerts } = trust;
  const judged = alerts.useful + alerts.false;
  return [
    'Trust Metrics:',
    `- Current level: ${trust.level} (${trust.days} days)`,
    `- Sessions at this level: ${trust.sessions}`,
    trust.avgScore === null
      ? '- Avg eval score: N/A (no evaluations yet)'
      : `- Avg eval score: ${trust.avgScore}/5.0 (${trust.evaluations} evaluations)`,
    ...(trust.unscored > 0 ? [`- Unscored: ${trust.unscored}`] : []),
    `- Recent window: ${window.scored} of ${window.needed} scored${window.avgScore === null ? '' : `, avg ${window.avgScore}/5.0`}`,
    ...(trust.severe > 0 ? [`- Severe events in this stay: ${trust.severe}`] : []),
    alerts.falseRate === null
      ? '- False-alert rate: N/A (no alert judged yet)'
      : `- False-alert rate: ${Math.round(alerts.falseRate * 100)}% (${alerts.false} of ${judged} judged)`,
    ...(p
      ? [
          `- Promotion to ${p.nextLevel}: sessions ${p.sessionPct}%, score ${met(p.scoreMet)}, days ${p.daysPct}%, evaluations ${met(p.evaluationsMet)}, coverage ${met(p.coverageMet)}, window ${met(p.windowMet)}`,
        ]
      : []),
  ].join('\n');
}
