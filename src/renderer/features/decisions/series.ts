import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import type { ChartSeries } from '../../ui/chart/series.ts';

export type Metric = InputOf<'analytics.series'>['metric'];
type Points = OutputOf<'analytics.series'>;

interface Face extends Pick<ChartSeries, 'name' | 'unit' | 'look' | 'tone'> {
  metric: Metric;
  /** What one unit of the figure is in the unit that is shown. */
  per: number;
}

/** What can be drawn over time: lines that belong together, in the words of the screen. */
export const SERIES_VIEWS: Readonly<Record<string, readonly Face[]>> = {
  Counts: [
    { metric: 'decisions', name: 'Decisions', unit: 'a day', look: 'steps', tone: 'ink', per: 1 },
    { metric: 'asked', name: 'Reached you', unit: 'a day', look: 'steps', tone: 'human', per: 1 },
    { metric: 'failed', name: 'Failed', unit: 'a day', look: 'steps', tone: 'bad', per: 1 },
    { metric: 'rejected', name: 'You said no', unit: 'a day', look: 'dashed', tone: 'work', per: 1 },
    {
      metric: 'safety_violations',
      name: 'Critical, refused',
      unit: 'a day',
      look: 'dashed',
      tone: 'bad',
      per: 1,
    },
  ],
  Success: [{ metric: 'success_rate', name: 'Ended well', unit: '%', look: 'line', tone: 'trust', per: 0.01 }],
  Times: [
    { metric: 'answer_ms', name: 'Until you answered', unit: 's', look: 'line', tone: 'human', per: 1_000 },
    { metric: 'execution_ms', name: 'Ran for', unit: 's', look: 'line', tone: 'work', per: 1_000 },
  ],
};

const short = (value: number): string => String(value >= 10 ? Math.round(value) : Math.round(value * 10) / 10);

/** The answers for each line of a view as one chart; where no day holds anything there is nothing to draw. */
export function chartOf(
  faces: readonly Face[],
  answers: readonly Points[],
): { times: number[]; series: ChartSeries[] } {
  const isEmpty = answers.every((points) => points.every(({ n }) => n === 0));
  const times = isEmpty ? [] : (answers[0] ?? []).map(({ at }) => at);
  return {
    times,
    series: faces.map(({ name, unit, look, tone, per }, line) => {
      const byTime = new Map((answers[line] ?? []).map(({ at, value }) => [at, value]));
      const values = times.map((at) => {
        const value = byTime.get(at) ?? null;
        return value === null ? null : value / per;
      });
      return { name, unit, look, tone, values, format: short };
    }),
  };
}
