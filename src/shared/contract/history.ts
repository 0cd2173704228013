import { z } from 'zod';
import { STAGES } from '../decision-stage.ts';
import { Decision, Risk } from './decisions.ts';
import { query } from './define.ts';

export const HistoryFilter = z.object({
  id: z.string().optional(),
  stages: z.array(z.enum(STAGES)).optional(),
  projectId: z.string().optional(),
  sessionId: z.string().optional(),
  /** Product and model, `claude/opus`. */
  agent: z.string().optional(),
  tool: z.string().optional(),
  risk: Risk.optional(),
  /** In the command, the reasons or the answer. */
  text: z.string().max(500).optional(),
  /** Epoch ms. */
  since: z.number().optional(),
  until: z.number().optional(),
});
export type HistoryFilter = z.infer<typeof HistoryFilter>;

/** A count with the size of what it was counted in; `rate` is null where nothing was counted. */
export const Share = z.object({ n: z.number(), of: z.number(), rate: z.number().nullable() });
export type Share = z.infer<typeof Share>;

/** Milliseconds; all null without any. */
export const Spread = z.object({
  n: z.number(),
  mean: z.number().nullable(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
  max: z.number().nullable(),
});
export type Spread = z.infer<typeof Spread>;

/** What the decisions of a time say (S2-30, S3-46). What was not measured is null, never zero. */
export const DecisionMetrics = z.object({
  since: z.number(),
  total: z.number(),
  byStage: z.record(z.enum(STAGES), z.number()),
  /** Of what was seen to end. */
  succeeded: Share,
  /** Of what a person was asked and answered. */
  rejected: Share,
  /** Of all actions: those that reached a person. */
  asked: Share,
  /** Of what the gate let through by itself as eligible: marked wrong afterwards. */
  falsePositives: Share,
  /** Of what a tribunal heard: answered by it. */
  tribunal: Share,
  /** Of what a tribunal left to the person and the person answered: approved all the same. */
  overruled: Share,
  /** Of a person's approvals: given within two seconds. */
  rubberStamped: Share,
  /** Enough of those to mean something: a person who does not look is no gate. */
  rubberStampWarning: z.boolean(),
  /** Critical actions that were refused, and actions that ran into a limit (S2-30). */
  violations: z.object({ safety: z.number(), constraint: z.number(), rateLimit: z.number() }),
  execution: Spread,
  /** From the question to a person's answer. */
  answering: Spread,
  answeringByRisk: z.array(z.object({ risk: Risk, spread: Spread })),
  byTool: z.array(
    z.object({ tool: z.string(), n: z.number(), asked: z.number(), auto: z.number(), failed: z.number() }),
  ),
});
export type DecisionMetrics = z.infer<typeof DecisionMetrics>;

export const SERIES = [
  'decisions',
  'asked',
  'rejected',
  'failed',
  'success_rate',
  'answer_ms',
  'execution_ms',
  'safety_violations',
] as const;

export const historyMethods = {
  'decisions.page': query({
    summary: 'The history of decisions, filtered, newest first, with the whole number of those that match.',
    input: HistoryFilter.extend({
      offset: z.number().int().min(0).optional(),
      limit: z.number().int().min(1).max(1_000).optional(),
    }),
    output: z.object({
      total: z.number(),
      decisions: z.array(Decision),
      agents: z.array(z.string()),
      tools: z.array(z.string()),
    }),
  }),
  'analytics.metrics': query({
    summary: 'What the decisions of the last days say; unknown stays unknown.',
    input: z.object({ days: z.number().int().min(1).max(365).optional(), projectId: z.string().optional() }),
    output: DecisionMetrics,
  }),
  'analytics.series': query({
    summary: 'One figure over time: counts are zero where nothing was, means and rates are null.',
    input: z.object({
      metric: z.enum(SERIES),
      days: z.number().int().min(1).max(365).optional(),
      /** Milliseconds of one bucket; a day unless given. */
      bucketMs: z.number().int().min(60_000).max(2_592_000_000).optional(),
      projectId: z.string().optional(),
    }),
    output: z.array(z.object({ at: z.number(), value: z.number().nullable(), n: z.number() })),
  }),
};
