import { z } from 'zod';
import { ATTENTION } from './attention.ts';
import { ResourceThresholds } from './contract/resources.ts';
import { ServiceSettings } from './contract/services.ts';
import { Thresholds } from './contract/trust.ts';
import { WindowSettings } from './contract/trust-record.ts';
import { mayClass, RISKS } from './policy.ts';
import { ScoreSettings } from './score-settings.ts';
import { NotificationSettings, ShellSettings, TimeOfDay } from './shell-settings.ts';

const ms = (fallback: number, min = 1) => z.number().int().min(min).max(31_536_000_000).default(fallback);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A third of the sessions must have been scored, unless the person says otherwise. */
const evaluationsFor = (minSessions: number): number => Math.ceil(minSessions / 3);

const threshold = (minSessions: number, minAvgScore: number, minDaysAtLevel: number) =>
  z
    .strictObject({
      minSessions: Thresholds.shape.minSessions.default(minSessions),
      minAvgScore: Thresholds.shape.minAvgScore.default(minAvgScore),
      minDaysAtLevel: Thresholds.shape.minDaysAtLevel.default(minDaysAtLevel),
      minEvaluations: Thresholds.shape.minEvaluations.optional(),
      minCoverage: Thresholds.shape.minCoverage.default(0.5),
    })
    .transform((t): Thresholds => ({ ...t, minEvaluations: t.minEvaluations ?? evaluationsFor(t.minSessions) }))
    .prefault({});

/** One path of the ladder. */
const path = (rungs: readonly (typeof ATTENTION)[number][], begins: (typeof ATTENTION)[number], louder: boolean) =>
  z.strictObject({ begins: z.enum(rungs).default(begins), louder: z.boolean().default(louder) }).prefault({});

/** List-price dollars, tokens, or both; null: no limit. */
const budget = z
  .strictObject({
    usd: z.number().positive().max(1_000_000).nullable().default(null),
    tokens: z.number().int().positive().nullable().default(null),
  })
  .prefault({});

/**
 * `config.jsonc`. Every key has a default; keys with a time carry the unit at the end.
 * An explicit 0 is a 0 (traps.md T-014): defaults fill in only what is absent.
 */
