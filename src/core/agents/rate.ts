import type { ScoreSettings } from '../../shared/score-settings.ts';
import { TIER_FROM, TIERS, type Tier, TOP_SCORE } from '../../shared/tiers.ts';

/** Two-sided 95 %. */
const Z = 1.96;

/** The lower end of the 95 % interval of a share of successes (Wilson); 0 of 0 is sure of nothing. */
export function lowerBound(successes: number, n: number): number {
  if (n === 0) return 0;
  const share = successes / n;
  const spread = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  return Math.max(0, (share + (Z * Z) / (2 * n) - spread) / (1 + (Z * Z) / n));
}

const counted = (recent: string, wanted: string): number => recent.split(wanted).length - 1;
/** Successes and failures among the newest tasks. */
export const tallyOf = ({ recent }: { recent: string }) => ({
  succeeded: counted(recent, '1'),
  failed: counted(recent, '0'),
});

/** Where each tier begins. */
export const fromOf = (settings: ScoreSettings): Record<Tier, number> => ({
  ...TIER_FROM,
  ...Object.fromEntries(Object.entries(settings.tiers).map(([tier, { from }]) => [tier, from])),
});

/** The most that the share of successes allows, however much was done: volume never hides failure (T-070, T-071). */
export function ceilingOfRate(state: { recent: string }, settings: ScoreSettings): number {
  const { succeeded, failed } = tallyOf(state);
  const sure = lowerBound(succeeded, succeeded + failed);
  const from = fromOf(settings);
  const steps = TIERS.slice(1).map((tier) => ({
    rate: settings.tiers[tier as Exclude<Tier, 'UNTRUSTED'>].rate,
    score: from[tier],
  }));
  const above = steps.findIndex(({ rate }) => sure < rate);
  if (above === 0) return from.PROBATIONARY - 1;
  const low = above < 0 ? steps.at(-1) : steps[above - 1];
  if (!low) return TOP_SCORE;
  // Above the last tier the whole score is there half of the way to never failing.
  const high = steps[above] ?? { rate: 1, score: 2 * TOP_SCORE - low.score };
  const way = high.rate === low.rate ? 0 : (sure - low.rate) / (high.rate - low.rate);
  return Math.min(TOP_SCORE, low.score + way * (high.score - low.score));
}
