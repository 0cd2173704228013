import { z } from 'zod';
import { LEVELS } from '../policy.ts';
import { command, query } from './define.ts';

const Level = z.enum(LEVELS);

export const Thresholds = z.object({
  minSessions: z.number().int().min(0),
  minAvgScore: z.number().min(0).max(5),
  minDaysAtLevel: z.number().min(0),
  /** Least number of scored evaluations: a mean of one is no record (traps.md T-016). */
  minEvaluations: z.number().int().min(0),
});
export type Thresholds = z.infer<typeof Thresholds>;

export const PromotionProgress = z.object({
  nextLevel: Level,
  /** 0–100. */
  sessionPct: z.number(),
  scoreMet: z.boolean(),
  /** 0–100. */
  daysPct: z.number(),
  evaluationsMet: z.boolean(),
});
export type PromotionProgress = z.infer<typeof PromotionProgress>;

export const PromotionEvidence = z.object({
  sessions: z.number(),
  evaluations: z.number(),
  avgScore: z.number().nullable(),
  days: z.number(),
  thresholds: Thresholds,
});
export type PromotionEvidence = z.infer<typeof PromotionEvidence>;

export const PromotionState = z.enum(['open', 'approved', 'declined', 'expired', 'withdrawn']);
export type PromotionState = z.infer<typeof PromotionState>;

export const Promotion = z.object({
  id: z.string(),
  from: Level,
  to: Level,
  state: PromotionState,
  evidence: PromotionEvidence,
  message: z.string(),
  proposedAt: z.number(),
  expiresAt: z.number(),
  decidedAt: z.number().nullable(),
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
});
export type Promotion = z.infer<typeof Promotion>;

export const LevelInterval = z.object({
  level: Level,
  enteredAt: z.number(),
  leftAt: z.number().nullable(),
  by: z.string(),
  reason: z.string(),
});
export type LevelInterval = z.infer<typeof LevelInterval>;

/** One score that counts, at the level at which its session ran. */
export const TrustScore = z.object({
  at: z.number(),
  sessionId: z.string(),
  project: z.string().nullable(),
  level: Level,
  /** 1–5. */
  score: z.number(),
});
export type TrustScore = z.infer<typeof TrustScore>;

/** The record at the current level. Means are null while nothing was scored: unknown is never zero. */
export const Trust = z.object({
  level: Level,
  /** Epoch ms at which the current interval began. */
  since: z.number(),
  sessions: z.number(),
  evaluations: z.number(),
  unscored: z.number(),
  avgScore: z.number().nullable(),
  /** Sum of all intervals at this level, in days, one decimal. */
  days: z.number(),
  thresholds: Thresholds.nullable(),
  promotionProgress: PromotionProgress.nullable(),
  promotion: Promotion.nullable(),
});
export type Trust = z.infer<typeof Trust>;

export const trustMethods = {
  'trust.get': query({ summary: 'The record at the current level.', input: z.object({}), output: Trust }),
  'trust.history': query({
    summary: 'Level intervals and promotions, newest first.',
    input: z.object({}),
    output: z.object({ intervals: z.array(LevelInterval), promotions: z.array(Promotion) }),
  }),
  'trust.scores': query({
    summary: 'The scores that count, oldest first: the newest so many.',
    input: z.object({ limit: z.number().int().min(1).max(10_000).default(2_000) }),
    output: z.array(TrustScore),
  }),
  'trust.context': query({
    summary: "The trust record as text for an agent's context.",
    input: z.object({}),
    output: z.object({ text: z.string() }),
  }),
  'trust.check': command({
    summary: 'Run the promotion check now instead of at its daily hour.',
    input: z.object({}),
    output: z.object({ promotion: Promotion.nullable() }),
  }),
  'trust.setLevel': command({
    summary: 'Set the level: up one step at a time, down any number.',
    input: z.object({ level: Level, reason: z.string().max(500).optional() }),
    output: Trust,
  }),
  'trust.approvePromotion': command({
    summary: 'Approve the open promotion; refused when its evidence no longer holds.',
    input: z.object({ id: z.string().optional() }),
    output: Trust,
  }),
  'trust.declinePromotion': command({
    summary: 'Decline the open promotion; remembered until the level changes.',
    input: z.object({ id: z.string().optional(), reason: z.string().max(500).optional() }),
    output: Trust,
  }),
};

export const trustFacts = {
  'trust.changed': z.object({ trust: Trust }),
  'level.changed': z.object({ from: Level, to: Level, by: z.string(), reason: z.string(), trust: Trust }),
  'promotion.proposed': z.object({ promotion: Promotion, trust: Trust }),
  'promotion.closed': z.object({ promotion: Promotion, trust: Trust }),
};
