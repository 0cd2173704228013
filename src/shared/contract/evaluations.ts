import { z } from 'zod';
import { command, query } from './define.ts';
import { EvaluationView, Evidence, Rating } from './evidence.ts';
import { SessionOutcome } from './sessions.ts';

/** One evaluation as stored: written once, never changed. */
export const EvaluationRecord = EvaluationView.omit({ rating: true }).extend({
  /** 1: the automatic one; a re-score is the next number. */
  number: z.number(),
  /** Who asked for this re-score; null: the automatic one. */
  requestedBy: z.string().nullable(),
  /** What the evidence alone gives, 1–5; null: unscored. */
  evidenceScore: z.number().nullable(),
  outcome: SessionOutcome,
  evidence: Evidence,
});
export type EvaluationRecord = z.infer<typeof EvaluationRecord>;

/** What was seen later of a session's work; it never changes a score. */
export const Observation = z.object({
  kind: z.enum(['merged', 'discarded', 'reverted']),
  /** One sentence. */
  text: z.string(),
  at: z.number(),
});
export type Observation = z.infer<typeof Observation>;

export const EvaluationDetail = z.object({
  sessionId: z.string(),
  project: z.string(),
  /** Newest first. Empty: not evaluated yet. */
  history: z.array(EvaluationRecord),
  /** Every rating of the person's, newest first; the first one holds. */
  ratings: z.array(Rating),
  observations: z.array(Observation),
  /** The score that trust counts: the person's rating, else the automatic score; null: none. */
  counts: z.number().nullable(),
});
export type EvaluationDetail = z.infer<typeof EvaluationDetail>;

export const EvaluationRow = z.object({
  sessionId: z.string(),
  projectId: z.string(),
  project: z.string(),
  evaluation: EvaluationView,
});
export type EvaluationRow = z.infer<typeof EvaluationRow>;

/** A share with its 95 % interval (Wilson), all 0–1. */
export const Share = z.object({ share: z.number(), low: z.number(), high: z.number() });
export type Share = z.infer<typeof Share>;

/** How far two scores of the same sessions agree; shares are null while there is none. */
export const Agreement = z.object({
  n: z.number(),
  exact: Share.nullable(),
  withinOne: Share.nullable(),
  /** Mean of theirs minus the person's; positive: kinder than the person. */
  bias: z.number().nullable(),
});
export type Agreement = z.infer<typeof Agreement>;

export const AgreementReport = z.object({
  /** The model's own score, before the evidence bounds it, against the person's rating. */
  judge: Agreement,
  /** The score that Tenure gave against the person's rating. */
  score: Agreement,
  /** Over the newest ratings alone. */
  recent: Agreement,
  /** How many ratings `recent` looks at, and how few are too few for an alarm. */
  window: z.number(),
  least: z.number(),
  /** A sentence when the judge has drifted from the person, else null. */
  alarm: z.string().nullable(),
});
export type AgreementReport = z.infer<typeof AgreementReport>;

export const evaluationMethods = {
  'evaluations.list': query({
    summary: 'Evaluated sessions, the newest evaluation first.',
    input: z.object({
      projectId: z.string().optional(),
      limit: z.number().int().min(1).max(1_000).optional(),
    }),
    output: z.array(EvaluationRow),
  }),
  'evaluations.get': query({
    summary: 'Everything about the evaluation of one session: every row, rating and later observation.',
    input: z.object({ sessionId: z.string() }),
    output: EvaluationDetail,
  }),
  'evaluations.rate': command({
    summary:
      "Rate a session's work 1–5 (null takes the rating back). The rating counts for trust instead of the score.",
    input: z.object({
      sessionId: z.string(),
      rating: z.number().int().min(1).max(5).nullable(),
      note: z.string().trim().max(2_000).nullable().optional(),
    }),
    output: EvaluationDetail,
  }),
  'evaluations.rescore': command({
    summary: 'Judge a session again from the stored evidence: a new row; what trust counts stays.',
    input: z.object({ sessionId: z.string() }),
    output: EvaluationDetail,
  }),
  'evaluations.agreement': query({
    summary: 'How far the judge and the scores agree with the ratings of the person.',
    input: z.object({}),
    output: AgreementReport,
  }),
};

export const evaluationFacts = {
  /** Once for each session that was scored 2 or less. */
  'evaluation.alerted': z.object({
    sessionId: z.string(),
    project: z.string(),
    score: z.number(),
    reason: z.string(),
  }),
};
