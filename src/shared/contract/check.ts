import { z } from 'zod';

/** One check: `ok` null when nothing could be said. `ms`: how long the answer took; null: none came. */
export const Check = z.object({
  at: z.number(),
  ok: z.boolean().nullable(),
  ms: z.number().nullable(),
  detail: z.string(),
});
export type Check = z.infer<typeof Check>;
