import type { HistoryPoint } from '../../../shared/contract/services.ts';
import { count } from '../../../shared/format.ts';
import type { Band, ChartSeries } from '../../ui/chart/series.ts';

/** A response time is read to three figures. */
const format = (ms: number): string => String(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms));

/**
 * A span of history as a chart: the middle and the slow end of each step, a gap where nothing was measured,
 * and a band wherever a check failed. Without any response time there is nothing to draw.
 */
export function chartOf(
  points: readonly HistoryPoint[],
  from: number,
  stepMs: number,
  steps: number,
): { times: number[]; series: ChartSeries[]; bands: Band[] } {
  const byTime = new Map(points.map((point) => [point.at, point]));
  const isMeasured = points.some(({ p50 }) => p50 !== null);
  const times = isMeasured ? Array.from({ length: steps }, (_, n) => from + n * stepMs) : [];
  const valuesOf = (key: 'p50' | 'p95') => times.map((at) => byTime.get(at)?.[key] ?? null);
  return {
    times,
    series: [
      { name: 'Half are quicker', unit: 'ms', values: valuesOf('p50'), look: 'line', tone: 'work', format },
      { name: '95 % are quicker', unit: 'ms', values: valuesOf('p95'), look: 'dashed', tone: 'ink', format },
    ],
    bands: points
      .filter(({ down }) => down > 0)
      .map(({ at, down, up }) => ({
        from: at - stepMs / 2,
        to: at + stepMs / 2,
        label: `${count(down, 'check')} failed`,
        strength: down / (down + up),
        tone: 'bad',
      })),
  };
}
