import type { LevelInterval } from '../../../shared/contract/trust.ts';
import type { TrustScore } from '../../../shared/contract/trust-record.ts';
import { LEVEL_WORDS, LEVELS } from '../../../shared/policy.ts';
import type { Band, ChartSeries } from '../../ui/chart/series.ts';

/** Stays at a level as stretches of a chart, oldest first. */
export const bandsOf = (intervals: readonly LevelInterval[]): Band[] =>
  intervals.toReversed().map(({ level, enteredAt, leftAt }) => ({
    from: enteredAt,
    to: leftAt,
    label: LEVEL_WORDS[level].name,
    strength: LEVELS.indexOf(level) / (LEVELS.length - 1),
  }));

/** The mean of the last `window` scores of the same level at each score; a new level begins anew. */
export function windowMeans(scores: readonly TrustScore[], window: number): number[] {
  const recent = new Map<string, number[]>();
  return scores.map(({ level, score }) => {
    const last = [...(recent.get(level) ?? []), score].slice(-window);
    recent.set(level, last);
    return last.reduce((sum, one) => sum + one, 0) / last.length;
  });
}

/** The scores, the mean of the last of them, and what the next level needs. */
export function linesOf(scores: readonly TrustScore[], window: number, needed: number | null): ChartSeries[] {
  return [
    { name: 'Score', unit: 'of 5', look: 'points', tone: 'ink', values: scores.map(({ score }) => score) },
    {
      name: `Mean of the last ${window}`,
      unit: 'of 5',
      look: 'line',
      tone: 'trust',
      values: windowMeans(scores, window),
      format: (value) => value.toFixed(1),
    },
    ...(needed === null
      ? []
      : [
          {
            name: 'The next level needs',
            unit: 'of 5',
            look: 'dashed' as const,
            tone: 'human' as const,
            values: scores.map(() => needed),
          },
        ]),
  ];
}
