import { z } from 'zod';
import { command, query } from './define.ts';
import { Session } from './sessions.ts';

/** Which side of a diff a line is on: as the session found the file, or as it left it. */
export const ReviewSide = z.enum(['before', 'after']);
export type ReviewSide = z.infer<typeof ReviewSide>;

/** A person's comment on lines of a session's work. A draft until it was sent; sent ones are kept. */
export const ReviewComment = z.object({
  id: z.string(),
  sessionId: z.string(),
  /** A path of `worktrees.diff`. */
  path: z.string(),
  side: ReviewSide,
  /** Line numbers on that side, from 1; both belong to it. */
  from: z.number(),
  to: z.number(),
  /** The lines as they were when it was written, without credentials: by them it is found again. */
  quote: z.string(),
  text: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** When it went to the agent; null: a draft. */
  sentAt: z.number().nullable(),
});
export type ReviewComment = z.infer<typeof ReviewComment>;

const Line = z.number().int().min(1).max(10_000_000);

export const SaveComment = z
  .object({
    /** A draft to be changed; without it a new one is made. */
    id: z.string().optional(),
    sessionId: z.string(),
    path: z.string().min(1).max(4_096),
    side: ReviewSide,
    from: Line,
    to: Line,
    quote: z.string().max(20_000),
    text: z.string().trim().min(1).max(10_000),
  })
  .refine(({ from, to }) => from <= to, 'the first line comes after the last one');
export type SaveComment = z.infer<typeof SaveComment>;

export const reviewMethods = {
  'reviews.list': query({
    summary: 'The comments on the work of a session, by file and line.',
    input: z.object({ sessionId: z.string() }),
    output: z.array(ReviewComment),
  }),
  'reviews.save': command({
    summary: 'Write a comment on lines of the work of a session, or change a draft.',
    input: SaveComment,
    output: ReviewComment,
  }),
  'reviews.remove': command({
    summary: 'Throw a draft away.',
    input: z.object({ id: z.string() }),
    output: z.object({ id: z.string() }),
  }),
  'reviews.send': command({
    summary: 'Send all drafts of a session to its agent as its next prompt.',
    input: z.object({ sessionId: z.string() }),
    output: z.object({ session: Session, comments: z.array(ReviewComment) }),
  }),
};

export const reviewFacts = {
  'review.changed': z.object({ sessionId: z.string(), drafts: z.number() }),
};
