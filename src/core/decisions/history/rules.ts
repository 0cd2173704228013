import type { DecisionMetrics, SERIES, Share, Spread } from '../../../shared/contract/history.ts';
import { STAGES, type Stage, stageOf } from '../../../shared/decision-stage.ts';
import { RISKS, type Risk } from '../../../shared/policy.ts';
import type { PastAction } from './storage.ts';

/** A yes given faster than the question can be read. */
const RUBBER_STAMP_MS = 2_000;
/** Fewer approvals than this, or a smaller share, say nothing about how a person looks. */
const RUBBER_STAMP_MIN = 20;
const RUBBER_STAMP_SHARE = 0.5;
const MOST_TOOLS = 12;

export type Metric = (typeof SERIES)[number];

const share = (n: number, of: number): Share => ({ n, of, rate: of === 0 ? null : n / of });

/** Percentiles by nearest rank: each is a value that was measured. Null without any. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number): number | null => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    n: sorted.length,
    mean: sorted.length === 0 ? null : sum / sorted.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: sorted.at(-1) ?? null,
  };
}

/** A person said yes or no; what ran out or was withdrawn is no answer. */
const isAnswered = ({ verdict, state, byPerson }: PastAction): boolean =>
  byPerson && verdict === 'ask' && (state === 'approved' || state === 'denied');
const answerMs = (one: PastAction): number[] =>
  isAnswered(one) && one.answeredAt !== null ? [one.answeredAt - one.askedAt] : [];
/** What the gate refused and is critical. */
const isUnsafe = ({ state, risk }: PastAction): boolean => state === 'refused' && risk === 'critical';
/** How long it ran, where both ends were seen. */
const executionMs = ({ startedAt, settledAt, outcome }: PastAction): number[] =>
  startedAt !== null && settledAt !== null && outcome !== 'unknown' ? [settledAt - startedAt] : [];

function toolsOf(actions: readonly PastAction[]): DecisionMetrics['byTool'] {
  const tools = new Map<string, DecisionMetrics['byTool'][number]>();
  for (const { tool, verdict, auto, outcome } of actions) {
    const row = tools.get(tool) ?? { tool, n: 0, asked: 0, auto: 0, failed: 0 };
    row.n += 1;
    if (verdict === 'ask') row.asked += 1;
    if (auto) row.auto += 1;
    if (outcome === 'failed') row.failed += 1;
    tools.set(tool, row);
  }
  return [...tools.values()].toSorted((a, b) => b.n - a.n).slice(0, MOST_TOOLS);
}

/** What the decisions since a time say. Every share has the number that it is of (T-063). */
export function metricsOf(actions: readonly PastAction[], since: number): DecisionMetrics {
  const byStage = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;
  for (const action of actions) byStage[stageOf(action)] += 1;
  const answered = actions.filter(isAnswered);
  const approved = answered.filter(({ state }) => state === 'approved');
  const quick = approved.filter((one) => answerMs(one).some((ms) => ms < RUBBER_STAMP_MS));
  const autos = actions.filter(({ auto }) => auto);
  const heard = actions.filter(({ tribunal }) => tribunal !== null);
  const refused = heard.filter((one) => one.tribunal === 'not_agreed' && isAnswered(one));
  const rubberStamped = share(quick.length, approved.length);
  return {
    since,
    total: actions.length,
    byStage,
    succeeded: share(byStage.completed, byStage.completed + byStage.failed),
    rejected: share(answered.length - approved.length, answered.length),
    asked: share(actions.filter(({ verdict }) => verdict === 'ask').length, actions.length),
    falsePositives: share(autos.filter(({ wrong }) => wrong).length, autos.length),
    tribunal: share(actions.filter(({ tribunal }) => tribunal === 'agreed').length, heard.length),
    overruled: share(refused.filter(({ state }) => state === 'approved').length, refused.length),
    rubberStamped,
    rubberStampWarning: rubberStamped.of >= RUBBER_STAMP_MIN && (rubberStamped.rate ?? 0) >= RUBBER_STAMP_SHARE,
    violations: {
      safety: actions.filter(isUnsafe).length,
      constraint: actions.filter(({ violation }) => violation === 'constraint').length,
      rateLimit: actions.filter(({ violation }) => violation === 'rate_limit').length,
    },
    execution: spreadOf(actions.flatMap(executionMs)),
    answering: spreadOf(actions.flatMap(answerMs)),
    answeringByRisk: RISKS.map((risk: Risk) => ({
      risk,
      spread: spreadOf(actions.filter((one) => one.risk === risk).flatMap(answerMs)),
    })).filter(({ spread }) => spread.n > 0),
    byTool: toolsOf(actions),
  };
}

const mean = (values: readonly number[]): number | null => spreadOf(values).mean;

/** What one bucket says of a metric: counts are zero where nothing was, means and rates unknown. */
function valueOf(metric: Metric, actions: readonly PastAction[]): { value: number | null; n: number } {
  const counted = (wanted: (one: PastAction) => boolean) => ({
    value: actions.filter(wanted).length,
    n: actions.length,
  });
  switch (metric) {
    case 'decisions':
      return { value: actions.length, n: actions.length };
    case 'asked':
      return counted(({ verdict }) => verdict === 'ask');
    case 'rejected':
      return counted((one) => stageOf(one) === 'rejected');
    case 'failed':
      return counted(({ outcome }) => outcome === 'failed');
    case 'safety_violations':
      return counted(isUnsafe);
    case 'success_rate': {
      const { succeeded } = metricsOf(actions, 0);
      return { value: succeeded.rate, n: succeeded.of };
    }
    case 'answer_ms': {
      const times = actions.flatMap(answerMs);
      return { value: mean(times), n: times.length };
    }
    case 'execution_ms': {
      const times = actions.flatMap(executionMs);
      return { value: mean(times), n: times.length };
    }
  }
}

/** The buckets from `since` to `until`, each there, also where nothing happened (S2-31). Times are epoch milliseconds. */
export function seriesOf(
  metric: Metric,
  actions: readonly PastAction[],
  { since, until, bucketMs }: { since: number; until: number; bucketMs: number },
): { at: number; value: number | null; n: number }[] {
  const buckets: PastAction[][] = Array.from({ length: Math.max(1, Math.ceil((until - since) / bucketMs)) }, () => []);
  for (const action of actions) buckets[Math.floor((action.askedAt - since) / bucketMs)]?.push(action);
  return buckets.map((some, at) => ({ at: since + at * bucketMs, ...valueOf(metric, some) }));
}
