import type { EvaluationRecord } from '../../src/shared/contract/evaluations.ts';

export const VERDICTS = ['pass', 'warn', 'fail', 'needs_review', 'not_evaluated', 'flaky'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What one evaluation comes to. No score is never a pass; what a person has to look at is neither. */
export function verdictOf({ score, recommendation }: Pick<EvaluationRecord, 'score' | 'recommendation'>): Verdict {
  if (score === null) return 'not_evaluated';
  if (score <= 2) return 'fail';
  if (recommendation === 'escalate') return 'needs_review';
  return score === 3 ? 'warn' : 'pass';
}

/** Of several runs of one case: the one verdict, or flaky when they differ. None: nothing was evaluated. */
export function verdictOfAll(verdicts: readonly Verdict[]): Verdict {
  const [first] = verdicts;
  if (first === undefined) return 'not_evaluated';
  return verdicts.every((each) => each === first) ? first : 'flaky';
}
