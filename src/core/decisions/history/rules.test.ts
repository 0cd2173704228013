import { expect, test } from 'vitest';
import { metricsOf, seriesOf, spreadOf } from './rules.ts';
import type { PastAction } from './storage.ts';

const action = (over: Partial<PastAction> = {}): PastAction => ({
  state: 'allowed',
  verdict: 'allow',
  risk: 'low',
  tool: 'Bash',
  askedAt: 0,
  answeredAt: 0,
  startedAt: 0,
  settledAt: 500,
  outcome: 'ran',
  auto: false,
  wrong: false,
  byPerson: false,
  tribunal: null,
  violation: null,
  ...over,
});
const approved = (afterMs: number, over: Partial<PastAction> = {}): PastAction =>
  action({
    byPerson: true,
    state: 'approved',
    verdict: 'ask',
    answeredAt: afterMs,
    startedAt: afterMs,
    settledAt: afterMs + 500,
    ...over,
  });

test('nothing is unknown, never zero or a hundred per cent', () => {
  const metrics = metricsOf([], 5);
  expect(metrics).toMatchObject({ since: 5, total: 0, rubberStampWarning: false, byTool: [], answeringByRisk: [] });
  expect(metrics.succeeded).toEqual({ n: 0, of: 0, rate: null });
  expect(metrics.execution).toEqual({ n: 0, mean: null, p50: null, p95: null, p99: null, max: null });
});

test('what still waits, was refused or has an unknown end is in no success rate', () => {
  const metrics = metricsOf(
    [
      action(),
      action({ outcome: 'failed' }),
      action({ outcome: 'unknown' }),
      action({ outcome: null, settledAt: null }),
      action({ state: 'refused', verdict: 'deny', outcome: null, settledAt: null, startedAt: null }),
      action({ state: 'pending', verdict: 'ask', outcome: null, answeredAt: null, settledAt: null, startedAt: null }),
      action({
        byPerson: true,
        state: 'denied',
        verdict: 'ask',
        outcome: null,
        settledAt: null,
        startedAt: null,
        answeredAt: 9_000,
      }),
      action({ state: 'expired', verdict: 'ask', outcome: null, settledAt: null, startedAt: null, answeredAt: 99 }),
      approved(5_000),
    ],
    0,
  );
  expect(metrics.succeeded).toEqual({ n: 2, of: 3, rate: 2 / 3 });
  // Of the two that a person answered.
  expect(metrics.rejected).toEqual({ n: 1, of: 2, rate: 0.5 });
  expect(metrics.answering).toMatchObject({ n: 2, mean: 7_000, p50: 5_000, max: 9_000 });
  expect(metrics.asked).toEqual({ n: 4, of: 9, rate: 4 / 9 });
  expect(metrics.byStage).toMatchObject({
    completed: 2,
    failed: 1,
    unknown: 1,
    executing: 1,
    rejected: 2,
    pending: 1,
    expired: 1,
  });
  expect(metrics.byTool).toEqual([{ tool: 'Bash', n: 9, asked: 4, auto: 0, failed: 1 }]);
});

test('a false positive stays one whatever is said of it later', () => {
  const { falsePositives } = metricsOf([action({ auto: true }), action({ auto: true, wrong: true }), action()], 0);
  expect(falsePositives).toEqual({ n: 1, of: 2, rate: 0.5 });
});

test('approving without reading is warned of once there is enough of it', () => {
  const quick = (n: number) => Array.from({ length: n }, () => approved(1_999));
  const slow = (n: number) => Array.from({ length: n }, () => approved(2_000));
  expect(metricsOf(quick(19), 0).rubberStampWarning).toBe(false);
  expect(metricsOf(quick(20), 0)).toMatchObject({
    rubberStampWarning: true,
    rubberStamped: { n: 20, of: 20, rate: 1 },
  });
  expect(metricsOf([...quick(10), ...slow(11)], 0).rubberStampWarning).toBe(false);
});

test('percentiles are values that were measured', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
  expect(spreadOf(hundred)).toEqual({ n: 100, mean: 50.5, p50: 50, p95: 95, p99: 99, max: 100 });
  expect(spreadOf([7])).toEqual({ n: 1, mean: 7, p50: 7, p95: 7, p99: 7, max: 7 });
});

test('every bucket is there: counts zero, rates unknown', () => {
  const range = { since: 0, until: 30, bucketMs: 10 };
  const some = [action({ askedAt: 0 }), action({ askedAt: 9, outcome: 'failed' }), action({ askedAt: 29 })];
  expect(seriesOf('decisions', some, range)).toEqual([
    { at: 0, value: 2, n: 2 },
    { at: 10, value: 0, n: 0 },
    { at: 20, value: 1, n: 1 },
  ]);
  expect(seriesOf('success_rate', some, range).map(({ value }) => value)).toEqual([0.5, null, 1]);
  expect(seriesOf('execution_ms', [], range).map(({ value }) => value)).toEqual([null, null, null]);
});

test('violations are counted for what they are, and a day without one is zero', () => {
  const refused = action({ state: 'refused', verdict: 'deny', risk: 'critical', outcome: null });
  const actions = [
    refused,
    { ...refused, risk: 'high' as const },
    action({ violation: 'constraint' }),
    action({ violation: 'rate_limit' }),
    action({ violation: 'rate_limit' }),
  ];
  expect(metricsOf(actions, 0).violations).toEqual({ safety: 1, constraint: 1, rateLimit: 2 });
  const range = { since: 0, until: 20, bucketMs: 10 };
  expect(seriesOf('safety_violations', actions, range).map(({ value }) => value)).toEqual([1, 0]);
});
