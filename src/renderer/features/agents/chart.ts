import type { OutputOf } from '../../../shared/contract/index.ts';
import { TIER_RIGHTS, TIERS, type Tier } from '../../../shared/tiers.ts';
import type { Band, ChartSeries } from '../../ui/chart/series.ts';

type Points = OutputOf<'agents.get'>['chart'];

/** How strongly each tier is tinted: the lowest hardly. */
const strengthOf = (tier: Tier): number => TIERS.indexOf(tier) / (TIERS.length - 1);

/** The score over time, with the tiers in force behind it. Moments that the clock has set back are left out. */
export function chartOf(points: Points): { times: number[]; series: ChartSeries[]; bands: Band[] } {
  const rising = points.filter((point, n) => n === 0 || point.at > (points[n - 1]?.at ?? 0));
  const bands: Band[] = [];
  for (const { at, tier } of rising) {
    const last = bands.at(-1);
    const label = TIER_RIGHTS[tier].name;
    if (last?.label === label) continue;
    if (last) last.to = at;
    bands.push({ from: at, to: null, label, strength: strengthOf(tier) });
  }
  const values = rising.map(({ score }) => score);
  return {
    times: rising.map(({ at }) => at),
    series: [{ name: 'Score', unit: 'of 1000', values, look: 'steps', tone: 'trust', format: String }],
    bands,
  };
}
