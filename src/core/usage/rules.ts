import type { Budget, BudgetLimit, LimitWindow, UsageSum } from '../../shared/contract/usage.ts';
import { count, dollars, percent, short } from '../../shared/format.ts';
import { costWords } from '../../shared/usage-words.ts';
import type { LimitReport } from '../drivers/driver.ts';

/** One run in figures; null: not known. */
export interface RunUsage {
  running: boolean;
  inputTokens: number | null;
  outputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
  costUsd: number | null;
  /** `costUsd` is only what it was at least. */
  costIsLeast?: boolean;
}

/** Null when there are runs and none of them is known; a sum of nothing is zero. */
function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return values.length > 0 && known.length === 0 ? null : known.reduce((all, one) => all + one, 0);
}

/** Adds up runs: what is unknown is counted, never taken for zero. */
export function sumOf(runs: readonly RunUsage[]): UsageSum {
  const of = (key: Exclude<keyof RunUsage, 'running' | 'costIsLeast'>): number | null =>
    total(runs.map((run) => run[key]));
  return {
    runs: runs.length,
    running: runs.filter((run) => run.running).length,
    inputTokens: of('inputTokens'),
    outputTokens: of('outputTokens'),
    cacheReadTokens: of('cacheReadTokens'),
    cacheWriteTokens: of('cacheWriteTokens'),
    cacheUnknown: runs.filter((run) => run.cacheReadTokens === null).length,
    tokensUnknown: runs.filter((run) => run.inputTokens === null || run.outputTokens === null).length,
    costUsd: of('costUsd'),
    costUnknown: runs.filter((run) => run.costUsd === null || run.costIsLeast).length,
  };
}

export interface Spent {
  usd: number | null;
  costUnknown: number;
  tokens: number | null;
}

export const spentOf = (sum: UsageSum): Spent => ({
  usd: sum.costUsd,
  costUnknown: sum.costUnknown,
  tokens: sum.inputTokens === null || sum.outputTokens === null ? null : sum.inputTokens + sum.outputTokens,
});

/** Totals of a conversation, and what its session had before this run. */
export interface Totals {
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
}

/**
 * What stands against a session's budget: its conversation, and what validators voted on its questions meanwhile.
 * @param runs all that are recorded of it; what they cost is the least where the conversation's own cost is unknown.
 */
export function spentWithVotes(own: Totals, runs: readonly (RunUsage & { caste: string })[]): Spent {
  const votes = spentOf(sumOf(runs.filter(({ caste, running }) => caste === 'validator' && !running)));
  const { inputTokens, outputTokens, costUsd } = own;
  return {
    usd: costUsd === null ? sumOf(runs).costUsd : costUsd + (votes.usd ?? 0),
    costUnknown: votes.costUnknown + (costUsd === null ? 1 : 0),
    tokens: inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens + (votes.tokens ?? 0),
  };
}

export const isLimited = ({ usd, tokens }: BudgetLimit): boolean => usd !== null || tokens !== null;

/** How much of a limit is spent: the higher share of dollars and tokens; null: neither is known. Cheap: asked at every event. */
export function shareOf(limit: BudgetLimit, spent: Pick<Spent, 'usd' | 'tokens'>): number | null {
  const usd = limit.usd === null || spent.usd === null ? null : spent.usd / limit.usd;
  const tokens = limit.tokens === null || spent.tokens === null ? null : spent.tokens / limit.tokens;
  return usd === null ? tokens : tokens === null ? usd : Math.max(usd, tokens);
}

/** A share of 1 is spent: nothing of it is left. */
export function stateOf(share: number | null, warnShare: number): Budget['state'] {
  if (share === null) return 'ok';
  return share >= 1 ? 'over' : share >= warnShare ? 'warning' : 'ok';
}

const limitWords = ({ usd, tokens }: BudgetLimit): string =>
  [usd === null ? null : dollars(usd), tokens === null ? null : count(tokens, 'token')].filter(Boolean).join(' or ');

function spentWords(limit: BudgetLimit, spent: Spent): string {
  const parts = [
    limit.usd === null ? null : costWords({ costUsd: spent.usd, costUnknown: spent.costUnknown }),
    limit.tokens === null ? null : spent.tokens === null ? 'unknown tokens' : `${short(spent.tokens)} tokens`,
  ];
  return parts.filter(Boolean).join(' and ');
}

