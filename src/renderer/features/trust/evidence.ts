import type { PromotionEvidence } from '../../../shared/contract/trust.ts';
import { count, cut, cutShort, percent } from '../../../shared/format.ts';
import { LEVEL_WORDS, type Level } from '../../../shared/policy.ts';

/**
 * `31 sessions at Cautious, 28 of them scored, mean 3.8 of 5, in 8 days. The last 10 scored 4.1 of 5. Nothing
 * severe. No alert was judged.` What was not kept is left out.
 */
export function evidenceOf({ sessions, evaluations, avgScore, days, ...rest }: PromotionEvidence, at: Level): string {
  const { window, severe, alerts } = rest;
  const mean = avgScore === null ? 'no mean score' : `mean ${cut(avgScore)} of 5`;
  return [
    `${count(sessions, 'session')} at ${LEVEL_WORDS[at].name}, ${evaluations} of them scored, ${mean}, ${days < 1 ? 'in under a day' : `in ${cutShort(days)} ${days < 1.1 ? 'day' : 'days'}`}.`,
    ...(window?.avgScore == null ? [] : [`The last ${window.scored} scored ${cut(window.avgScore)} of 5.`]),
    ...(severe === null ? [] : [severe === 0 ? 'Nothing severe.' : `${count(severe, 'severe event')}.`]),
    ...(alerts === null
      ? []
      : [
          alerts.falseRate === null
            ? 'No alert was judged.'
            : `${percent(alerts.falseRate)} of the ${alerts.useful + alerts.false} judged alerts were false.`,
        ]),
  ].join(' ');
}
