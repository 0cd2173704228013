import { z } from 'zod';
import { query } from './define.ts';

/** How a tribunal's case stands: `unanimous` and `majority` are agreement, the others go to a person. */
export const Finding = z.enum(['unanimous', 'majority', 'split', 'missing']);
export type Finding = z.infer<typeof Finding>;

export const Vote = z.object({
  /** `policy`, `paths`, `history`, or a model's name with its question. */
  validator: z.string(),
  kind: z.enum(['rule', 'model']),
  /** `failed`: there is no vote, and why stands in the reasoning. */
  vote: z.enum(['yes', 'no', 'abstain', 'failed']),
  /** 0–1. */
  confidence: z.number(),
  reasoning: z.string(),
});
export type Vote = z.infer<typeof Vote>;

export const TribunalCase = z.object({
  decisionId: z.string(),
  need: z.enum(['majority', 'unanimous']),
  seats: z.number(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** null: it still sits. */
  finding: Finding.nullable(),
  votes: z.array(Vote),
});
export type TribunalCase = z.infer<typeof TribunalCase>;

export const tribunalMethods = {
  'tribunal.get': query({
    summary: 'How a tribunal voted on a decision; null: none sat.',
    input: z.object({ decisionId: z.string() }),
    output: TribunalCase.nullable(),
  }),
};
