import { z } from 'zod';

/** One question that an agent asks, with the answers it proposes; any other text is an answer too. */
export const AgentQuestion = z.object({
  question: z.string(),
  /** A word or two. */
  header: z.string(),
  multiSelect: z.boolean(),
  options: z.array(z.object({ label: z.string(), description: z.string() })),
  /** What the person has said; null: nothing yet. */
  answer: z.string().nullable(),
});
export type AgentQuestion = z.infer<typeof AgentQuestion>;

/** One answer to each question, in their order. */
export const Answers = z.array(z.string().trim().min(1).max(4_000)).min(1).max(10);
