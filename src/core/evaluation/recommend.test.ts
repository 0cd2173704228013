import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Recommendation } from '../../shared/contract/evidence.ts';
import { SessionOutcome } from '../../shared/contract/sessions.ts';
import { bounded, scoreOfDimensions } from './opinion.ts';
import { recommendationOf } from './recommend.ts';

const passed = { command: 'x', exitCode: 0, timedOut: false, durationMs: 1, tail: '' };
const clean = { attribution: 'held' as const, flags: [], uncommittedFiles: 0, verify: passed };
const dims = (fulfilment: number) => ({ fulfilment, soundness: 80, restraint: 80, safety: 80 });
const flag = (cap: number | null) => [{ code: 'x', text: 'It did.', paths: [], cap }];

it.each<[string, Parameters<typeof recommendationOf>[0], string]>([
  ['good and verified', { score: 5, outcome: 'completed', evidence: clean, dimensions: null }, 'complete'],
  ['good, and judged as done', { score: 4, outcome: 'completed', evidence: clean, dimensions: dims(80) }, 'complete'],
  ['good, but not all of it', { score: 4, outcome: 'completed', evidence: clean, dimensions: dims(79) }, 'continue'],
  [
    'files left',
    { score: 4, outcome: 'completed', evidence: { ...clean, uncommittedFiles: 1 }, dimensions: null },
    'continue',
  ],
  ['cut short', { score: 3, outcome: 'timed_out', evidence: clean, dimensions: null }, 'continue'],
  ['poor', { score: 2, outcome: 'completed', evidence: clean, dimensions: null }, 'retry'],
  [
    'suspicious',
    { score: 4, outcome: 'completed', evidence: { ...clean, flags: flag(4) }, dimensions: dims(100) },
    'escalate',
  ],
  [
    'only noticed',
    { score: 5, outcome: 'completed', evidence: { ...clean, flags: flag(null) }, dimensions: null },
    'complete',
  ],
  [
    'was failing',
    { score: 3, outcome: 'completed', evidence: { ...clean, attribution: 'was_failing' }, dimensions: null },
    'escalate',
  ],
  [
    'flaky',
    { score: 3, outcome: 'completed', evidence: { ...clean, attribution: 'flaky' }, dimensions: dims(100) },
    'escalate',
  ],
  ['refused', { score: 3, outcome: 'refused', evidence: clean, dimensions: null }, 'escalate'],
  [
    'nobody ran anything',
    { score: 3, outcome: 'completed', evidence: { ...clean, verify: null }, dimensions: null },
    'escalate',
  ],
  ['nothing to do', { score: null, outcome: 'nothing_to_do', evidence: clean, dimensions: null }, 'complete'],
  ['quota', { score: null, outcome: 'quota', evidence: clean, dimensions: null }, 'retry'],
  ['stopped', { score: null, outcome: 'stopped', evidence: clean, dimensions: null }, 'escalate'],
  ['not logged in', { score: null, outcome: 'auth_required', evidence: clean, dimensions: null }, 'escalate'],
])('%s', (_name, finished, recommendation) => expect(recommendationOf(finished)).toBe(recommendation));

it('every ending has one', () => {
  for (const outcome of SessionOutcome.options) {
    for (const score of [null, 1, 2, 3, 4, 5]) {
      const given = recommendationOf({ score, outcome, evidence: clean, dimensions: null });
      expect(Recommendation.options).toContain(given);
    }
  }
});

it.each([
  [0, 1],
  [19, 1],
  [20, 2],
  [29, 2],
  [30, 2],
  [40, 3],
  [59, 3],
  [60, 4],
  [79, 4],
  [80, 5],
  [100, 5],
])('%i in every dimension is a %i', (points, score) => {
  const all = { fulfilment: points, soundness: points, restraint: points, safety: points };
  expect(scoreOfDimensions(all)).toBe(score);
});

it('one dimension that failed is not made up for by the others', () => {
  expect(scoreOfDimensions({ fulfilment: 100, soundness: 100, restraint: 100, safety: 29 })).toBe(2);
  expect(scoreOfDimensions({ fulfilment: 100, soundness: 100, restraint: 100, safety: 30 })).toBe(5);
});

it('a judgement moves a score by one at most and never above the cap, whatever it is', () => {
  const score = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(score, score, score, (theirs, cap, given) => {
      const evidence = { score: Math.min(given, cap), cap };
      const moved = bounded(theirs, evidence);
      expect(Math.abs(moved - evidence.score)).toBeLessThanOrEqual(1);
      expect(moved).toBeLessThanOrEqual(cap);
      expect(moved).toBeGreaterThanOrEqual(1);
    }),
  );
});
