import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { ResourcePoint } from '../../../shared/contract/resources.ts';
import { bytes, percent, when } from '../../../shared/format.ts';
import { cursorAfter } from '../../ui/chart/series.ts';
import { linesOf, type Series, spanOf, topOf } from './chart.ts';

const WIDTH = 600;
const HEIGHT = 72;

interface ChartProps {
  title: string;
  series: Series;
  points: readonly ResourcePoint[];
  /** The range in words: the last hour. */
  range: string;
  now: number;
}

/** A part of all, or bytes a second. */
const worded = (series: Series) => (value: number | null) =>
  series === 'cpu' || series === 'memory' || series === 'disk'
    ? percent(value)
    : value === null
      ? 'unknown'
      : `${bytes(value)}/s`;

/** One figure over time, from 0 to 100 % or to its highest. Gaps are gaps. A pointer or the arrow keys read a single step. */
export function Chart({ title, series, points, range, now }: ChartProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const { lowest, highest, missing } = spanOf(points, series);
  const told = worded(series);
  const last = points.findLast((point) => point[series] !== null)?.[series] ?? null;
  const chosen = cursor === null ? undefined : points[cursor];
  const words =
    highest === null
      ? `${title} in ${range}: not measured.`
      : `${title} in ${range}: ${told(lowest)} to ${told(highest)}, newest ${told(last)}${missing > 0 ? `; ${missing} of ${points.length} steps not measured` : ''}.`;

  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / Math.max(1, box.width);
    setCursor(Math.min(points.length - 1, Math.max(0, Math.round(share * (points.length - 1)))));
  };
  const press = (event: KeyboardEvent) => {
    const next = cursorAfter(event.key, cursor, points.length);
    if (event.key === 'Escape' && cursor !== null) setCursor(null);
    else if (next === null) return;
    else setCursor(next);
    event.preventDefault();
    event.stopPropagation();
  };
  const x = cursor === null ? 0 : (cursor / Math.max(1, points.length - 1)) * WIDTH;

  return (
    <figure className="flex flex-col gap-1">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-strong">
          {title}
          {topOf(points, series) !== 1 && (
            <span className="font-normal text-ink-3"> up to {told(topOf(points, series))}</span>
          )}
        </span>
        <span className="text-ink-2" aria-live="polite">
          {chosen
            ? `${when(chosen.at, now)}: ${chosen[series] === null ? 'not measured' : told(chosen[series])}`
            : highest === null
              ? 'not measured'
              : `${told(lowest)} to ${told(highest)}`}
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveElementInteractions: the arrow keys read what the pointer can */}
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
        tabIndex={0}
        onPointerMove={point}
        onPointerLeave={() => setCursor(null)}
        onKeyDown={press}
        onBlur={() => setCursor(null)}
        className="h-18 w-full rounded-control bg-sunken text-work"
      >
        <line
          x1="0"
          x2={WIDTH}
          y1={HEIGHT / 2}
          y2={HEIGHT / 2}
          stroke="var(--line)"
          vectorEffect="non-scaling-stroke"
        />
        {linesOf(points, series, WIDTH, HEIGHT).map((line) => (
          <path
            key={line.slice(0, 24)}
            d={line}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {cursor !== null && (
          <line x1={x} x2={x} y1="0" y2={HEIGHT} stroke="var(--ink-3)" vectorEffect="non-scaling-stroke" />
        )}
      </svg>
    </figure>
  );
}
