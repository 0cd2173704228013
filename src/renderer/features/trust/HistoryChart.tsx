import { useMemo } from 'react';
import type { LevelInterval } from '../../../shared/contract/trust.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { hashOf } from '../../route.ts';
import { Chart } from '../../ui/chart/Chart.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { bandsOf, linesOf } from './history.ts';

interface HistoryChartProps {
  intervals: readonly LevelInterval[];
  /** Changes when there may be another score. */
  version: string;
  /** Scores of the recent window. */
  window: number;
  /** The mean that the next level needs; null: there is none. */
  needed: number | null;
}

const RANGE = { 'of 5': [0.8, 5.2] } as const;

/** Every score that counts, over the stays at each level. */
export function HistoryChart({ intervals, version, window, needed }: HistoryChartProps) {
  const { data, error } = useQuery('trust.scores', { limit: 2_000 }, version);
  const chart = useMemo(() => {
    const scores = data ?? [];
    return {
      times: scores.map(({ at }) => at),
      series: linesOf(scores, Math.max(1, window), needed),
      bands: bandsOf(intervals),
    };
  }, [data, intervals, window, needed]);
  return (
    <Part title="Scores over time">
      <Problem text={error} />
      {data && (
        <Chart
          title="Scores over time"
          {...chart}
          range={RANGE}
          source={(n) => {
            const score = data[n];
            return score ? { href: hashOf('sessions', score.sessionId), text: score.project ?? 'Session' } : null;
          }}
        >
          Nothing was scored yet. The first score comes with the end of the first session.
        </Chart>
      )}
    </Part>
  );
}
