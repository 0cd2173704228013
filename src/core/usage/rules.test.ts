import { describe, expect, it, test } from 'vitest';
import { costWords } from '../../shared/usage-words.ts';
import {
  budgetOf,
  isLimited,
  ownRuns,
  type RunUsage,
  shareOf,
  spentWithVotes,
  stateOf,
  sumOf,
  windowsAfter,
} from './rules.ts';

const run = (costUsd: number | null, tokens: number | null = 100): RunUsage => ({
  running: false,
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  costUsd,
});

describe('sums', () => {
  it('of nothing is zero, of nothing known is unknown', () => {
    expect(sumOf([])).toMatchObject({ runs: 0, costUsd: 0, inputTokens: 0, costUnknown: 0 });
    expect(sumOf([run(null, null)])).toMatchObject({
      costUsd: null,
      inputTokens: null,
      costUnknown: 1,
      tokensUnknown: 1,
    });
  });

  it('counts what is unknown, and never takes it for zero', () => {
    const sum = sumOf([run(1.5), run(null), run(0.25, null), run(null)]);
    expect(sum).toMatchObject({
      costUsd: 1.75,
      costUnknown: 2,
      inputTokens: 300,
      tokensUnknown: 1,
      cacheReadTokens: null,
    });
    expect(costWords(sum)).toBe('at least $1.75, 2 unknown');
    expect(costWords({ costUsd: 0.004, costUnknown: 1 })).toBe('<$0.01 known, 1 unknown');
    expect(costWords({ costUsd: null, costUnknown: 3 })).toBe('unknown');
    expect(costWords({ costUsd: 0, costUnknown: 0 })).toBe('$0.00');
  });
});

describe('budgets', () => {
  test.each([
    [{ usd: 2, tokens: null }, { usd: 1, tokens: null }, 0.5, 'ok'],
    [{ usd: 2, tokens: null }, { usd: 1.6, tokens: null }, 0.8, 'warning'],
    [{ usd: 2, tokens: null }, { usd: 2, tokens: null }, 1, 'over'],
    [{ usd: 2, tokens: 100 }, { usd: 0.1, tokens: 150 }, 1.5, 'over'],
    [{ usd: 2, tokens: 100 }, { usd: null, tokens: 10 }, 0.1, 'ok'],
    [{ usd: 2, tokens: null }, { usd: null, tokens: 9_999 }, null, 'ok'],
    [{ usd: null, tokens: null }, { usd: 99, tokens: 99 }, null, 'ok'],
  ] as const)('%j of %j', (limit, spent, share, state) => {
    const found = shareOf(limit, spent);
    expect(found === null ? null : Number(found.toFixed(6))).toBe(share);
    expect(stateOf(found, 0.8)).toBe(state);
  });

  it('names the budget, what is spent and when it begins anew', () => {
    const of = {
      scope: 'project' as const,
      subject: 'prj_1',
      name: 'shop',
      limit: { usd: 5, tokens: null },
      resetsAt: 1,
    };
    const budget = budgetOf(
      of,
      { usd: 5.12, costUnknown: 1, tokens: null },
      { warnShare: 0.8, resetWords: 'at 00:00' },
    );
    expect(budget.sentence).toBe(
      'Today\'s budget of "shop", $5.00, is spent (at least $5.12, 1 unknown). It begins anew at 00:00.',
    );
  });
});

test('a limit of either kind is a limit; half of the tokens is no number of tokens', () => {
  const limits = [
    { usd: 1, tokens: null },
    { usd: null, tokens: 1 },
    { usd: null, tokens: null },
  ];
  expect(limits.map(isLimited)).toEqual([true, true, false]);
  for (const half of [{ inputTokens: null }, { outputTokens: null }])
    expect(spentWithVotes({ inputTokens: 100, outputTokens: 20, costUsd: 0.5, ...half }, []).tokens).toBeNull();
});

describe('windows', () => {
  const report = { status: 'allowed' as const, name: null, utilization: null, resetsAt: null, windows: [] };
  const rejected = { name: 'five_hour', status: 'rejected' as const, utilization: 1, resetsAt: 5 };

  it('keeps a rejection until something went through', () => {
    const windows = [{ name: 'five_hour', status: null, utilization: 1, resetsAt: 5 }];
    expect(windowsAfter([rejected], { ...report, status: 'rejected', name: 'seven_day', windows }, null)).toMatchObject(
      [
        { name: 'five_hour', status: 'rejected' },
        { name: 'seven_day', status: 'rejected', utilization: null },
      ],
    );
    expect(windowsAfter([rejected], report, null)).toMatchObject([{ name: 'five_hour', status: 'allowed' }]);
  });

  it('goes by the family of models where a window is for one', () => {
    const opus = { ...rejected, name: 'seven_day_opus' };
    expect(windowsAfter([opus], report, 'claude-sonnet-4')).toMatchObject([{ status: 'rejected' }]);
    expect(windowsAfter([opus], report, 'claude-opus-4')).toMatchObject([{ status: 'allowed' }]);
  });

  it('has a name for a rejection that names none', () => {
    expect(windowsAfter([], { ...report, status: 'rejected', resetsAt: 7 }, null)).toEqual([
      { name: 'unnamed', status: 'rejected', utilization: null, resetsAt: 7 },
    ]);
  });
});

it('a session is named by what it ran itself, not by what judged it', () => {
  const [session, judge] = [{ caste: 'session' }, { caste: 'judge' }];
  expect(ownRuns([session, judge])).toEqual([session]);
  expect(ownRuns([judge])).toEqual([judge]);
});

it('what validators voted for a session counts against its budget; what judged it, and what still runs, does not', () => {
  const own = { inputTokens: 100, outputTokens: 20, costUsd: 0.5 };
  const runOf = (caste: string, costUsd: number | null, running = false) => ({
    caste,
    costUsd,
    running,
    inputTokens: 10,
    outputTokens: 5,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  });
  expect(spentWithVotes(own, [runOf('session', 0.5)])).toEqual({ usd: 0.5, costUnknown: 0, tokens: 120 });
  const runs = [runOf('session', 0.5), runOf('validator', 0.1), runOf('judge', 4), runOf('validator', null, true)];
  expect(spentWithVotes(own, runs)).toEqual({ usd: 0.6, costUnknown: 0, tokens: 135 });
  expect(spentWithVotes(own, [runOf('validator', null)])).toMatchObject({ usd: 0.5, costUnknown: 1 });
  expect(spentWithVotes({ ...own, costUsd: null }, [runOf('session', 0.2), runOf('validator', 0.1)])).toMatchObject({
    usd: expect.closeTo(0.3),
    costUnknown: 1,
  });
});