/** One budget with what was spent of it, in figures and in a sentence. */
export function budgetOf(
  of: Pick<Budget, 'scope' | 'subject' | 'name' | 'limit' | 'resetsAt'>,
  spent: Spent,
  { warnShare, resetWords }: { warnShare: number; resetWords: string | null },
): Budget {
  const share = shareOf(of.limit, spent);
  const state = stateOf(share, warnShare);
  const whose = {
    session: 'The budget of this session',
    project: `Today's budget of "${of.name}"`,
    day: "Today's budget",
  };
  const what = `${whose[of.scope]}, ${limitWords(of.limit)},`;
  const reset = resetWords === null ? '' : ` It begins anew ${resetWords}.`;
  const sentence =
    state === 'over'
      ? `${what} is spent (${spentWords(of.limit, spent)}).${reset}`
      : `${what} is spent to ${percent(share)} (${spentWords(of.limit, spent)}).${reset}`;
  return { ...of, spent, share, state, sentence };
}

const LABELS: Readonly<Record<string, string>> = {
  five_hour: '5-hour window',
  seven_day: 'Weekly window',
  seven_day_opus: 'Weekly window of Opus',
  seven_day_sonnet: 'Weekly window of Sonnet',
  seven_day_overage_included: 'Weekly window with extra usage',
  overage: 'Extra usage',
  unnamed: 'Usage limit',
};
export const windowLabel = (name: string): string => LABELS[name] ?? name.replaceAll('_', ' ');

export type SeenWindow = Omit<LimitWindow, 'label' | 'seenAt'>;

/** A window that belongs to one model's family alone. */
const familyOf = (name: string): string | null => /^seven_day_(opus|sonnet)$/.exec(name)?.[1] ?? null;

/**
 * Does a request of that model that went through prove that a window which was reached has room again?
 * What is for one family of models is proved by that family only.
 */
export function proves(name: string, model: string | null): boolean {
  const family = familyOf(name);
  return family === null || (model?.toLowerCase().includes(family) ?? false);
}

/** The windows as a report leaves them. `before`: as they were known. */
export function windowsAfter(before: readonly SeenWindow[], report: LimitReport, model: string | null): SeenWindow[] {
  const known = new Map(before.map((window) => [window.name, window]));
  for (const { name, status, utilization, resetsAt } of report.windows) {
    const was = known.get(name);
    // A window that says nothing of its state keeps a rejection until something went through.
    known.set(name, {
      name,
      utilization,
      resetsAt,
      status: status ?? (was?.status === 'rejected' ? 'rejected' : 'allowed'),
    });
  }
  const letThrough = report.status !== 'rejected';
  if (letThrough) {
    for (const [name, window] of known) {
      if (window.status === 'rejected' && proves(name, model)) known.set(name, { ...window, status: 'allowed' });
    }
  }
  if (report.name !== null || report.status === 'rejected') {
    const name = report.name ?? 'unnamed';
    const was = known.get(name);
    known.set(name, {
      name,
      status: report.status,
      utilization: report.utilization ?? was?.utilization ?? null,
      resetsAt: report.resetsAt ?? was?.resetsAt ?? null,
    });
  }
  return [...known.values()];
}

/**
 * Of all that a session cost, what it ran itself: not what judged it or voted on what it asked. Where that is
 * older than what is looked at, everything.
 */
export function ownRuns<R extends { caste: string }>(runs: readonly R[]): readonly R[] {
  const own = runs.filter(({ caste }) => caste === 'session');
  return own.length > 0 ? own : runs;
}

const tokensOf = (sum: UsageSum): number => (sum.inputTokens ?? 0) + (sum.outputTokens ?? 0);

/** Runs by what they have in common, the dearest first. */
export function grouped<R extends RunUsage, K extends keyof R>(runs: readonly R[], key: K) {
  return [...Map.groupBy(runs, (run) => run[key])]
    .map(([name, group]) => ({ name, group, sum: sumOf(group) }))
    .toSorted((a, b) => (b.sum.costUsd ?? 0) - (a.sum.costUsd ?? 0) || tokensOf(b.sum) - tokensOf(a.sum));
}

const TOP_SESSIONS = 20;

/** The sessions that cost most, named by what they ran themselves. */
export const dearestSessions = (
  runs: readonly (RunUsage &
    Record<'caste' | 'task' | 'model', string> &
    Record<'sessionId' | 'project', string | null>)[],
) =>
  grouped(
    runs.filter((run) => run.sessionId !== null),
    'sessionId',
  )
    .slice(0, TOP_SESSIONS)
    .map(({ name, group, sum }) => ({
      sessionId: name ?? '',
      project: group[0]?.project ?? '',
      task: ownRuns(group)[0]?.task ?? '',
      model: ownRuns(group).at(-1)?.model ?? '',
      ...sum,
    }));
