import { z } from 'zod';
import type { Reason } from './decisions.ts';
import { command, query } from './define.ts';

/** What of a call a standing rule can be about. */
export const Form = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), program: z.string(), args: z.array(z.string()) }),
  /** Relative to the work tree. */
  z.object({ kind: z.literal('file'), tool: z.string(), path: z.string() }),
  z.object({ kind: z.literal('web'), host: z.string() }),
  z.object({ kind: z.literal('tool'), tool: z.string() }),
  z.object({ kind: z.literal('none'), why: z.string() }),
]);
export type Form = z.infer<typeof Form>;

/** A command that a call names anywhere: its program without a path, its words but for options; null: not written out. */
export interface Mention {
  program: string;
  args: readonly (string | null)[];
}

const text = z.string().min(1).max(4_000);

/** What a rule matches: a structured action, never a text of a shell. */
export const Pattern = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('command'),
    program: text,
    args: z.array(z.string().max(4_000)).max(100),
    /** Further arguments may follow. */
    rest: z.boolean(),
  }),
  /** A path relative to the work tree; with `/**` at its end, everything below. */
  z.object({ kind: z.literal('file'), tool: text, path: text }),
  z.object({ kind: z.literal('web'), host: text }),
  z.object({ kind: z.literal('tool'), tool: text }),
]);
export type Pattern = z.infer<typeof Pattern>;

export const StandingRule = z.object({
  id: z.string(),
  projectId: z.string(),
  project: z.string(),
  effect: z.enum(['allow', 'deny']),
  pattern: Pattern,
  createdAt: z.number(),
  createdBy: z.string(),
  /** Epoch ms; null: until it is revoked. */
  expiresAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  /** How often it has spoken, and when last. */
  uses: z.number(),
  lastUsedAt: z.number().nullable(),
});
export type StandingRule = z.infer<typeof StandingRule>;

/** What a rule would have done to the last 30 days of a project. */
export const RulePreview = z.object({
  matched: z.number(),
  /** Decisions of that time that could be compared, and those that could not (kept without their form). */
  compared: z.number(),
  unknown: z.number(),
  /** Of the matched: asked a person then. */
  asked: z.number(),
  samples: z.array(z.object({ decisionId: z.string(), summary: z.string(), at: z.number(), state: z.string() })),
});
export type RulePreview = z.infer<typeof RulePreview>;

const Draft = z.object({ projectId: z.string(), effect: z.enum(['allow', 'deny']), pattern: Pattern });

export const standingMethods = {
  'rules.list': query({
    summary: 'Standing rules, newest first; only those in force unless all is set.',
    input: z.object({ projectId: z.string().optional(), all: z.boolean().optional() }),
    output: z.array(StandingRule),
  }),
  'rules.draft': query({
    summary: 'The rules that could be made from a decision, narrowest first, or why none can.',
    input: z.object({ decisionId: z.string() }),
    output: z.object({ projectId: z.string(), patterns: z.array(Pattern), why: z.string().nullable() }),
  }),
  'rules.preview': query({
    summary: 'What a rule would have matched in the last 30 days.',
    input: Draft,
    output: RulePreview,
  }),
  'rules.add': command({
    summary: 'Allow or deny an action always, on one project; never a shell, an interpreter or what is critical.',
    input: Draft.extend({ expiresInMs: z.number().int().min(60_000).max(31_536_000_000).optional() }),
    output: StandingRule,
  }),
  'rules.revoke': command({
    summary: 'Take a standing rule back; it stays on record.',
    input: z.object({ id: z.string() }),
    output: StandingRule,
  }),
};

export const standingFacts = {
  'rule.added': z.object({ rule: StandingRule }),
  'rule.revoked': z.object({ rule: StandingRule }),
};

/** What the gate hears of a rule that matched. */
export interface RuleWord {
  id: string;
  effect: 'allow' | 'deny';
  reason: Reason;
}
