import { z } from 'zod';
import { Decision } from './decisions.ts';

/** What an agent proposes: a tool call, as its hook would send it. The agent itself is whoever holds the token. */
export const Proposal = z.object({
  tool: z.string().min(1).max(300),
  input: z.unknown(),
  cwd: z.string().min(1).max(4_096),
});
export type Proposal = z.infer<typeof Proposal>;

export const Proposed = z.object({
  proposal: Decision,
  /** It may run now, and once. */
  mayRun: z.boolean(),
  reason: z.string(),
});
export type Proposed = z.infer<typeof Proposed>;
