import type { PromotionEffect, TRUST_CONDITIONS, TrustPreview } from './contract/trust-preview.ts';
import { count, cut, cutShort, percent } from './format.ts';
import { LEVEL_WORDS } from './policy.ts';

type Condition = TrustPreview['conditions'][number];

/** A condition of a promotion in words. */
export const CONDITION_WORDS: Readonly<Record<(typeof TRUST_CONDITIONS)[number], string>> = {
  sessions: 'Sessions',
  evaluations: 'Scored sessions',
  score: 'Mean score',
  coverage: 'Share of sessions scored',
  days: 'Days at this level',
  window: 'Recent sessions scored',
  windowScore: 'Mean score of recent sessions',
  probation: 'New agents',
};

/** `27 of 30`; of a score, `3.7, 3.5 needed`; what was not measured is unknown. */
export function conditionWords(name: Condition['name'], { have, need }: Condition['before']): string {
  const has = (words: (n: number) => string): string => (have === null ? 'unknown' : words(have));
  switch (name) {
    case 'score':
    case 'windowScore':
      return `${has(cut)}, ${cut(need)} needed`;
    case 'coverage':
      return `${has(percent)}, ${percent(need)} needed`;
    case 'days':
      return `${has(cutShort)} of ${cutShort(need)}`;
    case 'probation':
      return has((agents) => (agents === 0 ? 'none' : String(agents)));
    default:
      return `${has(String)} of ${need}`;
  }
}

const EFFECT_WORDS: Readonly<Record<PromotionEffect, (to: string) => string>> = {
  proposed: (to) => `The next check would propose ${to}.`,
  stays: (to) => `The open promotion to ${to} would stay.`,
  withdrawn: (to) => `The open promotion to ${to} would be withdrawn at once.`,
  answered: (to) => `The record would be enough for ${to}; you were asked, and are not asked again yet.`,
  lacks: (to) => `${to} would not be proposed yet.`,
  off: () => 'Nothing would be proposed: trust would not be measured for promotions.',
  none: () => '',
};

/** What becomes of a promotion with these rules, in a sentence. */
export function effectWords({ level, to, effect }: TrustPreview): string {
  if (to === null)
    return `At ${LEVEL_WORDS[level].name} nothing is proposed, so these rules change nothing at the moment.`;
  const same = effect.before === effect.after ? ' It is so today as well.' : '';
  return `${EFFECT_WORDS[effect.after](LEVEL_WORDS[to].name)}${same}`;
}

/** What these rules would have done in the days looked at, each in a sentence; proposals and early ones are listed beside. */
export function pastWords({ proposals, newly, looks }: TrustPreview): string {
  const over = looks <= 1 ? 'So far' : `In the last ${count(looks - 1, 'day')}`;
  const gone = proposals.filter(({ lack }) => lack.length > 0).length;
  if (gone === 0 && newly.length === 0)
    return proposals.length === 0
      ? `${over} nothing was proposed, and nothing would have been.`
      : `${over} ${count(proposals.length, 'promotion')} ${proposals.length === 1 ? 'was' : 'were'} proposed, and would have been all the same.`;
  const parts = [
    ...(gone > 0 ? [`${gone} of ${count(proposals.length, 'promotion')} would not have been proposed`] : []),
    ...(newly.length > 0
      ? [
          `${count(newly.length, 'promotion')} would have been earned that ${newly.length === 1 ? 'was' : 'were'} not, or not yet`,
        ]
      : []),
  ];
  return `${over} ${parts.join(', ')}.`;
}
