import { type KeyboardEvent, lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { absolute } from '../../../shared/format.ts';
import { Button } from '../Button.tsx';
import { saveCsv } from '../save.ts';
import { Table, TableToggle } from '../Table.tsx';
import type { CanvasHandle } from './Canvas.tsx';
import { type Band, bandAt, type ChartSeries, csvOf, cursorAfter, figureOf, fileNameOf, sentenceOf } from './series.ts';

const Canvas = lazy(() => import('./Canvas.tsx').then((module) => ({ default: module.Canvas })));

const NO_BANDS: readonly Band[] = [];
const NO_RANGE = {};

interface ChartProps {
  /** What it shows; also the name of the file that is saved. */
  title: string;
  /** Epoch ms, ascending: one moment for each figure of each line. Hold it still: another array draws anew. */
  times: readonly number[];
  series: readonly ChartSeries[];
  bands?: readonly Band[];
  /** Fixed ends of a unit's scale, by the unit. */
  range?: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** Pixels. */
  height?: number;
  /** Where the figures of a moment come from, as the table leads there; null: nowhere. */
  source?: ((moment: number) => { href: string; text: string } | null) | undefined;
  /** Shown in its place while there is no moment. */
  children: ReactNode;
}

/**
 * Figures over time, for every screen: drawn with their units and gaps, read by a pointer or the arrow
 * keys, and the same as a table and as a file.
 */
export function Chart(props: ChartProps) {
  const { title, times, series, bands = NO_BANDS, range = NO_RANGE, height = 200, source, children } = props;
  const [cursor, setCursor] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const canvas = useRef<CanvasHandle>(null);
  if (times.length === 0) return <p className="card p-4 text-ink-2">{children}</p>;

  const press = (event: KeyboardEvent) => {
    const next = event.key === 'Escape' && cursor !== null ? null : cursorAfter(event.key, cursor, times.length);
    if (next === null && event.key !== 'Escape') return;
    if (next === null && cursor === null) return;
    event.preventDefault();
    event.stopPropagation();
    setCursor(next);
    canvas.current?.setCursor(next);
  };
  const at = cursor === null ? undefined : times[cursor];
  const during = at === undefined ? null : bandAt(bands, at);

  return (
    <figure className="card flex flex-col gap-2 p-3">
      <figcaption className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="sr-only">{title}</span>
        <ul aria-label="Lines" className="mr-auto flex flex-wrap gap-x-4">
          {series.map((one) => (
            <li key={one.name} className="flex items-center gap-1.5">
              <Swatch {...one} />
              <span className="text-ink-2">{one.name}</span>
              <span className="font-strong">{figureOf(one, one.values[cursor ?? one.values.length - 1])}</span>
            </li>
          ))}
        </ul>
        <span className="-mr-2 ml-auto flex">
          <TableToggle on={asTable} onChange={setAsTable} />
          <Button kind="quiet" onClick={() => saveCsv(fileNameOf(title), csvOf(times, series, bands))}>
            Export CSV
          </Button>
        </span>
      </figcaption>
      {asTable ? (
        <FigureTable title={title} times={times} series={series} bands={bands} source={source} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveElementInteractions: the arrow keys read what the pointer can
        <div
          role="img"
          aria-label={`${sentenceOf(title, times, series)} The arrow keys read single moments.`}
          tabIndex={0}
          onKeyDown={press}
          onBlur={() => setCursor(null)}
          className="rounded-control"
          style={{ minHeight: height }}
        >
          <Suspense fallback={null}>
            <Canvas
              ref={canvas}
              times={times}
              series={series}
              bands={bands}
              range={range}
              height={height}
              onCursor={setCursor}
            />
          </Suspense>
        </div>
      )}
      {!asTable && (
        <p aria-live="polite" className="min-h-4 text-small text-ink-3">
          {at === undefined ? 'Newest figures' : `${absolute(at)}${during ? `, ${during.label}` : ''}`}
          {at !== undefined && (
            <span className="sr-only">
              {series.map((one) => `, ${one.name} ${figureOf(one, one.values[cursor ?? 0])}`).join('')}
            </span>
          )}
        </p>
      )}
    </figure>
  );
}

function Swatch({ look, tone }: ChartSeries) {
  const stroke = `var(--${tone})`;
  return (
    <svg viewBox="0 0 16 8" aria-hidden="true" className="h-2 w-4">
      {look === 'points' ? (
        <circle cx="8" cy="4" r="3" fill={stroke} />
      ) : (
        <path d="M0 4h16" stroke={stroke} strokeWidth="2" strokeDasharray={look === 'dashed' ? '4 3' : undefined} />
      )}
    </svg>
  );
}

const NEWEST = 500;

function FigureTable({
  title,
  times,
  series,
  bands,
  source,
}: Pick<ChartProps, 'title' | 'times' | 'series' | 'source'> & { bands: readonly Band[] }) {
  const shown = times
    .map((at, n) => ({ at, n }))
    .slice(-NEWEST)
    .toReversed();
  const head = [
    'When',
    ...series.map(({ name }) => name),
    ...(bands.length > 0 ? ['During'] : []),
    ...(source ? ['From'] : []),
  ];
  return (
    <>
      <Table name={`${title}, as a table`} head={head} className="max-h-80 overflow-auto">
        {shown.map(({ at, n }) => (
          <tr key={n}>
            <th scope="row">{absolute(at)}</th>
            {series.map((one) => (
              <td key={one.name}>{figureOf(one, one.values[n])}</td>
            ))}
            {bands.length > 0 && <td>{bandAt(bands, at)?.label ?? ''}</td>}
            {source && (
              <td>
                <Source from={source(n)} />
              </td>
            )}
          </tr>
        ))}
      </Table>
      {times.length > NEWEST && (
        <p className="p-2 text-small text-ink-3">
          The newest {NEWEST} of {times.length}; the file has all.
        </p>
      )}
    </>
  );
}

function Source({ from }: { from: { href: string; text: string } | null }) {
  return from && <a href={from.href}>{from.text}</a>;
}
