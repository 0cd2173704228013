import { type KeyboardEvent, useState } from 'react';
import { HISTORY_SPANS, type HistoryPoint, type HistorySpan } from '../../../shared/contract/services.ts';
import { count, when } from '../../../shared/format.ts';
import { responseTime } from '../../../shared/service-words.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { say } from '../../ui.ts';
import { csvOf, HEIGHT, lineOf, slotsOf, topOf, WIDTH, xOf } from './chart.ts';

const SPAN_NAMES: Readonly<Record<HistorySpan, string>> = {
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  quarter: '90 days',
};
const SPAN_COUNTS: Readonly<Record<HistorySpan, number>> = { hour: 60, day: 24, week: 168, quarter: 90 };

/** How quickly it answered: the middle and the slow end of each span, with gaps where nothing was measured. */
export function ResponseChart({ id, version }: { id: string; version: number }) {
  const [span, setSpan] = useState<HistorySpan>('day');
  const history = useQuery('services.history', { id, span }, `${span} ${version}`);
  const points = history.data?.points ?? [];
  return (
    <Part
      title="Response time"
      actions={
        <div role="toolbar" aria-label="Span" className="flex">
          {HISTORY_SPANS.map((name) => (
            <Button key={name} kind="quiet" aria-pressed={name === span} onClick={() => setSpan(name)}>
              {SPAN_NAMES[name]}
            </Button>
          ))}
        </div>
      }
    >
      <Problem text={history.error} />
      {points.some(({ p50 }) => p50 !== null) && history.data ? (
        <Chart points={points} from={history.data.from} stepMs={history.data.stepMs} slots={SPAN_COUNTS[span]} />
      ) : (
        <Nothing>{history.loading ? 'Looking it up…' : 'No response times in this span.'}</Nothing>
      )}
    </Part>
  );
}

interface ChartProps {
  points: readonly HistoryPoint[];
  from: number;
  stepMs: number;
  slots: number;
}

function Chart({ points, from, stepMs, slots }: ChartProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const places = slotsOf(points, from, stepMs, slots);
  const top = topOf(points);
  const known = places.flatMap((place, n) => (place ? [n] : []));
  const at = chosen === null ? null : places[chosen];
  const moment = useClock((now) => (chosen === null ? '' : when(from + chosen * stepMs, now)));
  const words = chosen === null ? summaryOf(points) : `${moment}: ${pointWords(at ?? null)}`;
  const press = (event: KeyboardEvent) => {
    const here = chosen ?? slots;
    const next = {
      ArrowLeft: known.findLast((n) => n < here),
      ArrowRight: known.find((n) => n > (chosen ?? -1)),
      Home: known[0],
      End: known.at(-1),
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setChosen(next);
  };
  const copy = async () => {
    await navigator.clipboard.writeText(csvOf(points)).catch(() => undefined);
    say('Copied as CSV.');
  };
  return (
    <div className="card flex flex-col gap-1.5 p-3">
      <div className="flex gap-2">
        <div className="flex flex-col justify-between text-right text-small text-ink-3">
          <span>{responseTime(top)}</span>
          <span>0</span>
        </div>
        <div
          role="slider"
          aria-label="Response time over the span"
          aria-valuemin={0}
          aria-valuemax={slots - 1}
          aria-valuenow={chosen ?? slots - 1}
          aria-valuetext={words}
          aria-readonly="true"
          tabIndex={0}
          onKeyDown={press}
          onBlur={() => setChosen(null)}
          onPointerLeave={() => setChosen(null)}
          onPointerMove={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            setChosen(
              Math.min(slots - 1, Math.max(0, Math.round(((event.clientX - box.left) / box.width) * (slots - 1)))),
            );
          }}
          className="min-w-0 flex-1 rounded-[3px]"
        >
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
            className="block h-30 w-full"
          >
            {places.map((place, n) =>
              place && place.down > 0 ? (
                <rect
                  key={place.at}
                  x={xOf(n, slots) - WIDTH / slots / 2}
                  width={WIDTH / slots}
                  height={HEIGHT}
                  className="fill-bad-soft"
                />
              ) : null,
            )}
            <path
              d={lineOf(
                places.map((p) => p?.p95 ?? null),
                top,
              )}
              className="stroke-ink-3"
              fill="none"
              strokeWidth="1"
              strokeDasharray="3 3"
              vectorEffect="non-scaling-stroke"
            />
            <path
              d={lineOf(
                places.map((p) => p?.p50 ?? null),
                top,
              )}
              className="stroke-work"
              fill="none"
              strokeWidth="1.6"
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
            {chosen !== null && (
              <line
                x1={xOf(chosen, slots)}
                x2={xOf(chosen, slots)}
                y1={0}
                y2={HEIGHT}
                className="stroke-ink-3"
                vectorEffect="non-scaling-stroke"
              />
            )}
          </svg>
        </div>
      </div>
      <p className="flex flex-wrap items-baseline gap-x-3 text-small text-ink-2">
        <span className="mr-auto">{words}</span>
        <span className="text-ink-3">line: half are quicker; dashes: 95 % are; red: failed checks</span>
        <button type="button" className="link" onClick={() => void copy()}>
          Copy as CSV
        </button>
      </p>
    </div>
  );
}

function pointWords(point: HistoryPoint | null): string {
  if (!point) return 'not measured';
  const failed = point.down > 0 ? `, ${count(point.down, 'check')} failed` : '';
  if (point.p50 === null) return `no answer${failed}`;
  return `${responseTime(point.p50)}, slow end ${responseTime(point.p95)}${failed}`;
}

function summaryOf(points: readonly HistoryPoint[]): string {
  const middles = points.flatMap(({ p50 }) => p50 ?? []);
  if (middles.length === 0) return 'Nothing was measured.';
  const slow = Math.max(...points.map(({ p95 }) => p95 ?? 0));
  return `Between ${responseTime(Math.min(...middles))} and ${responseTime(Math.max(...middles))}, slow end up to ${responseTime(slow)}.`;
}