export const Config = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1).default(1),
  gateway: z.strictObject({ port: z.number().int().min(0).max(65_535).default(4517) }).prefault({}),
  sessions: z
    .strictObject({
      concurrency: z.number().int().min(1).max(32).default(2),
      timeBoxMs: ms(45 * MINUTE, 1_000),
      startupMs: ms(60_000, 100),
      stallMs: ms(10 * MINUTE, 100),
      toolStallMs: ms(30 * MINUTE, 100),
      graceMs: ms(5_000, 0),
      killMs: ms(10_000, 100),
      verifyTimeoutMs: ms(10 * MINUTE, 1_000),
      /** Silence after which a session is shown as stalled, before it is ended. */
      stallWarnMs: ms(4 * MINUTE, 100),
      toolStallWarnMs: ms(15 * MINUTE, 100),
      /** What happens at the end of `stallMs`: the session is ended, or only shown as stalled. */
      onStall: z.enum(['end', 'show']).default('end'),
      /** What a new session is told of where it works, beside its prompt. */
      context: z
        .strictObject({
          machine: z.boolean().default(true),
          services: z.boolean().default(true),
          revenue: z.boolean().default(true),
        })
        .prefault({}),
      /** Memory that must be free to start one more session; 0: not looked at. */
      memoryMb: z.number().int().min(0).max(1_048_576).default(240),
      retry: z
        .strictObject({
          crashes: z.number().int().min(0).max(10).default(1),
          transient: z.number().int().min(0).max(100).default(6),
          quota: z.number().int().min(0).max(1_000).default(50),
          transientMs: ms(30_000, 10),
          transientMaxMs: ms(15 * MINUTE, 10),
          quotaMs: ms(15 * MINUTE, 10),
          quotaMaxMs: ms(2 * HOUR, 10),
          jitterMs: ms(MINUTE, 0),
        })
        .prefault({}),
      /** What looks as if it led nowhere pauses a session and asks; 0: not looked at. */
      runaway: z
        .strictObject({
          repeats: z.number().int().min(0).max(1_000).default(12),
          dollarsPerMinute: z.number().min(0).max(10_000).default(5),
          tokensPerMinute: z.number().int().min(0).max(1_000_000_000).default(10_000_000),
          windowMs: ms(5 * MINUTE, 1_000),
          noProgressMs: ms(45 * MINUTE, 0),
          noProgressTokens: z.number().int().min(0).max(1_000_000_000).default(500_000),
        })
        .prefault({}),
    })
    .prefault({}),
  decisions: z
    .strictObject({
      /** How long a tool call's answer is held back for a person before the session is parked. */
      holdMs: z.number().int().min(0).max(570_000).default(120_000),
      /** How long an answer can be taken back before the agent gets it; 0: not at all. */
      undoMs: z.number().int().min(0).max(10_000).default(3_000),
      /** How long every question lives, whatever its urgency, before it counts as denied; null: by urgency. */
      deadlineMs: z.number().int().min(100).max(31_536_000_000).nullable().default(null),
      /** How long a question of each urgency lives; *immediate* and *high* are then asked louder. */
      timeouts: z
        .strictObject({
          immediateMs: ms(15 * MINUTE, 1_000),
          highMs: ms(HOUR, 1_000),
          normalMs: ms(4 * HOUR, 1_000),
          lowMs: ms(DAY, 1_000),
        })
        .prefault({}),
      /** How often a question is asked louder before it counts as denied. */
      escalations: z.number().int().min(0).max(10).default(3),
      /** Where a question of each urgency begins on the ladder, and whether it is asked louder when nobody answers. */
      paths: z
        .strictObject({
          immediate: path(ATTENTION.slice(1), 'repeated', true),
          high: path(ATTENTION, 'notification', true),
          normal: path(ATTENTION, 'notification', false),
          low: path(ATTENTION, 'badge', false),
        })
        .prefault({}),
      /** How grave reasons of a kind count, by their code; only ordinary work may count as less than it is. */
      risks: z
        .record(
          z.string().regex(/^[a-z][a-z_]{0,60}$/u, 'expected the code of a reason such as network'),
          z.enum(RISKS),
        )
        .superRefine((classes, context) => {
          for (const [code, risk] of Object.entries(classes))
            if (!mayClass(code, risk))
              context.addIssue({
                code: 'custom',
                path: [code],
                message: `cannot count as ${risk}: only ordinary medium work (network, installs, git_commit, …) may count as low`,
              });
        })
        .default({}),
      /** Between these times of day what can wait asks quietly, and its time runs from their end. */
      quietHours: z.strictObject({ from: TimeOfDay, to: TimeOfDay }).nullable().default(null),
      /** When an agent may act by itself where the table says *if eligible*. */
      auto: z
        .strictObject({
          /** Of an agent's 0–1000: CERTIFIED. */
          minScore: z.number().int().min(0).max(1_000).default(800),
          perHour: z.number().int().min(0).max(10_000).default(50),
          /** No action of the kind may have failed for so long. */
          failureWindowMs: ms(DAY, MINUTE),
        })
        .prefault({}),
      /** When so many of an agent's actions fail, nothing above low goes ahead unasked. */
      failures: z
        .strictObject({
          rate: z.number().gt(0).max(1).default(0.3),
          windowMs: ms(HOUR, MINUTE),
          /** Fewer finished actions than this say nothing. */
          min: z.number().int().min(1).max(10_000).default(20),
        })
        .prefault({}),
      /** Most actions of one session before a person is asked about each further one; null: no limit. */
      sessionActions: z.number().int().min(1).max(1_000_000).nullable().default(null),
    })
    .prefault({}),
  trust: z
    .strictObject({
      enabled: z.boolean().default(true),
      promotionCheckCron: z.string().default('0 10 * * *'),
      promotionExpiresMs: ms(14 * DAY, 1_000),
      thresholds: z
        .strictObject({
          cautious_to_moderate: threshold(30, 3.5, 7),
          moderate_to_full: threshold(50, 4, 14),
        })
        .prefault({}),
      /** The agents' own score. */
      score: ScoreSettings.prefault({}),
      /** The last scored sessions, which must hold as well as the record of all time. */
      window: WindowSettings.prefault({}),
    })
    .prefault({}),
  ledger: z
    .strictObject({
      /** Where signed checkpoints of the ledger go, best on another disk; null: a folder beside the database's. */
      checkpointFolder: z.string().startsWith('/', 'expected an absolute path').nullable().default(null),
    })
    .prefault({}),
  revenue: z
    .strictObject({
      /** Named by `config:<name>` in the settings of a revenue source. */
      secrets: z.record(z.string(), z.string().min(1)).default({}),
      /** When the week's figures are told, as a cron expression; null: never. */
      weekly: z.string().max(200).nullable().default('0 7 * * 0'),
    })
    .prefault({}),
  /** IANA zone of schedules and the daily check; null: the machine's own. */
  timezone: z.string().nullable().default(null),
  claude: z
    .strictObject({
      /** Path of the CLI; null: look on the PATH of the person's shell. */
      command: z.string().min(1).nullable().default(null),
      /** Given to the agent as they are. */
      env: z.record(z.string(), z.string()).default({}),
      /** Names that the agent gets from Tenure's own environment when they are set there. */
      passEnv: z
        .array(z.string())
        .default(['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL', 'CLAUDE_CONFIG_DIR']),
    })
    .prefault({}),
  /** The model of each role (`session`, `judge`, `validator`, `brain`) where nothing else is chosen. */
  models: z.record(z.string(), z.string().trim().min(1).max(100)).default({}),
  services: z
    .strictObject({
      /** The most checks at once. */
      concurrency: z.number().int().min(1).max(1_000).default(100),
      /** `host:port` that stands for "this machine is online"; null: its own interfaces say. */
      reference: z
        .string()
        .regex(/^[^\s/]+:\d{1,5}$/, 'expected host:port')
        .nullable()
        .default(null),
      /** How many that begin to fail within that time are one infrastructure event. */
      together: z.number().int().min(2).max(1_000).default(3),
      togetherMs: ms(2 * MINUTE, 1_000),
      /** How long is waited before a restart, for others that fail to show. */
      settleMs: ms(20_000, 0),
      /** Tenure's own restarts, for each service and in all. */
      restartsPerHour: z.number().int().min(0).max(60).default(2),
      /** Between a restart that did not help and the next; doubles each time. */
      backoffMs: ms(5 * MINUTE, 0),
      /** Until the first reminder; each further wait is twice as long. */
      reminderMs: ms(30 * MINUTE, MINUTE),
      /** A page for everybody who reaches this machine's loopback address, at /status. */
      statusPage: z
        .strictObject({ enabled: z.boolean().default(false), names: z.boolean().default(false) })
        .prefault({}),
      /** Services that are set up here; each is known by its name. */
      watch: z.array(ServiceSettings).max(10_000).default([]),
    })
    .prefault({}),
  usage: z
    .strictObject({
      /** The share of a budget from which on it is warned of. */
      warnShare: z.number().min(0.01).max(1).default(0.8),
      /** What becomes of sessions that work when the budget of their project or of the day is spent. */
      whenSpent: z.enum(['pause', 'go_on']).default('pause'),
      /** For each session, for each project and day, and for a day of all together. */
      budgets: z.strictObject({ session: budget, project: budget, day: budget }).prefault({}),
    })
    .prefault({}),
  /** Validators that may answer in the person's place where the table says *tribunal*; none without a model that votes. */
  tribunal: z
    .strictObject({
      /** Two are best, and neither the one that works: a model does not vote on what it asks itself. */
      models: z.array(z.string().trim().min(1).max(100)).max(2).default([]),
      timeoutMs: ms(MINUTE, 1_000),
      /** Of one vote, at list price. */
      maxCostUsd: z.number().min(0.001).max(10).default(0.1),
      minConfidence: z.number().min(0).max(1).default(0.6),
    })
    .prefault({}),
  /** Models that judge the work of Claude Code; the model is `models.judge`. Limits hold for each session. */
  judge: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** How long a session waits for its turn with the judge before it is scored without. */
      waitMs: ms(10 * MINUTE, 1_000),
      timeoutMs: ms(3 * MINUTE, 1_000),
      maxCostUsd: z.number().min(0.001).max(100).default(0.5),
    })
    .prefault({}),
  /** How a work tree is opened: a program and its arguments, `{path}` for the tree; null: the first of the usual ones. */
  worktrees: z
    .strictObject({
      editor: z.array(z.string().min(1)).min(1).nullable().default(null),
      terminal: z.array(z.string().min(1)).min(1).nullable().default(null),
    })
    .prefault({}),
  system: z
    .strictObject({ visibleMs: ms(1_000, 250), hiddenMs: ms(10_000, 1_000), thresholds: ResourceThresholds })
    .prefault({}),
  notifications: NotificationSettings.prefault({}),
  shell: ShellSettings.prefault({}),
  launch: z
    .strictObject({
      /** Prompts that are used again, by their names. */
      templates: z.record(z.string().min(1).max(80), z.string().min(1).max(100_000)).default({}),
    })
    .prefault({}),
  journal: z.strictObject({ keep: z.number().int().min(100).max(10_000_000).default(50_000) }).prefault({}),
  log: z.strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
});
export type Config = z.infer<typeof Config>;
