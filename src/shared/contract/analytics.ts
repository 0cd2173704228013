import { z } from 'zod';
import { command, query } from './define.ts';
import { DecisionMetrics } from './history.ts';

/** What the pipeline raises by itself (S2-32). */
export const ALERT_KINDS = [
  'safety_violation',
  'constraint_violation',
  'rate_limit_exceeded',
  'execution_failure',
  'approval_timeout',
  'unusual_pattern',
  'high_failure_rate',
  'high_latency',
  'abort_resisted',
] as const;
export const AlertKind = z.enum(ALERT_KINDS);
export type AlertKind = z.infer<typeof AlertKind>;

/** One thing that is out of order: raised once while it lasts, whatever often it is seen. */
export const DecisionAlert = z.object({
  id: z.string(),
  kind: AlertKind,
  severity: z.enum(['info', 'warning', 'error', 'critical']),
  /** What it is about: a session, an agent, or `pipeline`. */
  subject: z.string(),
  text: z.string(),
  /** How many actions show it. */
  n: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
  /** Epoch ms at which it was over; null: it still is so. */
  clearedAt: z.number().nullable(),
  ackedAt: z.number().nullable(),
  ackedBy: z.string().nullable(),
});
export type DecisionAlert = z.infer<typeof DecisionAlert>;

export const DecisionSummary = z.object({
  /** Questions that wait, and actions that run. */
  pending: z.number(),
  executing: z.number(),
  failedLastHour: z.number(),
  day: DecisionMetrics,
  week: DecisionMetrics,
  /** Not acknowledged, or still so. */
  alerts: z.array(DecisionAlert),
});
export type DecisionSummary = z.infer<typeof DecisionSummary>;

/** What other settings of `decisions` would have made of the last 30 days. */
export const SettingsPreview = z.object({
  since: z.number(),
  /** Decisions that were compared, and those of which too little was kept. */
  compared: z.number(),
  unknown: z.number(),
  /** How many reached a person and how many went ahead unasked: as it was judged again by today's settings, and by the draft. */
  asked: z.object({ before: z.number(), after: z.number() }),
  unasked: z.object({ before: z.number(), after: z.number() }),
  refused: z.object({ before: z.number(), after: z.number() }),
  /** Questions that would have begun with more than the badge. */
  told: z.object({ before: z.number(), after: z.number() }),
  /** Questions that a person answered: after the draft's time for them would have run out. */
  tooLate: z.number(),
  /** Questions that the draft's quiet hours would have kept to the badge. */
  quiet: z.number(),
  changed: z.number(),
  samples: z.array(
    z.object({
      decisionId: z.string(),
      at: z.number(),
      project: z.string(),
      summary: z.string(),
      risk: z.string(),
      before: z.enum(['allow', 'deny', 'ask']),
      after: z.enum(['allow', 'deny', 'ask']),
      why: z.string(),
    }),
  ),
});
export type SettingsPreview = z.infer<typeof SettingsPreview>;

/** Keys below `decisions` with their values, as in the configuration: `{"auto.perHour": 10, "quietHours": null}`. */
const GateChanges = z.record(z.string().max(200), z.unknown());

/** How the gate is set: as it holds, as it would be without a word of the person's, and the table of the levels. */
const GateSettingsView = z.object({
  settings: z.record(z.string(), z.unknown()),
  defaults: z.record(z.string(), z.unknown()),
  table: z.record(z.string(), z.record(z.string(), z.string())),
});

export const analyticsMethods = {
  'analytics.summary': query({
    summary: 'What waits, runs and fails now, the figures of a day and of a week, and what is out of order.',
    input: z.object({}),
    output: DecisionSummary,
  }),
  'analytics.alerts': query({
    summary: 'What the gate found out of order, newest first; only what is open unless all is set.',
    input: z.object({ all: z.boolean().optional(), limit: z.number().int().min(1).max(1_000).optional() }),
    output: z.array(DecisionAlert),
  }),
  'analytics.acknowledge': command({
    summary: 'Say that an alert was seen; it comes back only after it was over.',
    input: z.object({ id: z.string() }),
    output: DecisionAlert,
  }),
  'policy.settings': query({
    summary: 'The settings of the gate as they hold, their defaults, and the table of what each level may do.',
    input: z.object({}),
    output: GateSettingsView,
  }),
  'policy.set': command({
    summary: 'Set keys of "decisions"; all of them or none. Answers with the settings as they hold then.',
    input: z.object({ changes: GateChanges }),
    output: GateSettingsView,
  }),
  'policy.reset': command({
    summary: 'Put keys of "decisions" back to their defaults: those that are named, or all.',
    input: z.object({ keys: z.array(z.string().min(1).max(200)).max(100).optional() }),
    output: GateSettingsView,
  }),
  'policy.preview': query({
    summary: 'What other settings of "decisions" would have made of the last 30 days. Changes and counts nothing.',
    input: z.object({
      changes: GateChanges,
      projectId: z.string().optional(),
    }),
    output: SettingsPreview,
  }),
};

export const analyticsFacts = {
  'alert.raised': z.object({ alert: DecisionAlert }),
  'alert.changed': z.object({ alert: DecisionAlert }),
};
