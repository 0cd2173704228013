import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { cursorAfter } from './series.ts';

const WIDTH = 20;
const HEIGHT = 100;
/** The least that is drawn of what is known: none is a line, not a gap. */
const LEAST = 1.5;

export interface Bar {
  key: string | number;
  /** 0 to 1; null: nothing is known of it, and a question mark stands below. */
  height: number | null;
  /** Known in part; drawn pale. */
  atLeast: boolean;
  /** What it is and shows: `20 Nov: at least $4.10, 2 runs`. */
  words: string;
  /** Below it; `''`: nothing. */
  label: string;
}

interface BarChartProps {
  /** What is drawn, in which unit, up to where. */
  caption: string;
  /** What is meant by one that stands for a time of which nothing is known: `that day`. */
  of: string;
  /** Oldest first. */
  bars: readonly Bar[];
}

/** Bars from zero up. The pointer or the arrow keys choose one, which is then told in words. */
export function BarChart({ caption, of, bars }: BarChartProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const chosen = cursor === null ? undefined : bars[cursor];
  const told = bars
    .filter(({ height }) => height !== 0)
    .map(({ words }) => words)
    .join('; ');
  const wide = WIDTH * bars.length;
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setCursor(Math.floor(((event.clientX - box.left) / Math.max(1, box.width)) * bars.length));
  };
  const press = (event: KeyboardEvent) => {
    const next = cursorAfter(event.key, cursor, bars.length);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    setCursor(next);
  };
  return (
    <figure className="card flex flex-col gap-1 p-3">
      <figcaption className="text-small text-ink-3">{caption}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveElementInteractions: the arrow keys read what the pointer can */}
      <svg
        viewBox={`0 0 ${wide} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${caption} ${told || 'Nothing yet'}. The arrow keys read single ones.`}
        tabIndex={0}
        onKeyDown={press}
        onPointerMove={point}
        onPointerLeave={() => setCursor(null)}
        onBlur={() => setCursor(null)}
        className="h-28 w-full"
      >
        {bars.map(({ key, height, atLeast }, n) => {
          const tall = Math.max(LEAST, (height ?? 0) * (HEIGHT - 4));
          const tone = atLeast ? 'fill-work/45' : 'fill-work';
          return (
            height !== null && (
              <rect
                key={key}
                x={n * WIDTH + 3}
                y={HEIGHT - tall}
                width={WIDTH - 6}
                height={tall}
                className={`${tone} ${cursor !== null && cursor !== n ? 'opacity-50' : ''}`}
              />
            )
          );
        })}
        <line x1="0" x2={wide} y1={HEIGHT} y2={HEIGHT} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      </svg>
      <ol aria-hidden="true" className="flex text-small text-ink-3">
        {bars.map(({ key, height, label }) => (
          <li
            key={key}
            className="flex w-0 min-w-0 flex-1 justify-center overflow-visible whitespace-nowrap last:justify-end"
          >
            {height === null ? '?' : label}
          </li>
        ))}
      </ol>
      <p aria-live="polite" className="text-small text-ink-2">
        {chosen ? chosen.words : `Pale: at least that much. “?”: nothing is known of ${of}.`}
      </p>
    </figure>
  );
}
