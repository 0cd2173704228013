import { z } from 'zod';
import { query } from './define.ts';

/** One thing that the clock will do. */
export const UpcomingRun = z.object({
  at: z.number(),
  kind: z.enum(['session', 'promotion_check']),
  /** Null for what is Tenure's own. */
  projectId: z.string().nullable(),
  project: z.string().nullable(),
  /** The prompt that it launches with; null: the project's own, or nothing to say. */
  prompt: z.string().nullable(),
});
export type UpcomingRun = z.infer<typeof UpcomingRun>;

export const scheduleMethods = {
  'schedule.upcoming': query({
    summary: 'What the clock will do in the next days, soonest first.',
    input: z.object({ days: z.number().int().min(1).max(31).optional() }),
    output: z.object({
      runs: z.array(UpcomingRun),
      /** There are more in these days than are named. */
      cut: z.boolean(),
      /** While everything is paused nothing of it starts. */
      paused: z.boolean(),
    }),
  }),
  'schedule.preview': query({
    summary: 'The next moments of a cron expression, in a time zone; refused in words when it is none.',
    input: z.object({
      cron: z.string().trim().min(1).max(200),
      timezone: z.string().trim().min(1).max(100).optional(),
      count: z.number().int().min(1).max(50).optional(),
    }),
    output: z.object({ timezone: z.string(), runs: z.array(z.number()) }),
  }),
};
