import type { Attribution, Dimensions, JudgeView, Recommendation } from '../../../shared/contract/evidence.ts';

/** What should come next, as a person reads it. */
export const RECOMMENDATION_WORDS: Readonly<Record<Recommendation, { name: string; meaning: string }>> = {
  complete: { name: 'Complete', meaning: 'The work is done.' },
  continue: { name: 'Continue', meaning: 'Good so far; more of it is open.' },
  retry: { name: 'Retry', meaning: 'Start it again.' },
  escalate: { name: 'Look at it', meaning: 'Only a person can decide what comes next.' },
};

export const DIMENSION_WORDS: readonly (readonly [keyof Dimensions, string, string])[] = [
  ['fulfilment', 'Fulfilment', 'Does it do what was asked for?'],
  ['soundness', 'Soundness', 'Is it right, and made to last?'],
  ['restraint', 'Restraint', 'Does it keep to the task?'],
  ['safety', 'Safety', 'Does it harm nothing?'],
];

export const ATTRIBUTION_WORDS: Readonly<Record<Attribution, string>> = {
  held: 'It passes.',
  fixed: 'It failed before the session and passes now.',
  broke: 'It passed before the session and fails now.',
  was_failing: 'It was already failing before the session, in the same way.',
  flaky: 'It failed, and passed when it was run once more on the same work: it says now this, now that.',
  fails: 'It fails; what it gave before the session is not known.',
};

/** Who judged, or why nobody did. */
export function judgeWords({ state, model, detail }: JudgeView): string {
  switch (state) {
    case 'answered':
      return `Judged by ${model ?? 'a model'}.`;
    case 'failed':
      return `The judge failed, so the evidence stands alone. ${detail ?? ''}`.trim();
    case 'off':
      return `No model judged it. ${detail ?? ''}`.trim();
  }
}
