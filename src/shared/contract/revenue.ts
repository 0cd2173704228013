import { z } from 'zod';
import { command, query } from './define.ts';
import { Atomic, MicroUsd, Reading, SOURCE_KINDS, SourceSettings } from './revenue-sources.ts';

/** Dollars of a period. `complete: false` with a number: at least that much. Null: not known at all. */
export const Figure = z.object({
  microUsd: MicroUsd.nullable(),
  complete: z.boolean(),
  /** Why it is not the whole truth, in a sentence; null when it is. */
  why: z.string().nullable(),
});
export type Figure = z.infer<typeof Figure>;

/** Against the period before; without a ratio, why there is none. */
export const Change = z.object({ ratio: z.number().nullable(), why: z.string().nullable() });
export type Change = z.infer<typeof Change>;

export const SourceWeek = z.object({
  sourceId: z.string(),
  name: z.string(),
  kind: z.enum(SOURCE_KINDS),
  projectId: z.string().nullable(),
  figure: Figure,
  previous: Figure,
  change: Change,
  asset: z.string().nullable(),
  amount: Atomic.nullable(),
  requests: z.number().nullable(),
  tokens: z.number().nullable(),
});
export type SourceWeek = z.infer<typeof SourceWeek>;

/** A sum over sources: `microUsd` is what is known; null when nothing is. */
export const Total = z.object({
  microUsd: MicroUsd.nullable(),
  unknown: z.number().int(),
  incomplete: z.number().int(),
});
export type Total = z.infer<typeof Total>;

/** The seven days that end now against the seven before, in the person's zone. */
export const Week = z.object({
  from: z.number(),
  to: z.number(),
  previousFrom: z.number(),
  timezone: z.string(),
  total: Total,
  previous: Total,
  change: Change,
  sources: z.array(SourceWeek),
  /** Two weeks of every source are known: from then on revenue may be weighed. */
  stable: z.boolean(),
});
export type Week = z.infer<typeof Week>;

export const RevenueSource = z.object({
  id: z.string(),
  kind: z.enum(SOURCE_KINDS),
  name: z.string(),
  projectId: z.string().nullable(),
  settings: SourceSettings,
  intervalMs: z.number().nullable(),
  paused: z.boolean(),
  createdAt: z.number(),
  lastTryAt: z.number().nullable(),
  lastGoodAt: z.number().nullable(),
  lastError: z.string().nullable(),
  /** Its last good value is older than it should be. */
  stale: z.boolean(),
  /** Something that a person should look at, in a sentence. */
  flag: z.string().nullable(),
  reading: Reading.nullable(),
  /** Days of the last fourteen that are known; null for a source that earns nothing itself. */
  stableDays: z.number().nullable(),
});
export type RevenueSource = z.infer<typeof RevenueSource>;

/** What the screens mirror; null while there is no source. */
export const RevenueSummary = z.object({
  at: z.number(),
  sources: z.number(),
  failing: z.number(),
  week: Total,
  change: Change,
});
export type RevenueSummary = z.infer<typeof RevenueSummary>;

/** What stands beside a project for the last seven days. Null: unknown. */
export const ProjectLine = z.object({
  projectId: z.string(),
  name: z.string(),
  revenue: Total,
  sources: z.number(),
  costMicroUsd: MicroUsd.nullable(),
  /** Sessions of the week whose cost is not known. */
  costUnknown: z.number(),
  netMicroUsd: MicroUsd.nullable(),
  sessions: z.number(),
  commits: z.number().nullable(),
  meanScore: z.number().nullable(),
  /** 0–1. */
  uptime: z.number().nullable(),
});
export type ProjectLine = z.infer<typeof ProjectLine>;

export const Entry = z.object({
  key: z.string(),
  at: z.number(),
  asset: z.string(),
  amount: Atomic,
  microUsd: MicroUsd.nullable(),
  note: z.string().nullable(),
  via: z.enum(['hand', 'csv', 'webhook']),
});
export type Entry = z.infer<typeof Entry>;

export const ImportReport = z.object({
  rows: z.array(
    z.object({
      line: z.number(),
      at: z.number(),
      asset: z.string(),
      amount: Atomic,
      note: z.string().nullable(),
      known: z.boolean(),
    }),
  ),
  bad: z.array(z.object({ line: z.number(), text: z.string(), reason: z.string() })),
  added: z.number(),
  known: z.number(),
});
export type ImportReport = z.infer<typeof ImportReport>;

