import { z } from 'zod';
import { ATTENTION, URGENCIES } from '../attention.ts';
import { LEVELS, RISKS } from '../policy.ts';
import { command, query } from './define.ts';
import { DenyReason } from './deny-reasons.ts';
import { AgentQuestion, Answers } from './questions.ts';

export const Risk = z.enum(RISKS);

/** One reason of a verdict: a stable code and a sentence for a person. */
export const Reason = z.object({ code: z.string(), text: z.string() });
export type Reason = z.infer<typeof Reason>;

/** One rule of the gate and what it found: `ok` is false where it speaks against going ahead unasked. */
export const Check = z.object({ code: z.string(), ok: z.boolean(), text: z.string() });
export type Check = z.infer<typeof Check>;

/** A text of a file and what takes its place; `before` null: the whole file, whatever was in it. */
export const TextChange = z.object({ before: z.string().nullable(), after: z.string() });
export type TextChange = z.infer<typeof TextChange>;

/** The normalised action, as shown to a person. */
export const ActionView = z.object({
  tool: z.string(),
  /** One line. */
  summary: z.string(),
  /** The exact command, path or request that will run; what an approval is bound to. */
  detail: z.string(),
  cwd: z.string(),
  /** What a file tool changes, in its order; absent where it changes nothing or too much to be compared. */
  changes: z.array(TextChange).optional(),
  /** The files that a command names, as far as that is known before it runs. */
  files: z.array(z.string()).optional(),
  /** Set when the agent only asks the person something: nothing runs, and it takes answers instead of a yes. */
  questions: z.array(AgentQuestion).optional(),
});
export type ActionView = z.infer<typeof ActionView>;

/**
 * `allowed`, `refused`: the gate's own verdict. The others are lives of a question to a person:
 * pending → approved | denied | expired | void (withdrawn: what it was bound to has changed or ended).
 */
export const DecisionState = z.enum(['allowed', 'refused', 'pending', 'approved', 'denied', 'expired', 'void']);
export type DecisionState = z.infer<typeof DecisionState>;

/**
 * What happened after a yes: `ran`, `failed` (the tool reported an error), `aborted` (a person ended it, or something was in its way),
 * `timed_out` (its session ran out of time), `unknown` (nobody saw the end). Each is final (T-059).
 */
export const DecisionOutcome = z.enum(['ran', 'failed', 'aborted', 'timed_out', 'unknown']);
export type DecisionOutcome = z.infer<typeof DecisionOutcome>;

export const Decision = z.object({
  id: z.string(),
  sessionId: z.string(),
  projectId: z.string(),
  project: z.string(),
  action: ActionView,
  risk: Risk,
  /** The effective level (minimum of level and ceiling) that the verdict was made at. */
  level: z.enum(LEVELS),
  verdict: z.enum(['allow', 'deny', 'ask']),
  state: DecisionState,
  reasons: z.array(Reason),
  /** 2 for critical actions: approving needs an explicit second step. */
  steps: z.union([z.literal(1), z.literal(2)]),
  askedAt: z.number(),
  /** Epoch ms after which the question counts as denied, or is asked louder; null when nothing was asked. */
  deadline: z.number().nullable(),
  urgency: z.enum(URGENCIES),
  /** How often it was asked louder because nobody answered. */
  escalations: z.number(),
  /** Where on the ladder it began (`attentionOf`); absent where its urgency alone says so. */
  begins: z.enum(ATTENTION).optional(),
  /** A tribunal looks at it, has agreed in the person's place, or has left it to the person; null: none was asked. */
  tribunal: z.enum(['sitting', 'agreed', 'not_agreed']).nullable(),
  /** Little of its time is left. */
  warned: z.boolean(),
  /** Epoch ms until which quiet hours keep it to the badge; null: they do not. */
  quietUntil: z.number().nullable(),
  answeredAt: z.number().nullable(),
  answeredBy: z.string().nullable(),
  answerReason: z.string().nullable(),
  /** The kind of a no. */
  answerCode: DenyReason.nullable(),
  /** The same for every question that asks the very same in this project; null: it is answered alone. */
  alike: z.string().nullable(),
  /** A person has answered, and the agent has not got the answer yet: it can be taken back. */
  undoable: z.boolean(),
  outcome: DecisionOutcome.nullable(),
  /** Epoch ms at which the action was let go, and at which its end was seen; null: not (yet). */
  startedAt: z.number().nullable(),
  settledAt: z.number().nullable(),
  /** The gate let it through by itself because the agent was eligible: to be looked at, and marked wrong if it was. */
  auto: z.boolean(),
  /** A person has found the gate's own yes wrong: a false positive. What was recorded stays as it was (T-098). */
  wrong: z.object({ at: z.number(), by: z.string(), reason: z.string().nullable() }).nullable(),
});
export type Decision = z.infer<typeof Decision>;

export const decisionMethods = {
  'decisions.list': query({
    summary: 'Decisions, newest first; only pending ones unless all is set.',
    input: z.object({
      all: z.boolean().optional(),
      sessionId: z.string().optional(),
      limit: z.number().int().min(1).max(1_000).optional(),
    }),
    output: z.array(Decision),
  }),
  'decisions.approve': command({
    summary:
      'Approve a pending decision. High risk needs acknowledge: true (seen what it does), critical confirm: true (the second step).',
    input: z.object({ id: z.string(), acknowledge: z.boolean().optional(), confirm: z.boolean().optional() }),
    output: Decision,
  }),
  'decisions.answer': command({
    summary: "Answer an agent's questions: one answer to each, in their order; an option's label or any text.",
    input: z.object({ id: z.string(), answers: Answers }),
    output: Decision,
  }),
  'decisions.deny': command({
    summary: 'Deny a pending decision; the reason reaches the agent. The code "other" needs a reason in words.',
    input: z.object({ id: z.string(), code: DenyReason.optional(), reason: z.string().max(2_000).optional() }),
    output: Decision,
  }),
  'decisions.markWrong': command({
    summary: 'Say that the gate should not have let something through by itself; what was recorded stays.',
    input: z.object({ id: z.string(), reason: z.string().max(2_000).optional() }),
    output: Decision,
  }),
};

export const decisionFacts = {
  'decision.recorded': z.object({ decision: Decision }),
  'decision.answered': z.object({ decision: Decision }),
  'decision.settled': z.object({ decision: Decision }),
  /** It asks louder now: nobody answered, little time is left, or the quiet hours are over. */
  'decision.raised': z.object({ decision: Decision }),
};
