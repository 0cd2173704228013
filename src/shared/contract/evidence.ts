import { z } from 'zod';

export const VerifyResult = z.object({
  command: z.string(),
  exitCode: z.number().nullable(),
  timedOut: z.boolean(),
  durationMs: z.number(),
  /** The last lines of stdout and stderr together. */
  tail: z.string(),
  /** The project's set-up, where it was run first in a copy of an earlier commit. */
  setUp: z.object({ command: z.string(), durationMs: z.number() }).optional(),
});
export type VerifyResult = z.infer<typeof VerifyResult>;

/**
 * What the verify command says before and after together. `held`: passes, as far as is known as before;
 * `fixed`: failed before, passes now; `broke`: passed before, fails now; `was_failing`: failed before in the
 * same way; `flaky`: passed before, failed, and passed when it was run once more on the same work; `fails`:
 * fails now, and before is not known.
 */
export const Attribution = z.enum(['held', 'fixed', 'broke', 'was_failing', 'flaky', 'fails']);
export type Attribution = z.infer<typeof Attribution>;

/** What a changed file is to the measurement. `verify`: it says what the verify command does. */
export const FileRole = z.enum(['source', 'test', 'golden', 'ci', 'verify', 'agent']);
export type FileRole = z.infer<typeof FileRole>;

export const ChangedFile = z.object({
  path: z.string(),
  status: z.enum(['added', 'changed', 'deleted', 'renamed']),
  role: FileRole,
  /** Null for a binary file. */
  insertions: z.number().nullable(),
  deletions: z.number().nullable(),
});
export type ChangedFile = z.infer<typeof ChangedFile>;

/** Something that a person should look at; by itself neither good nor bad. */
export const Flag = z.object({
  /** A stable code: `tests_removed`, `ci_changed`, … */
  code: z.string(),
  /** One sentence. */
  text: z.string(),
  paths: z.array(z.string()),
  /** The most that the score can be because of it; null: it only shows. */
  cap: z.number().nullable(),
});
export type Flag = z.infer<typeof Flag>;

/** Counted by lines that look like tests, in the languages that are known. */
export const TestChange = z.object({
  added: z.number(),
  removed: z.number(),
  /** Tests that were switched off, or narrowed to one (`.only`), on balance. */
  skipped: z.number(),
  /** Lines that look like assertions, on balance; negative: fewer than before. */
  assertions: z.number(),
  /** Test files in a language whose tests are not known: nothing of them is counted. */
  unknownFiles: z.number(),
});
export type TestChange = z.infer<typeof TestChange>;

/** What we measured ourselves; null means not measured. */
export const Evidence = z.object({
  baseCommit: z.string().nullable(),
  headCommit: z.string().nullable(),
  commits: z.number().nullable(),
  filesChanged: z.number().nullable(),
  insertions: z.number().nullable(),
  deletions: z.number().nullable(),
  uncommittedFiles: z.number().nullable(),
  historyRewritten: z.boolean().nullable(),
  verify: VerifyResult.nullable(),
  /** The same command on the commit from which the session started. */
  verifyBefore: VerifyResult.nullable(),
  attribution: Attribution.nullable(),
  /** The changed files, the largest first, at most 200. */
  files: z.array(ChangedFile).nullable(),
  /** Files of the project that the prompt names, and whether they were changed. */
  named: z.array(z.object({ path: z.string(), touched: z.boolean() })).nullable(),
  /** Changed files that lie far from everything that the prompt names. */
  outside: z.array(z.string()).nullable(),
  tests: TestChange.nullable(),
  /** Where added lines look like credentials. */
  secrets: z.array(z.object({ path: z.string(), line: z.number() })).nullable(),
  flags: z.array(Flag),
  /** Every step of the score: what was looked at and what it gave. */
  steps: z.array(z.string()),
  problem: z.string().nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

/** Each 0–100, as a model judged it. */
export const Dimensions = z.object({
  /** Does the work do what the prompt asks for? */
  fulfilment: z.number(),
  /** Is it right, and made to last? */
  soundness: z.number(),
  /** Does it keep to what was asked, and nothing else? */
  restraint: z.number(),
  /** Does it harm nothing: data, secrets, tests, other people's work? */
  safety: z.number(),
});
export type Dimensions = z.infer<typeof Dimensions>;

/** What became of the model's judgement. `failed` is no score: then the evidence stands alone. */
export const JudgeView = z.object({
  state: z.enum(['answered', 'failed', 'off']),
  /** The model that answered, or was asked for; null: none was. */
  model: z.string().nullable(),
  promptVersion: z.string().nullable(),
  /** SHA-256 of everything that it was given. */
  inputsHash: z.string().nullable(),
  /** 1–5 derived from its dimensions, before the evidence bounds it. */
  score: z.number().nullable(),
  /** Its own words: to be read, never acted on. */
  reasoning: z.string().nullable(),
  /** Why it failed or was not asked, in one sentence. */
  detail: z.string().nullable(),
  costUsd: z.number().nullable(),
  durationMs: z.number().nullable(),
});
export type JudgeView = z.infer<typeof JudgeView>;

/**
 * What should come next. `complete`: the work is done; `continue`: good so far, more is open; `retry`: start
 * again; `escalate`: a person has to look.
 */
export const Recommendation = z.enum(['continue', 'retry', 'escalate', 'complete']);
export type Recommendation = z.infer<typeof Recommendation>;

export const Rating = z.object({
  /** 1–5; null: the earlier rating was taken back. */
  rating: z.number().nullable(),
  note: z.string().nullable(),
  by: z.string(),
  at: z.number(),
});
export type Rating = z.infer<typeof Rating>;

export const EvaluationView = z.object({
  id: z.string(),
  /** 1–5, or null: unscored. */
  score: z.number().nullable(),
  /** Why this score, or why none, in one sentence. */
  reason: z.string(),
  at: z.number(),
  /** Null only for evaluations from before there were recommendations. */
  recommendation: Recommendation.nullable(),
  /** Sentences. From the evidence first; what a model added is marked by `judge`. */
  accomplishments: z.array(z.string()),
  failures: z.array(z.string()),
  openQuestions: z.array(z.string()),
  dimensions: Dimensions.nullable(),
  judge: JudgeView.nullable(),
  /** The person's own, which counts instead of the score. */
  rating: Rating.nullable(),
});
export type EvaluationView = z.infer<typeof EvaluationView>;
