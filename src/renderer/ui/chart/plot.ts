import uPlot from 'uplot';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has nothing to assign
import 'uplot/dist/uPlot.min.css';
import { clockTime, dayWords } from '../../../shared/format.ts';
import type { Band, ChartSeries, Tone } from './series.ts';

export interface PlotInput {
  /** Epoch ms, ascending. */
  times: readonly number[];
  series: readonly ChartSeries[];
  bands: readonly Band[];
  /** Fixed ends of each unit's scale; what is absent fits the figures. */
  range: Readonly<Record<string, readonly [low: number, high: number]>>;
  height: number;
  /** The moment under the pointer, by its number; null: none. */
  onCursor(at: number | null): void;
}

export interface Plot {
  setCursor(at: number | null): void;
  setWidth(width: number): void;
  /** The colours are other ones now. */
  repaint(): void;
  destroy(): void;
}

const DAY_MS = 86_400_000;
const FONT = '11px system-ui, sans-serif';

const colour = (name: Tone | 'ink-3' | 'line'): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** A unit's name as the name of its scale; the scale of times is called `x`. */
const scaleOf = (unit: string): string => `y ${unit}`;

function lineOf({ name, unit, look, tone }: ChartSeries): uPlot.Series {
  const stroke = (): string => colour(tone);
  const points = { show: look === 'points', size: 6, fill: stroke, stroke };
  const base: uPlot.Series = { label: name, scale: scaleOf(unit), stroke, width: 1.5, spanGaps: false };
  if (look === 'points') return { ...base, paths: () => null, points };
  if (look === 'dashed') return { ...base, width: 1, dash: [4, 4], points };
  const stepped = look === 'steps' ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  // A moment between two gaps has no line: it is drawn as a point.
  const lone = (u: uPlot, n: number): number[] => {
    const values = [...(u.data[n] ?? [])];
    return values.flatMap((value, at) =>
      value != null && values[at - 1] == null && values[at + 1] == null ? [at] : [],
    );
  };
  return { ...base, ...(stepped && { paths: stepped }), points: { ...points, show: true, filter: lone } };
}

const timeWords = (_u: uPlot, splits: number[], _axis: number, _space: number, step: number): string[] =>
  splits.map((at) => (step >= DAY_MS ? dayWords(at) : `${clockTime(at)}${isMidnight(at) ? ` ${dayWords(at)}` : ''}`));
const isMidnight = (at: number): boolean => clockTime(at) === '00:00';

function drawBands(u: uPlot, bands: readonly Band[]): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  const right = left + width;
  ctx.save();
  for (const { from, to, label, strength, tone = 'trust' } of bands) {
    const begin = Math.max(left, u.valToPos(from, 'x', true));
    const end = to === null ? right : Math.min(right, u.valToPos(to, 'x', true));
    if (end <= begin) continue;
    ctx.globalAlpha = 0.04 + 0.14 * strength;
    ctx.fillStyle = colour(tone);
    ctx.fillRect(begin, top, end - begin, height);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colour('ink-3');
    ctx.font = FONT.replace('11px', `${11 * devicePixelRatio}px`);
    ctx.textBaseline = 'bottom';
    ctx.textAlign = 'left';
    if (ctx.measureText(label).width + 8 * devicePixelRatio < end - begin) {
      ctx.fillText(label, begin + 2 * devicePixelRatio, top - 3 * devicePixelRatio);
    }
  }
  ctx.restore();
}

/** Draws the chart into `target`. Times are the person's own zone. */
export function createPlot(target: HTMLElement, { times, series, bands, range, height, onCursor }: PlotInput): Plot {
  const units = [...new Set(series.map(({ unit }) => unit))];
  const axisOf = (unit: string, n: number): uPlot.Axis => {
    const format = series.find((one) => one.unit === unit)?.format ?? ((value: number) => String(value));
    return {
      scale: scaleOf(unit),
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- its enum exists in the types alone
      side: n === 0 ? 3 : 1,
      label: unit,
      labelSize: 14,
      labelFont: FONT,
      font: FONT,
      stroke: () => colour('ink-3'),
      grid: { show: n === 0, stroke: () => colour('line'), width: 1 },
      ticks: { show: false },
      values: (_u, splits) => splits.map(format),
      size: 46,
    };
  };
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const plot = new uPlot(
    {
      width: Math.max(120, target.clientWidth),
      height,
      ms: 1,
      // The names of the bands stand above the lines.
      padding: [bands.length > 0 ? 18 : 8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        // One moment alone gets the day before it, so that it has a place, and not what is still to come.
        x: { time: true, ...(first === last && { range: [first - DAY_MS, last + DAY_MS / 48] }) },
        ...Object.fromEntries(
          units.map((unit) => {
            const [low, high] = range[unit] ?? [];
            const fixed = low !== undefined && high !== undefined;
            return [scaleOf(unit), fixed ? { range: [low, high] } : {}];
          }),
        ),
      },
      axes: [
        {
          font: FONT,
          stroke: () => colour('ink-3'),
          grid: { show: false },
          ticks: { show: false },
          values: timeWords,
          space: 70,
          size: 26,
        },
        ...units.slice(0, 2).map(axisOf),
      ],
      series: [{}, ...series.map(lineOf)],
      hooks: {
        drawClear: [(u) => drawBands(u, bands)],
        setCursor: [(u) => onCursor(u.cursor.idx ?? null)],
      },
    },
    [[...times], ...series.map(({ values }) => [...values])],
    target,
  );
  return {
    setCursor(at) {
      const time = at === null ? undefined : times[at];
      plot.setCursor(time === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(time, 'x'), top: 1 });
    },
    setWidth: (width) => plot.setSize({ width: Math.max(120, width), height }),
    repaint: () => plot.redraw(false, true),
    destroy: () => plot.destroy(),
  };
}
