import { z } from 'zod';
import { TIER_FROM, TIERS, TOP_SCORE } from './tiers.ts';

/** What is observed of an agent and moves its score. */
export const OBSERVED = [
  'completed',
  'failed',
  'timed_out',
  'inconclusive',
  'reviewed_well',
  'reviewed_badly',
  'violated',
  'denied',
  'overruled',
  'misdelegated',
] as const;
export type Observed = (typeof OBSERVED)[number];

/** Points, and the days in which they fade. */
const worth = (points: number, days: number) =>
  z
    .strictObject({
      points: z.number().int().min(-TOP_SCORE).max(TOP_SCORE).default(points),
      days: z.number().min(0.01).max(3_650).default(days),
    })
    .prefault({});

const share = z.number().min(0).max(1);
/** What it takes to enter a tier: a score, a sure share of successes, and new work and time in the tier below. */
const entry = (from: number, rate: number, tasks: number, days: number) =>
  z
    .strictObject({
      from: z.number().int().min(1).max(TOP_SCORE).default(from),
      /** The least lower bound of the share of tasks that succeed. */
      rate: share.default(rate),
      /** Successes since it entered the tier below. */
      tasks: z.number().int().min(0).max(10_000).default(tasks),
      /** Days since it entered the tier below. */
      days: z.number().min(0).max(3_650).default(days),
    })
    .prefault({});

/**
 * The rules of the agent score: `trust.score` of the configuration. The points are those of S3-30; the rest is
 * what makes them sound (docs/agent-score.md).
 */
export const ScoreSettings = z
  .strictObject({
    /** Where a new agent stands: inside the lowest tier. */
    base: z
      .number()
      .int()
      .min(0)
      .max(TIER_FROM.PROBATIONARY - 1)
      .default(100),
    decay: z.enum(['linear', 'exponential']).default('linear'),
    /** Most points that one day may bring. */
    perDay: z.number().int().min(1).max(TOP_SCORE).default(100),
    /** So far above a tier's beginning a score must be to enter it. */
    hysteresis: z.number().int().min(0).max(200).default(10),
    /** The newest tasks whose successes are counted. */
    window: z.number().int().min(5).max(1_000).default(100),
    points: z
      .strictObject({
        completed: worth(10, 30),
        failed: worth(-15, 14),
        timed_out: worth(-10, 14),
        inconclusive: worth(0, 30),
        reviewed_well: worth(5, 30),
        reviewed_badly: worth(-5, 30),
        violated: worth(-50, 60),
        denied: worth(-5, 14),
        overruled: worth(-20, 30),
        misdelegated: worth(-20, 7),
      })
      .prefault({}),
    tiers: z
      .strictObject({
        PROBATIONARY: entry(TIER_FROM.PROBATIONARY, 0.6, 5, 0),
        TRUSTED: entry(TIER_FROM.TRUSTED, 0.65, 10, 1),
        VERIFIED: entry(TIER_FROM.VERIFIED, 0.7, 10, 3),
        CERTIFIED: entry(TIER_FROM.CERTIFIED, 0.8, 10, 7),
        ELITE: entry(TIER_FROM.ELITE, 0.9, 20, 14),
      })
      .prefault({}),
    /** The highest tier of an agent with a violation that no person has looked at. */
    violationCeiling: z.enum(TIERS).default('PROBATIONARY'),
    /** A new version is watched: the highest tier meanwhile, and what ends it. */
    probation: z
      .strictObject({
        ceiling: z.enum(TIERS).default('VERIFIED'),
        tasks: z.number().int().min(0).max(1_000).default(5),
        days: z.number().min(0).max(365).default(1),
      })
      .prefault({}),
    anomalies: z
      .strictObject({
        /** More points than this lost in an hour. */
        dropPoints: z.number().int().min(1).max(TOP_SCORE).default(50),
        /** So many times the learned share of failures, over at least so many tasks before. */
        failureTimes: z.number().min(1).max(100).default(3),
        failureMin: z.number().int().min(5).max(1_000).default(20),
        /** Successes in an hour that each changed hardly a line. */
        burst: z.number().int().min(2).max(1_000).default(5),
        /** Agents that move the same way within an hour, and by how much each. */
        together: z.number().int().min(2).max(1_000).default(3),
        togetherPoints: z.number().int().min(1).max(TOP_SCORE).default(30),
        /** Changes of tier in a day; violations in an hour. */
        oscillations: z.number().int().min(2).max(100).default(3),
        violations: z.number().int().min(2).max(100).default(3),
        /** Points won within a day of a fall. */
        recoveryPoints: z.number().int().min(1).max(TOP_SCORE).default(100),
      })
      .prefault({}),
  })
  .superRefine(({ tiers, points }, context) => {
    const rising = TIERS.slice(1).map((tier) => ({ tier, ...tiers[tier as keyof typeof tiers] }));
    for (const [n, { tier, from, rate }] of rising.entries()) {
      const below = rising[n - 1];
      if (below && (from <= below.from || rate < below.rate)) {
        const message = `must begin above ${below.tier} (${below.from}) and ask for no smaller share of successes (${below.rate})`;
        context.addIssue({ code: 'custom', path: ['tiers', tier], message });
      }
    }
    const bad = ['failed', 'timed_out', 'reviewed_badly', 'violated', 'denied', 'overruled', 'misdelegated'] as const;
    for (const kind of bad) {
      if (points[kind].points > 0)
        context.addIssue({ code: 'custom', path: ['points', kind, 'points'], message: 'must not be above 0' });
    }
    if (points.completed.points < 0 || points.reviewed_well.points < 0)
      context.addIssue({ code: 'custom', path: ['points'], message: 'successes must not cost points' });
    if (points.inconclusive.points !== 0)
      context.addIssue({
        code: 'custom',
        path: ['points', 'inconclusive', 'points'],
        message: 'must be 0: no evidence is not a pass',
      });
  });
export type ScoreSettings = z.infer<typeof ScoreSettings>;
