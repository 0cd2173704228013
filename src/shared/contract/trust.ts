import { z } from 'zod';
import { LEVELS } from '../policy.ts';
import { command, query } from './define.ts';
import {
  AlertCounts,
  Coverage,
  EvidenceSession,
  SevereEvent,
  SevereKind,
  Shadow,
  Shadows,
  TrustEvent,
  TrustScore,
  TrustSource,
  TrustWindow,
} from './trust-record.ts';

const Level = z.enum(LEVELS);

export const Thresholds = z.object({
  minSessions: z.number().int().min(0),
  minAvgScore: z.number().min(0).max(5),
  minDaysAtLevel: z.number().min(0),
  /** Least number of scored evaluations: a mean of one is no record (traps.md T-016). */
  minEvaluations: z.number().int().min(0),
  /** Least share of the sessions that count which must have been scored, 0–1. */
  minCoverage: z.number().min(0).max(1),
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
  coverageMet: z.boolean(),
  /** The recent window is full, of agents that are no longer new, and its mean is high enough. */
  windowMet: z.boolean(),
});
export type PromotionProgress = z.infer<typeof PromotionProgress>;

/** What a promotion was proposed with. Null: it was proposed before that was kept. */
export const PromotionEvidence = z.object({
  sessions: z.number(),
  evaluations: z.number(),
  avgScore: z.number().nullable(),
  days: z.number(),
  thresholds: Thresholds,
  window: TrustWindow.nullable(),
  coverage: Coverage.nullable(),
  /** Severe events since the stay began. */
  severe: z.number().nullable(),
  alerts: AlertCounts.nullable(),
  best: z.array(EvidenceSession),
  worst: z.array(EvidenceSession),
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
  /** Declined until then; null: until the level changes. Epoch ms. */
  askAgainAt: z.number().nullable(),
});
export type Promotion = z.infer<typeof Promotion>;

/** Why a stay began. `fall`: Tenure lowered the level; `override`: a person raised it without the evidence. */
export const StayCause = z.enum(['start', 'person', 'promotion', 'override', 'fall']);
export type StayCause = z.infer<typeof StayCause>;

export const LevelInterval = z.object({
  level: Level,
  enteredAt: z.number(),
  leftAt: z.number().nullable(),
  by: z.string(),
  reason: z.string(),
  cause: StayCause,
  source: TrustSource.nullable(),
  /** Days of it in which the machine ran, one decimal. */
  days: z.number(),
});
export type LevelInterval = z.infer<typeof LevelInterval>;

/** The record at the current level. Means are null while nothing was scored: unknown is never zero. */
export const Trust = z.object({
  level: Level,
  /** Epoch ms at which the current interval began. */
  since: z.number(),
  sessions: z.number(),
  evaluations: z.number(),
  unscored: z.number(),
  /** Cancelled, quota-stopped and infrastructure-failed sessions: they say nothing and count nowhere. */
  noEvidence: z.number(),
  avgScore: z.number().nullable(),
  /** Days at this level in which the machine ran, all stays together, one decimal. */
  days: z.number(),
  window: TrustWindow,
  coverage: Coverage,
  /** Severe events since this stay began. */
  severe: z.number(),
  /** Poor scores in a row up to now; so many as `POOR_IN_ROW` lower the level. */
  poorInRow: z.number(),
  alerts: AlertCounts,
  /** What the next level still lacks, each in words; null: no promotion leads on from here. */
  lack: z.array(z.string()).nullable(),
  thresholds: Thresholds.nullable(),
  promotionProgress: PromotionProgress.nullable(),
  promotion: Promotion.nullable(),
});
export type Trust = z.infer<typeof Trust>;

export const trustMethods = {
  'trust.get': query({ summary: 'The record at the current level.', input: z.object({}), output: Trust }),
  'trust.history': query({
    summary: 'Level intervals, promotions and severe events, newest first.',
    input: z.object({}),
    output: z.object({
      intervals: z.array(LevelInterval),
      promotions: z.array(Promotion),
      severe: z.array(SevereEvent),
    }),
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
    summary:
      'Set the level: down any number of steps, up by one that was earned. Any other way up is an override, confirmed by typing the level.',
    input: z.object({
      level: Level,
      reason: z.string().max(500).optional(),
      override: z.object({ confirm: z.string().max(100) }).optional(),
    }),
    output: Trust,
  }),
  'trust.approvePromotion': command({
    summary: 'Approve the open promotion; refused when its evidence no longer holds.',
    input: z.object({ id: z.string().optional() }),
    output: Trust,
  }),
  'trust.declinePromotion': command({
    summary: 'Decline the open promotion, until the level changes or a date on which it is asked again.',
    input: z.object({
      id: z.string().optional(),
      reason: z.string().max(500).optional(),
      askAgainAt: z.number().int().nullable().optional(),
    }),
    output: Trust,
  }),
  'trust.events': query({
    summary: 'Everything that trust rests on, newest first, each with where it comes from.',
    input: z.object({
      limit: z.number().int().min(1).max(500).default(50),
      offset: z.number().int().min(0).default(0),
    }),
    output: z.array(TrustEvent),
  }),
  'trust.report': command({
    summary: 'Report something severe that Tenure could not see: it empties the window and may lower the level.',
    input: z.object({
      kind: SevereKind,
      text: z.string().trim().min(1).max(500),
      sessionId: z.string().max(100).optional(),
    }),
    output: Trust,
  }),
  'trust.shadows': query({
    summary: 'What the gate would have done at Cautious with what was asked at Observe, newest first.',
    input: z.object({ limit: z.number().int().min(1).max(500).default(50) }),
    output: Shadows,
  }),
  'trust.markShadow': command({
    summary: 'Say whether you agree with what the gate would have done; null takes it back.',
    input: z.object({ decisionId: z.string().max(100), agrees: z.boolean().nullable() }),
    output: Shadow,
  }),
};

export const trustFacts = {
  'trust.changed': z.object({ trust: Trust }),
  'level.changed': z.object({ from: Level, to: Level, by: z.string(), reason: z.string(), trust: Trust }),
  /** `fell`: the level fell because of it. */
  'trust.severe': z.object({ event: SevereEvent, fell: z.boolean() }),
  'promotion.proposed': z.object({ promotion: Promotion, trust: Trust }),
  'promotion.closed': z.object({ promotion: Promotion, trust: Trust }),
};
