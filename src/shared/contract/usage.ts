import { z } from 'zod';
import { command, query } from './define.ts';

/**
 * What was used. Tokens are all that went in, those of a cache included; dollars are list prices. A sum
 * holds what is known: with `…Unknown` above 0 it is a least; null: nothing of it is known.
 */
const sum = {
  /** Runs of agents: sessions, judges, all that was spawned. */
  runs: z.number(),
  running: z.number(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  /** Of the input; null: not reported. */
  cacheReadTokens: z.number().nullable(),
  cacheWriteTokens: z.number().nullable(),
  cacheUnknown: z.number(),
  tokensUnknown: z.number(),
  costUsd: z.number().nullable(),
  costUnknown: z.number(),
};
export const UsageSum = z.object(sum);
export type UsageSum = z.infer<typeof UsageSum>;

const Amount = z.object({ usd: z.number().positive().nullable(), tokens: z.number().int().positive().nullable() });
/** A limit in list-price dollars, in tokens, in both (the first that is reached holds), or in neither: none. */
export const BudgetLimit = Amount;
export type BudgetLimit = z.infer<typeof BudgetLimit>;

/** Budgets of a day begin anew at midnight of the machine's zone; a session's holds for its whole life. */
export const Budget = z.object({
  scope: z.enum(['session', 'project', 'day']),
  /** The id of the session or project; null for the day. */
  subject: z.string().nullable(),
  name: z.string(),
  limit: BudgetLimit,
  spent: z.object({ usd: z.number().nullable(), costUnknown: z.number(), tokens: z.number().nullable() }),
  /** Spent of the limit, the higher of the two; null: nothing of it is known. */
  share: z.number().nullable(),
  state: z.enum(['ok', 'warning', 'over']),
  /** Epoch ms; null: never, it is a session's. */
  resetsAt: z.number().nullable(),
  sentence: z.string(),
});
export type Budget = z.infer<typeof Budget>;

export const Usage = z.object({
  /** IANA zone in which days begin. */
  timezone: z.string(),
  today: z.string(),
  days: z.number(),
  total: UsageSum,
  /** Every day of the range, oldest first; a day on which nothing ran is a day with zeros. `YYYY-MM-DD`. */
  byDay: z.array(z.object({ day: z.string(), ...sum })),
  byProject: z.array(z.object({ projectId: z.string().nullable(), name: z.string(), ...sum })),
  byModel: z.array(z.object({ model: z.string(), ...sum })),
  byCaste: z.array(z.object({ caste: z.string(), ...sum })),
  /** The dearest first. */
  sessions: z.array(
    z.object({ sessionId: z.string(), project: z.string(), task: z.string(), model: z.string(), ...sum }),
  ),
  budgets: z.array(Budget),
});
export type Usage = z.infer<typeof Usage>;

export const ProjectBudgets = z.object({
  projectId: z.string(),
  /** Null: what the config says for every session. */
  session: BudgetLimit.nullable(),
  /** Null: what the config says for every project. */
  day: BudgetLimit.nullable(),
});
export type ProjectBudgets = z.infer<typeof ProjectBudgets>;

/** A window of a subscription, as the agent's CLI reported it last. */
export const LimitWindow = z.object({
  /** `five_hour`, `seven_day`, `seven_day_opus`, … or `unnamed`. */
  name: z.string(),
  label: z.string(),
  status: z.enum(['allowed', 'warning', 'rejected']),
  /** 0–1; null: not reported. */
  utilization: z.number().nullable(),
  resetsAt: z.number().nullable(),
  /** When this was reported. */
  seenAt: z.number(),
});
export type LimitWindow = z.infer<typeof LimitWindow>;

export const Limits = z.object({
  /** A limit that was reached, until the service has let something through again: the clock alone is no proof. */
  reached: z
    .object({
      name: z.string(),
      label: z.string(),
      resetsAt: z.number().nullable(),
      since: z.number(),
      sentence: z.string(),
    })
    .nullable(),
  windows: z.array(LimitWindow),
});
export type Limits = z.infer<typeof Limits>;

export const usageMethods = {
  'usage.summary': query({
    summary: 'Tokens and list-price cost by day, project, model and session.',
    input: z.object({ days: z.number().int().min(1).max(366).optional(), projectId: z.string().optional() }),
    output: Usage,
  }),
  'usage.today': query({
    summary: "Today's usage and the budget of the day.",
    input: z.object({}),
    output: z.object({ day: z.string(), ...sum, budget: Budget.nullable() }),
  }),
  'usage.projectBudgets': query({
    summary: 'The budgets that a project has of its own.',
    input: z.object({ projectId: z.string() }),
    output: ProjectBudgets,
  }),
  'usage.setBudgets': command({
    summary: "Set a project's own budgets, for each session and for a day; null takes one away.",
    input: ProjectBudgets,
    output: ProjectBudgets,
  }),
  'limits.current': query({
    summary: 'The windows of the subscription as far as they were reported, and a limit that was reached.',
    input: z.object({}),
    output: Limits,
  }),
};

export const usageFacts = {
  /** Told once for each session, and for each project and day: a share of a budget is spent, or all of it. */
  'budget.warned': z.object({ budget: Budget }),
  'limits.changed': z.object({ limits: Limits }),
};
