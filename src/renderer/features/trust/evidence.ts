import type { PromotionEvidence } from '../../../shared/contract/trust.ts';
import { count, cut, cutShort } from '../../../shared/format.ts';
import { LEVEL_WORDS, type Level } from '../../../shared/policy.ts';

/** `31 sessions at Cautious, 28 of them scored, mean 3.8 of 5, in 8 days.` */
export function evidenceOf({ sessions, evaluations, avgScore, days }: PromotionEvidence, at: Level): string {
  const mean = avgScore === null ? 'no mean score' : `mean ${cut(avgScore)} of 5`;
  return `${count(sessions, 'session')} at ${LEVEL_WORDS[at].name}, ${evaluations} of them scored, ${mean}, in ${cutShort(days)} days.`;
}
