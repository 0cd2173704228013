import { describe, expect, it } from 'vitest';
import { CASES } from './cases.ts';
import { exitCodeOf, runCase } from './golden.ts';
import { VERDICTS, verdictOf, verdictOfAll } from './verdict.ts';

/** `npm run eval` runs all of them. */
const QUICK = CASES.filter((golden) => !golden.slow);

describe('the golden cases', () => {
  it.each(QUICK.map((golden) => [golden.name, golden] as const))('%s', async (_name, golden) => {
    expect((await runCase(golden)).problems).toEqual([]);
  });

  it('cover every verdict', () => {
    expect(new Set(QUICK.map((golden) => golden.expect.verdict))).toEqual(new Set(VERDICTS));
    expect(QUICK.length).toBeGreaterThanOrEqual(12);
  });

  it('say so when one comes out otherwise', async () => {
    const [first] = CASES;
    if (!first) throw new Error('there is no case');
    const wrong = await runCase({ ...first, expect: { verdict: 'fail', score: 1, flags: ['secrets'] } });
    expect(wrong.problems).toEqual([
      'The verdict is pass, not fail.',
      'The score is 5, not 1.',
      'The flag secrets is missing; there are none.',
    ]);
    expect(exitCodeOf([wrong])).toBe(1);
  });
});

it('no evidence is never a pass', () => {
  expect(verdictOf({ score: null, recommendation: 'complete' })).toBe('not_evaluated');
  expect(verdictOfAll([])).toBe('not_evaluated');
  expect(verdictOfAll(['pass', 'pass'])).toBe('pass');
  expect(verdictOfAll(['pass', 'warn'])).toBe('flaky');
  expect(exitCodeOf([])).toBe(1);
});
