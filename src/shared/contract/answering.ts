import { z } from 'zod';
import { Decision } from './decisions.ts';
import { command, query } from './define.ts';
import { DenyReason } from './deny-reasons.ts';

/** One thing that was done about a decision; written once and never changed (S2-11). */
export const DecisionAct = z.object({
  at: z.number(),
  by: z.string(),
  act: z.enum([
    'approved',
    'denied',
    'answered',
    'expired',
    'undone',
    'snoozed',
    'marked_wrong',
    'reported',
    'abort_asked',
    'abort_done',
    'abort_resisted',
  ]),
  detail: z.string().nullable(),
});
export type DecisionAct = z.infer<typeof DecisionAct>;

/** What an emergency abort came to. */
export const AbortReport = z.object({
  id: z.string(),
  sessionId: z.string(),
  /** Every process of the session is gone. */
  stopped: z.boolean(),
  /** Process ids that resisted. */
  stillAlive: z.array(z.number()),
  /** Milliseconds from the command to the answer. */
  tookMs: z.number(),
});
export type AbortReport = z.infer<typeof AbortReport>;

const id = z.string();

export const answeringMethods = {
  'decisions.get': query({ summary: 'One decision.', input: z.object({ id }), output: Decision }),
  'decisions.undo': command({
    summary: 'Take an answer back while the agent has not got it: the question waits again.',
    input: z.object({ id }),
    output: z.object({ id, state: z.literal('pending') }),
  }),
  'decisions.snooze': command({
    summary: 'Keep a question quiet for some time (15 minutes unless told); its deadline stays.',
    input: z.object({ id, ms: z.number().int().min(10_000).max(86_400_000).optional() }),
    output: z.object({ id, until: z.number() }),
  }),
  'decisions.answerAlike': command({
    summary: 'Answer a question and every other that asks the very same; each is checked and recorded by itself.',
    input: z.object({
      id,
      answer: z.enum(['approve', 'deny']),
      /** Of a yes to what is of high risk: seen what it does. */
      acknowledge: z.boolean().optional(),
      code: DenyReason.optional(),
      reason: z.string().max(2_000).optional(),
    }),
    output: z.object({
      answered: z.array(id),
      refused: z.array(z.object({ id, why: z.string() })),
    }),
  }),
  'decisions.abort': command({
    summary: 'Emergency: end an action that runs, with its session. Takes two steps (confirm: true).',
    input: z.object({ id, confirm: z.boolean().optional() }),
    output: AbortReport,
  }),
  'decisions.acts': query({
    summary: 'Everything that was done about a decision, oldest first.',
    input: z.object({ id }),
    output: z.array(DecisionAct),
  }),
};
