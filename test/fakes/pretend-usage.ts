import type { Spawn, SpawnCounts, TelemetrySummary } from '../../src/shared/contract/telemetry.ts';
import type { Usage, UsageSum } from '../../src/shared/contract/usage.ts';
import type { Answers } from './pretend-answers.ts';

const DAY = 86_400_000;
const nameOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const NOTHING = { spawns: 0, running: 0, completed: 0, failed: 0, blocked: 0, unknown: 0, success: null, since: null };

/** So many runs as they usually are; `unknown` of them without a price. */
function sumOf(runs: number, unknown = 0): UsageSum {
  return {
    runs,
    running: 0,
    inputTokens: runs * 412_000,
    outputTokens: runs * 9_400,
    cacheReadTokens: runs * 371_000,
    cacheWriteTokens: runs * 22_000,
    cacheUnknown: 0,
    tokensUnknown: unknown,
    costUsd: runs * 0.87,
    costUnknown: unknown,
  };
}

function usageOf(days: number): Usage {
  const now = Date.now();
  const byDay = Array.from({ length: days }, (_, n) => ({
    day: nameOf(now - (days - 1 - n) * DAY),
    ...sumOf(n % 7 === 5 ? 0 : (n * 5) % 8, n % 9 === 4 ? 1 : 0),
  }));
  return {
    timezone: 'Europe/Berlin',
    today: nameOf(now),
    days,
    total: { ...sumOf(96, 3), running: 2 },
    byDay,
    byProject: [
      { projectId: 'prj_atlas-api', name: 'atlas-api', ...sumOf(51, 2) },
      { projectId: 'prj_atlas-web', name: 'atlas-web', ...sumOf(38, 1), running: 2 },
      { projectId: null, name: 'outside of projects', ...sumOf(7) },
    ],
    byModel: [
      { model: 'claude-opus-5', ...sumOf(61, 3), running: 2 },
      { model: 'claude-haiku-5', ...sumOf(35) },
    ],
    byCaste: [
      { caste: 'session', ...sumOf(74, 3), running: 2 },
      { caste: 'judge', ...sumOf(22) },
    ],
    sessions: [
      { sessionId: 'ses_docs', project: 'docs-site', task: 'Write the upgrade guide', model: 'opus', ...sumOf(4) },
      { sessionId: 'ses_edit', project: 'atlas-web', task: 'Fix the login redirect', model: 'opus', ...sumOf(3, 1) },
    ],
    budgets: [
      {
        scope: 'day',
        subject: null,
        name: 'Everything',
        limit: { usd: 20, tokens: null },
        spent: { usd: 6.4, costUnknown: 0, tokens: 3_100_000 },
        share: 0.32,
        state: 'ok',
        resetsAt: now + 9 * 3_600_000,
        sentence: '$6.40 of $20.00 spent today.',
      },
      {
        scope: 'project',
        subject: 'prj_atlas-web',
        name: 'atlas-web',
        limit: { usd: 5, tokens: null },
        spent: { usd: 4.35, costUnknown: 1, tokens: 2_000_000 },
        share: 0.87,
        state: 'warning',
        resetsAt: now + 9 * 3_600_000,
        sentence: 'At least $4.35 of $5.00 spent today.',
      },
    ],
  };
}

function countsOf(completed: number, failed: number): SpawnCounts {
  const n = completed + failed;
  const rate = completed / n;
  return {
    spawns: n + 3,
    running: 1,
    completed,
    failed,
    blocked: 2,
    unknown: 0,
    success: { rate, n, low: Math.max(0, rate - 0.15), high: Math.min(1, rate + 0.1) },
    meanCostUsd: 0.87,
    meanDurationMs: 640_000,
  };
}

const spawn = (n: number, changes: Partial<Spawn> = {}): Spawn => ({
  id: `spn_${n}`,
  askedBy: 'person',
  caste: 'session',
  taskClass: 'fix',
  task: 'Fix the login redirect and add a test for it.',
  model: 'claude-opus-5',
  source: 'project-default',
  sessionId: null,
  projectId: 'prj_atlas-web',
  startedAt: Date.now() - n * 2_400_000,
  finishedAt: Date.now() - n * 2_400_000 + 640_000,
  durationMs: 640_000,
  outcome: 'completed',
  firstOutcome: null,
  detail: null,
  inputTokens: 412_000,
  outputTokens: 9_400,
  cacheReadTokens: 371_000,
  cacheWriteTokens: 22_000,
  costUsd: 0.87,
  ...changes,
});

const telemetryOf = (): TelemetrySummary => ({
  ...countsOf(83, 11),
  since: Date.now() - 30 * DAY,
  models: [
    {
      model: 'claude-opus-5',
      ...countsOf(52, 5),
      byCaste: [{ caste: 'session', ...countsOf(52, 5) }],
      byTaskClass: [
        { taskClass: 'fix', ...countsOf(31, 2) },
        { taskClass: 'feature', ...countsOf(21, 3) },
      ],
    },
    {
      model: 'claude-haiku-5',
      ...countsOf(31, 6),
      byCaste: [{ caste: 'judge', ...countsOf(31, 6) }],
      byTaskClass: [{ taskClass: 'judge', ...countsOf(31, 6) }],
    },
  ],
  recent: [spawn(1), spawn(2, { outcome: 'failed', detail: 'npm test failed afterwards.', costUsd: null })],
  lost: { count: 0, problem: null },
});

/** What was used, and how the models have done; nothing where no project is. */
export const USAGE_ANSWERS: Answers = {
  'usage.summary': ({ state }, { days = 30 }) => {
    const usage = usageOf(days);
    if (state().sessions.length > 0) return usage;
    const none = { ...sumOf(0), inputTokens: null, outputTokens: null, cacheReadTokens: null, costUsd: null };
    const byDay = usage.byDay.map(({ day }) => ({ day, ...none }));
    return { ...usage, total: none, byDay, byProject: [], byModel: [], byCaste: [], sessions: [], budgets: [] };
  },
  'usage.projectBudgets': (_world, { projectId }) => ({ projectId, session: null, day: { usd: 5, tokens: null } }),
  'telemetry.summary': ({ state }) =>
    state().sessions.length > 0 ? telemetryOf() : { ...telemetryOf(), ...NOTHING, models: [], recent: [] },
  'telemetry.routing': () => ({
    decisions: 97,
    from: Date.now() - 30 * DAY,
    to: Date.now(),
    bySource: [
      { source: 'project-default', ...countsOf(61, 7) },
      { source: 'user-override', ...countsOf(22, 4) },
    ],
    byModel: [],
  }),
};
