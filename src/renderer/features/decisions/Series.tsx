import { useEffect, useMemo, useState } from 'react';
import type { OutputOf } from '../../../shared/contract/index.ts';
import { call, sentenceOf } from '../../api.ts';
import { Chips } from '../../ui/Chips.tsx';
import { Chart } from '../../ui/chart/Chart.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { chartOf, SERIES_VIEWS } from './series.ts';

/** A share has two ends. */
const RANGE = { '%': [0, 100] } as const;

type Answers = OutputOf<'analytics.series'>[];
interface State {
  /** The view that the answers belong to, and what was mirrored then: the figures may have changed since. */
  view: string | null;
  version: string;
  answers: Answers;
  error: string | null;
}

/** The figures of the last days as lines, day by day. */
export function Series({ days, version }: { days: number; version: string }) {
  const [view, setView] = useState('Counts');
  const [state, setState] = useState<State>({ view: null, version, answers: [], error: null });
  useEffect(() => {
    const stop = new AbortController();
    const faces = SERIES_VIEWS[view] ?? [];
    Promise.all(faces.map(({ metric }) => call('analytics.series', { metric, days }, { signal: stop.signal }))).then(
      (answers) => stop.signal.aborted || setState({ view, version, answers, error: null }),
      (error: unknown) => stop.signal.aborted || setState({ view, version, answers: [], error: sentenceOf(error) }),
    );
    return () => stop.abort();
  }, [view, days, version]);
  const isOld = state.view !== view;
  const chart = useMemo(
    () => chartOf(SERIES_VIEWS[view] ?? [], isOld ? [] : state.answers),
    [view, isOld, state.answers],
  );
  return (
    <Part
      title="Day by day"
      actions={
        <Chips
          label="Figures"
          options={Object.keys(SERIES_VIEWS).map((name) => [name, name])}
          value={view}
          onChange={setView}
        />
      }
    >
      <Problem text={isOld ? null : state.error} />
      <Chart title={`Decisions, ${view.toLowerCase()}`} {...chart} range={RANGE} height={160}>
        {isOld ? 'Looking it up…' : 'Nothing of it in these days.'}
      </Chart>
    </Part>
  );
}
