import { z } from 'zod';
import { command, query } from './define.ts';

/**
 * Where the model of a spawn came from: the person at launch, the project's setting, a suggestion from
 * the record that a person made the project's setting, the role's setting in the config, or nothing
 * (then the agent chooses). `unknown`: from before this was recorded.
 */
export const CHOICE_SOURCES = [
  'user-override',
  'project-default',
  'suggestion',
  'caste-default',
  'fallback',
  'unknown',
] as const;
export const ChoiceSource = z.enum(CHOICE_SOURCES);
export type ChoiceSource = z.infer<typeof ChoiceSource>;

/**
 * `blocked`: something other than its own work kept it from finishing (a question to a person, a stop, a
 * login, a limit). `unknown`: nobody saw the end. Only completed and failed ones count as finished.
 */
export const SPAWN_OUTCOMES = ['completed', 'failed', 'blocked', 'unknown'] as const;
export const SpawnOutcome = z.enum(SPAWN_OUTCOMES);
export type SpawnOutcome = z.infer<typeof SpawnOutcome>;

/** A role: `session`, `judge`, `validator`, `brain`, or another short word of lower-case letters. */
const Caste = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'a role is a word of lower-case letters, such as session or judge');

/** One spawn of an agent, with its outcome on the same row. Null: not known (yet). */
export const Spawn = z.object({
  id: z.string(),
  askedBy: z.string(),
  caste: z.string(),
  taskClass: z.string(),
  task: z.string(),
  /** The model that ran, as far as it was told; else the one that was asked for, `default` for none. */
  model: z.string(),
  source: ChoiceSource,
  sessionId: z.string().nullable(),
  projectId: z.string().nullable(),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** As it stands now, corrections included; null while it runs. */
  outcome: SpawnOutcome.nullable(),
  /** What was written at its end, when a correction has changed it since. */
  firstOutcome: SpawnOutcome.nullable(),
  detail: z.string().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  cacheReadTokens: z.number().nullable(),
  cacheWriteTokens: z.number().nullable(),
  costUsd: z.number().nullable(),
});
export type Spawn = z.infer<typeof Spawn>;

/** Completed of finished ones with its Wilson interval (95 %); never over running, blocked or unknown ones. */
export const Rate = z.object({ rate: z.number(), n: z.number(), low: z.number(), high: z.number() });
export type Rate = z.infer<typeof Rate>;

const counts = {
  spawns: z.number(),
  running: z.number(),
  completed: z.number(),
  failed: z.number(),
  blocked: z.number(),
  unknown: z.number(),
  /** Null: nothing has finished. */
  success: Rate.nullable(),
  /** The mean list price of those whose price is known, US dollars; null: of none. */
  meanCostUsd: z.number().nullable(),
  meanDurationMs: z.number().nullable(),
};
export const SpawnCounts = z.object(counts);
export type SpawnCounts = z.infer<typeof SpawnCounts>;

export const ModelPerformance = z.object({
  model: z.string(),
  ...counts,
  byCaste: z.array(z.object({ caste: z.string(), ...counts })),
  byTaskClass: z.array(z.object({ taskClass: z.string(), ...counts })),
});
export type ModelPerformance = z.infer<typeof ModelPerformance>;

export const TelemetrySummary = z.object({
  ...counts,
  /** Epoch ms of the oldest spawn that the figures cover; null: none. */
  since: z.number().nullable(),
  models: z.array(ModelPerformance),
  /** The last ten. */
  recent: z.array(Spawn),
  /** Rows that could not be written since the start, and why the last one could not. */
  lost: z.object({ count: z.number(), problem: z.string().nullable() }),
});
export type TelemetrySummary = z.infer<typeof TelemetrySummary>;

