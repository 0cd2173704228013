import { describe, expect, it, test } from 'vitest';
import { SPAWN_OUTCOMES } from '../../shared/contract/telemetry.ts';
import {
  type CorrectionRule,
  casteName,
  choiceSentence,
  failedByScore,
  mayCorrect,
  modelName,
  suggestionFor,
  taskClassOf,
} from './rules.ts';
import { leastGain, rateOf } from './statistics.ts';

const scope = { caste: 'session', taskClass: 'fix' };
const tally = (model: string, completed: number, failed: number, meanCostUsd: number | null = 0.4) => ({
  model,
  completed,
  failed,
  meanCostUsd,
});

describe('rates', () => {
  it('has no rate without an n, and the known interval of 14 of 15', () => {
    expect(rateOf(0, 0)).toBeNull();
    const rate = rateOf(14, 15);
    expect(rate?.low).toBeCloseTo(0.7018, 3);
    expect(rate?.high).toBeCloseTo(0.9881, 3);
  });

  it('stays inside 0 to 1 at the ends', () => {
    expect(rateOf(0, 12)).toMatchObject({ rate: 0, low: 0 });
    expect(rateOf(12, 12)).toMatchObject({ rate: 1, high: 1 });
  });

  it('is clear about 14 of 15 against 9 of 14, and not about 13 of 15', () => {
    expect(leastGain({ completed: 14, finished: 15 }, { completed: 9, finished: 14 })).toBeGreaterThan(0);
    expect(leastGain({ completed: 13, finished: 15 }, { completed: 9, finished: 14 })).toBeLessThan(0);
  });
});

describe('suggestions', () => {
  it('suggests what is clearly better, with its evidence', () => {
    const found = suggestionFor(scope, 'opus', [tally('opus', 9, 5, 1.2), tally('sonnet', 14, 1)]);
    expect(found?.sentence).toBe(
      'sonnet has completed 14 of 15 (70 % to 99 %) at $0.40 each; opus 9 of 14 at $1.20 each.',
    );
  });

  it.each([
    ['the other has too few', [tally('opus', 9, 5), tally('sonnet', 9, 0)]],
    ['the one in use has too few', [tally('opus', 0, 9), tally('sonnet', 30, 0)]],
    ['the interval is not clear', [tally('opus', 9, 5), tally('sonnet', 13, 2)]],
    ['the one in use was never seen', [tally('sonnet', 30, 0)]],
    ['the better one has no name to ask for', [tally('opus', 9, 5), tally('default', 30, 0)]],
  ])('says nothing when %s', (_why, tallies) => {
    expect(suggestionFor(scope, 'opus', tallies)).toBeNull();
  });

  it('words where a model came from', () => {
    const followed = suggestionFor(scope, 'opus', [tally('opus', 9, 5), tally('sonnet', 14, 1, null)]);
    expect(choiceSentence('opus', 'user-override', null)).toBe('opus: your choice');
    expect(choiceSentence('sonnet', 'suggestion', followed)).toBe('sonnet: suggested, 14 of 15 against 9 of 14');
    expect(choiceSentence(null, 'fallback', null)).toBe("The agent's default: the agent's own choice");
    expect(followed?.sentence).toContain('at an unknown price');
  });
});

test.each([
  ['Fix the failing test in cart.test.ts', 'fix'],
  ['Explanation of the latest plan', 'other'],
  ['Add tests for the parser', 'build'],
  ['Write', 'build'],
  ['Test the cart', 'test'],
  ['  \n', 'other'],
  ['Look around\nand fix everything', 'other'],
])('the class of "%s" goes by whole words of its first line: %s (T-10D)', (prompt, taskClass) => {
  expect(taskClassOf(prompt)).toBe(taskClass);
});

test('names are normalised once (T-106)', () => {
  expect([modelName(undefined), modelName(null), modelName('  '), modelName(' opus ')]).toEqual([
    'default',
    'default',
    'default',
    'opus',
  ]);
  expect([casteName('Judge'), casteName('route setter'), casteName('__proto__'), casteName('')]).toEqual([
    'judge',
    'route-setter',
    'other',
    'other',
  ]);
});

test('nothing may be corrected to what it is, to unknown, or while it runs', () => {
  for (const rule of ['measured', 'late', 'person'] satisfies CorrectionRule[]) {
    for (const outcome of SPAWN_OUTCOMES) {
      expect(mayCorrect(rule, outcome, outcome)).toBe(false);
      expect(mayCorrect(rule, outcome, 'unknown')).toBe(false);
      expect(mayCorrect(rule, null, outcome)).toBe(false);
    }
  }
  expect(mayCorrect('late', 'completed', 'failed')).toBe(false);
  expect(mayCorrect('measured', 'completed', 'failed')).toBe(true);
});

test('only a low score makes a failure; unscored says nothing', () => {
  expect([null, 1, 2, 3, 5].map(failedByScore)).toEqual([false, true, true, false, false]);
});
