import { z } from 'zod';
import { command, query } from './define.ts';
import { FollowUp } from './follow-ups.ts';
import { Session } from './sessions.ts';

/** Characters of a prompt that a person may send to a running conversation. */
const PROMPT = z.string().trim().min(1).max(100_000);

export const conversationMethods = {
  'sessions.followUps': query({
    summary: 'Every prompt of a session after the first, oldest first.',
    input: z.object({ id: z.string() }),
    output: z.array(FollowUp),
  }),
  'sessions.followUp': command({
    summary:
      'A further prompt: queued for the end of the turn; when the session has ended, a new one goes on with its conversation. Returns the session that gets it.',
    input: z.object({ id: z.string(), prompt: PROMPT }),
    output: Session,
  }),
  'sessions.editFollowUp': command({
    summary: 'Change a queued prompt that has not been sent yet.',
    input: z.object({ id: z.string(), prompt: PROMPT }),
    output: FollowUp,
  }),
  'sessions.removeFollowUp': command({
    summary: 'Take back a queued prompt that has not been sent yet.',
    input: z.object({ id: z.string() }),
    output: z.object({ id: z.string() }),
  }),
  'sessions.resume': command({
    summary: 'Go on with an ended session: the same conversation and work tree, as a new session.',
    input: z.object({ id: z.string(), prompt: PROMPT.optional() }),
    output: Session,
  }),
  'sessions.retry': command({
    summary:
      'Begin an ended session anew: the same prompt unless another is given, the limits that it was launched with, a new conversation in a new work tree.',
    input: z.object({ id: z.string(), prompt: PROMPT.optional() }),
    output: Session,
  }),
  'sessions.fork': command({
    summary: 'A new conversation from the state of an ended one, in a new work tree from its branch.',
    input: z.object({ id: z.string(), prompt: PROMPT }),
    output: Session,
  }),
};