export const RoutingStats = z.object({
  decisions: z.number(),
  /** Epoch ms; null: there is none in the range. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  bySource: z.array(z.object({ source: ChoiceSource, ...counts })),
  byModel: z.array(z.object({ model: z.string(), ...counts })),
});
export type RoutingStats = z.infer<typeof RoutingStats>;

const range = { days: z.number().int().min(1).max(3_650).optional(), caste: Caste.optional() };

/** How often one model has finished a kind of work, with what it cost. */
const Record = z.object({
  model: z.string(),
  completed: z.number(),
  finished: z.number(),
  rate: z.number(),
  low: z.number(),
  high: z.number(),
  meanCostUsd: z.number().nullable(),
});
export type ModelRecord = z.infer<typeof Record>;

/** Another model is clearly better in the record: the evidence, nothing more. Nothing changes by itself. */
export const Suggestion = z.object({
  caste: z.string(),
  taskClass: z.string(),
  model: z.string(),
  evidence: Record,
  against: Record,
  sentence: z.string(),
});
export type Suggestion = z.infer<typeof Suggestion>;

/** The model of a session, where it came from, and what the record says now. */
export const ModelChoice = z.object({
  /** What was asked for; null: the agent chose. */
  model: z.string().nullable(),
  source: ChoiceSource,
  taskClass: z.string(),
  /** "opus: your choice", "sonnet: suggested, 14 of 15 against 9 of 14". */
  sentence: z.string(),
  suggestion: Suggestion.nullable(),
});
export type ModelChoice = z.infer<typeof ModelChoice>;

/** The exchange form of telemetry: names as other tools of the kind read them. */
export const TelemetryExport = z.object({
  version: z.literal('1.0'),
  last_updated: z.string(),
  models: z.record(
    z.string(),
    z.object({
      total_spawns: z.number(),
      successful_completions: z.number(),
      failed_completions: z.number(),
      blocked: z.number(),
      by_caste: z.record(
        z.string(),
        z.object({ spawns: z.number(), success: z.number(), failures: z.number(), blocked: z.number() }),
      ),
    }),
  ),
  routing_decisions: z.array(
    z.object({
      timestamp: z.string(),
      task: z.string(),
      caste: z.string(),
      selected_model: z.string(),
      source: z.string(),
    }),
  ),
});
export type TelemetryExport = z.infer<typeof TelemetryExport>;

export const telemetryMethods = {
  'telemetry.summary': query({
    summary: 'Every spawn of an agent in figures: by model, by role, the last ten.',
    input: z.object(range),
    output: TelemetrySummary,
  }),
  'telemetry.model': query({
    summary: 'How one model has done; null when it has never run.',
    input: z.object({ model: z.string().min(1).max(200), ...range }),
    output: ModelPerformance.nullable(),
  }),
  'telemetry.routing': query({
    summary: 'Which models were chosen and by what, by days and role.',
    input: z.object(range),
    output: RoutingStats,
  }),
  'telemetry.export': query({
    summary: 'Telemetry in the exchange form: counters of everything, the last 1000 decisions.',
    input: z.object({}),
    output: TelemetryExport,
  }),
  'telemetry.write': command({
    summary: 'Write the exchange form to telemetry.json in the data directory.',
    input: z.object({}),
    output: z.object({ path: z.string(), decisions: z.number(), of: z.number() }),
  }),
  'telemetry.correct': command({
    summary: 'Correct the outcome of a spawn; the first one and the reason are kept.',
    input: z.object({ id: z.string(), outcome: z.enum(['completed', 'failed', 'blocked']), reason: z.string().min(1) }),
    output: Spawn,
  }),
  'models.choice': query({
    summary: 'The model of a session, where it came from, and what the record suggests.',
    input: z.object({ sessionId: z.string() }),
    output: ModelChoice.nullable(),
  }),
  'models.suggestions': query({
    summary: "What the record suggests for a project's sessions, by task class.",
    input: z.object({ projectId: z.string() }),
    output: z.array(Suggestion),
  }),
  'models.follow': command({
    summary: 'Make a suggested model the default of a project. Refused when the record no longer suggests it.',
    input: z.object({ projectId: z.string(), taskClass: z.string(), model: z.string().min(1).max(100) }),
    output: Suggestion,
  }),
};
