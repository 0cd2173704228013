import { z } from 'zod';
import { LEVELS } from '../policy.ts';
import { Check, Reason, Risk } from './decisions.ts';
import { query } from './define.ts';

/** Most calls of one question. */
export const MOST_CALLS = 500;

/** One tool call as an agent's hook sends it. */
export const DraftCall = z.object({
  tool: z.string().min(1).max(200),
  input: z.unknown(),
  /** Absolute; the project's path (or the session's work tree) unless given. */
  cwd: z.string().optional(),
});
export type DraftCall = z.infer<typeof DraftCall>;

export const DraftVerdict = z.object({
  risk: Risk,
  verdict: z.enum(['allow', 'deny', 'ask']),
  steps: z.union([z.literal(1), z.literal(2)]),
  /** Those that bear on the verdict, its own first. */
  reasons: z.array(Reason),
  /** Every rule, whether or not it mattered. */
  checks: z.array(Check),
  irreversible: z.boolean(),
  /** By which a record is kept: tool and gravest reason. */
  kind: z.string(),
  level: z.enum(LEVELS),
});
export type DraftVerdict = z.infer<typeof DraftVerdict>;

export const policyMethods = {
  'policy.check': query({
    summary: 'What the gate would say to tool calls, without recording or counting anything.',
    input: z.object({
      projectId: z.string(),
      sessionId: z.string().optional(),
      calls: z.array(DraftCall).min(1).max(MOST_CALLS),
      /** As if the effective level were this one. */
      level: z.enum(LEVELS).optional(),
      /** As if the agent had this score. */
      agentScore: z.number().min(0).max(1_000).optional(),
      /** As if the agent had never done such a thing, or had done it well. */
      history: z.enum(['new', 'clean']).optional(),
    }),
    output: z.object({ verdicts: z.array(DraftVerdict) }),
  }),
};
