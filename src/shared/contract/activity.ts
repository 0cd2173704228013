import { z } from 'zod';
import { query } from './define.ts';

/** What an entry of the log is about. */
export const AREAS = ['sessions', 'decisions', 'trust', 'services', 'projects', 'money', 'machine'] as const;
export type Area = (typeof AREAS)[number];

/** One line of the log of everything. */
export const ActivityEntry = z.object({
  /** The fact that it tells, by its place in the journal; newest is highest. */
  seq: z.number(),
  at: z.number(),
  area: z.enum(AREAS),
  /** What Tenure let pass or noted by itself and nobody has to know; hidden unless asked for. */
  routine: z.boolean(),
  /** What it is about, by name: a project, a service. Null: everything. */
  subject: z.string().nullable(),
  sentence: z.string(),
  /** Where it can be seen: a hash of the larger window. */
  place: z.string().nullable(),
});
export type ActivityEntry = z.infer<typeof ActivityEntry>;

export const ActivityFilter = z.strictObject({
  areas: z.array(z.enum(AREAS)).optional(),
  subject: z.string().max(200).optional(),
  /** Words that all stand in the subject or the sentence, in any order, whatever the case. */
  text: z.string().max(500).optional(),
  routine: z.boolean().optional(),
  /** Epoch ms. */
  since: z.number().optional(),
  until: z.number().optional(),
});
export type ActivityFilter = z.infer<typeof ActivityFilter>;

export const activityMethods = {
  'activity.list': query({
    summary: 'The log of everything, newest first, filtered; a page ends before the entry that `before` names.',
    input: ActivityFilter.extend({
      before: z.number().int().optional(),
      limit: z.number().int().min(1).max(1_000).optional(),
    }),
    output: z.object({
      entries: z.array(ActivityEntry),
      /** All that match, on every page. */
      total: z.number(),
      /** Every subject there is, to filter by. */
      subjects: z.array(z.string()),
      /** Epoch ms of the oldest entry that is kept; null without any. */
      from: z.number().nullable(),
    }),
  }),
};
