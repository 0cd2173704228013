import { useMemo } from 'react';
import { HISTORY_SPANS, type HistoryPoint, type HistorySpan } from '../../../shared/contract/services.ts';
import { useKept } from '../../hooks/use-kept.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { isOneOf } from '../../remembered.ts';
import { Chips } from '../../ui/Chips.tsx';
import { Chart } from '../../ui/chart/Chart.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { chartOf } from './chart.ts';

const SPAN_NAMES: Readonly<Record<HistorySpan, string>> = {
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  quarter: '90 days',
};
const SPAN_COUNTS: Readonly<Record<HistorySpan, number>> = { hour: 60, day: 24, week: 168, quarter: 90 };
const NO_POINTS: readonly HistoryPoint[] = [];

/** How quickly it answered: the middle and the slow end of each span, with gaps where nothing was measured. */
export function ResponseChart({ id, version }: { id: string; version: number }) {
  const [span, setSpan] = useKept<HistorySpan>('service.span', isOneOf(HISTORY_SPANS), 'day');
  const { data, error, loading } = useQuery('services.history', { id, span }, `${span} ${version}`);
  const { points, from, stepMs } = data ?? { points: NO_POINTS, from: 0, stepMs: 1 };
  const chart = useMemo(() => chartOf(points, from, stepMs, SPAN_COUNTS[span]), [points, from, stepMs, span]);
  return (
    <Part
      title="Response time"
      actions={
        <Chips
          label="Span"
          options={HISTORY_SPANS.map((name) => [name, SPAN_NAMES[name]])}
          value={span}
          onChange={setSpan}
        />
      }
    >
      <Problem text={error} />
      <Chart title="Response time" {...chart} height={160}>
        {loading && !data ? 'Looking it up…' : 'No response times in this span.'}
      </Chart>
    </Part>
  );
}
