import { z } from 'zod';
import { command, query } from './define.ts';

/** Characters of a person's notes, which every session reads before it begins. */
const MOST_NOTES = 4_000;

/** What a new session on a project is told beside its prompt, and what its end may start. */
export const FollowOn = z.object({
  projectId: z.string(),
  /** What the person wants every session on the project to know and to heed (S1-02); null: nothing. */
  notes: z.string().trim().max(MOST_NOTES).nullable(),
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
    summary: 'What a new session on a project is told beside its prompt, and what its end may start.',
    input: z.object({ projectId: z.string() }),
    output: FollowOn,
  }),
  'followOn.set': command({
    summary: 'Set what a new session on a project is told beside its prompt, and what its end may start.',
    input: FollowOn.partial({ notes: true, brief: true, start: true, most: true }),
    output: FollowOn,
  }),
  'followOn.next': query({
    summary: 'What came of the recommendation of a session; null: nothing was to come of it.',
    input: z.object({ id: z.string() }),
    output: NextStep.nullable(),
  }),
};
