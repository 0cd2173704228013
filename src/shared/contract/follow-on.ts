import { z } from 'zod';
import { command, query } from './define.ts';

/** What one session on a project passes on to the next. */
export const FollowOn = z.object({
  projectId: z.string(),
  /** A new session is told what was measured of the one before. */
  brief: z.boolean(),
  /** The recommendations *continue* and *retry* start the next session by themselves. */
  start: z.boolean(),
  /** The most that are started so in a row. */
  most: z.number().int().min(1).max(10),
});
export type FollowOn = z.infer<typeof FollowOn>;

/** What came of a session's recommendation. */
export const NextStep = z.object({
  /** The session that was started; null: none was. */
  sessionId: z.string().nullable(),
  /** Why one was started or none, in one sentence. */
  reason: z.string(),
  /** A person has to look. */
  asks: z.boolean(),
  at: z.number(),
});
export type NextStep = z.infer<typeof NextStep>;

export const followOnMethods = {
  'followOn.get': query({
    summary: 'What one session on a project passes on to the next.',
    input: z.object({ projectId: z.string() }),
    output: FollowOn,
  }),
  'followOn.set': command({
    summary: 'Set what one session on a project passes on to the next.',
    input: FollowOn.partial({ brief: true, start: true, most: true }),
    output: FollowOn,
  }),
  'followOn.next': query({
    summary: 'What came of the recommendation of a session; null: nothing was to come of it.',
    input: z.object({ id: z.string() }),
    output: NextStep.nullable(),
  }),
};
