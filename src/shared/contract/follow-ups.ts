import { z } from 'zod';

/**
 * A prompt of the person's that waits for the agent's turn to end. queued → sent (written down, then
 * given to the agent) → taken (the agent began a turn with it) → done. One that was sent when the run
 * was cut off is given again under the same id, which the agent takes once.
 */
export const FollowUpState = z.enum(['queued', 'sent', 'taken', 'done']);
export type FollowUpState = z.infer<typeof FollowUpState>;

export const FollowUp = z.object({
  id: z.string(),
  sessionId: z.string(),
  prompt: z.string(),
  state: FollowUpState,
  createdAt: z.number(),
  /** Epoch ms at which it was last given to the agent; null: not yet. */
  sentAt: z.number().nullable(),
});
export type FollowUp = z.infer<typeof FollowUp>;

/**
 * `resume`, `follow_up`: the same conversation in the same work tree goes on. `fork`: a new conversation
 * from the state of the old one, in a new work tree from the tip of its branch. `retry`: the same task
 * begun anew. `continue`: gone on with because that was recommended. A recommendation starts them by the
 * project's policy, a person whenever they like.
 */
export const LineageKind = z.enum(['follow_up', 'resume', 'fork', 'retry', 'continue']);
export type LineageKind = z.infer<typeof LineageKind>;

/** Where a session comes from. */
export const Lineage = z.object({
  /** The session it follows. */
  from: z.string(),
  kind: LineageKind,
  /** The how-manieth of this kind in a row: 2 is "2nd retry". */
  nth: z.number().int().min(1),
});
export type Lineage = z.infer<typeof Lineage>;