export const TestResult = z.object({ ok: z.boolean(), text: z.string(), reading: Reading.nullable() });
export type TestResult = z.infer<typeof TestResult>;

const id = z.string().min(1).max(100);
const name = z.string().trim().min(1).max(80);
const interval = z.number().int().min(10_000).max(86_400_000).nullable();
const MOST_CSV = 900_000;
const Csv = z.strictObject({ id, csv: z.string().max(MOST_CSV, `a CSV may have ${MOST_CSV} characters at most`) });
/** What comes back when a source was made: its token is shown once and kept as a hash only. */
const Made = z.object({ source: RevenueSource, token: z.string().nullable() });

export const revenueMethods = {
  'revenue.sources': query({
    summary: 'Every revenue source with its last good value, its age and its last error.',
    input: z.object({}),
    output: z.array(RevenueSource),
  }),
  'revenue.add': command({
    summary: 'Add a revenue source.',
    input: z.strictObject({ name, settings: SourceSettings, projectId: id.nullish(), intervalMs: interval.optional() }),
    output: Made,
  }),
  'revenue.update': command({
    summary: 'Change a revenue source; what is left out stays.',
    input: z.strictObject({
      id,
      name: name.optional(),
      settings: SourceSettings.optional(),
      projectId: id.nullable().optional(),
      intervalMs: interval.optional(),
      paused: z.boolean().optional(),
      /** The person has seen what it was flagged for. */
      clearFlag: z.literal(true).optional(),
    }),
    output: RevenueSource,
  }),
  'revenue.remove': command({
    summary: 'Remove a revenue source; what it earned stays in the history.',
    input: z.strictObject({ id }),
    output: z.object({ id: z.string() }),
  }),
  'revenue.test': command({
    summary: 'Look once at a source, kept or not yet kept; nothing is counted.',
    input: z.union([z.strictObject({ id }), z.strictObject({ settings: SourceSettings })]),
    output: TestResult,
  }),
  'revenue.look': command({
    summary: 'Look at a source now instead of at its next time.',
    input: z.strictObject({ id }),
    output: RevenueSource,
  }),
  'revenue.newToken': command({
    summary: "Make a webhook's token anew; the old one ends.",
    input: z.strictObject({ id }),
    output: z.object({ token: z.string() }),
  }),
  'revenue.enter': command({
    summary: 'Enter an amount by hand.',
    input: z.strictObject({
      id,
      amount: z.string().min(1).max(40),
      at: z.number().int().optional(),
      note: z.string().max(300).optional(),
    }),
    output: Entry,
  }),
  'revenue.entries': query({
    summary: 'What was entered, imported or posted, newest first.',
    input: z.strictObject({ id, limit: z.number().int().min(1).max(1_000).optional() }),
    output: z.array(Entry),
  }),
  'revenue.removeEntry': command({
    summary: 'Take back an entry.',
    input: z.strictObject({ id, key: z.string().min(1).max(200) }),
    output: z.object({ key: z.string() }),
  }),
  'revenue.previewImport': query({
    summary: 'Read a CSV and say what it would add; nothing is changed.',
    input: Csv,
    output: ImportReport,
  }),
  'revenue.import': command({
    summary: 'Import a CSV; a row that was imported before is left alone.',
    input: Csv,
    output: ImportReport,
  }),
  'revenue.week': query({
    summary: 'The seven days that end now against the seven before.',
    input: z.object({}),
    output: Week,
  }),
  'revenue.weeks': query({
    summary: 'Calendar weeks, oldest first, the current one last.',
    input: z.strictObject({ count: z.number().int().min(1).max(53).default(12) }),
    output: z.array(z.object({ from: z.number(), to: z.number(), total: Total })),
  }),
  'revenue.projects': query({
    summary: 'Revenue less agent cost, commits, score and uptime of each project, for the last seven days.',
    input: z.object({}),
    output: z.array(ProjectLine),
  }),
  'revenue.context': query({
    summary: "What was earned, as text for an agent's context.",
    input: z.object({}),
    output: z.object({ text: z.string() }),
  }),
};

export const revenueFacts = {
  'revenue.changed': z.object({ revenue: RevenueSummary.nullable() }),
  /** The week's figures, told once a week. Epoch ms. */
  'revenue.told': z.object({ from: z.number(), to: z.number(), title: z.string(), body: z.string() }),
};
