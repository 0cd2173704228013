import { csv, csvTime } from '../../../shared/csv.ts';

/** Colours by their meaning; they follow light and dark. */
export type Tone = 'trust' | 'human' | 'work' | 'bad' | 'ink';

/** One line of a chart. */
export interface ChartSeries {
  name: string;
  /** What its figures are counted in, as on screen: `of 5`, `sessions`, `ms`. Lines of one unit share a scale. */
  unit: string;
  /** One for each moment of the chart; null: not measured, and drawn as a gap. */
  values: readonly (number | null)[];
  look: 'line' | 'points' | 'steps' | 'dashed';
  tone: Tone;
  /** A figure in words, without its unit; default: at most two decimals. */
  format?: (value: number) => string;
}

/** A stretch of time that has a name, drawn behind the lines. `to` null: it lasts. Epoch ms. */
export interface Band {
  from: number;
  to: number | null;
  label: string;
  /** 0 to 1: how strongly it is tinted. */
  strength: number;
  /** Default: trust. */
  tone?: Tone;
}

const plain = (value: number): string => String(Math.round(value * 100) / 100);

/** `3.7 of 5`; what was not measured says so. */
export function figureOf({ format = plain, unit }: ChartSeries, value: number | null | undefined): string {
  return value === null || value === undefined ? 'not measured' : [format(value), unit].filter(Boolean).join(' ');
}

/** The band in which a moment lies, or null. */
export function bandAt(bands: readonly Band[], at: number): Band | null {
  return bands.find(({ from, to }) => at >= from && (to === null || at < to)) ?? null;
}

/** What a chart shows, in a sentence for who cannot see it. */
export function sentenceOf(title: string, times: readonly number[], series: readonly ChartSeries[]): string {
  const parts = series.map((one) => {
    const known = one.values.filter((value) => value !== null);
    if (known.length === 0) return `${one.name}: not measured`;
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const range = low === high ? figureOf(one, low) : `${figureOf(one, low)} to ${figureOf(one, high)}`;
    return `${one.name}: ${range}, newest ${figureOf(one, known.at(-1))}`;
  });
  return `${title}, ${times.length} ${times.length === 1 ? 'moment' : 'moments'}. ${parts.join('; ')}.`;
}

/** Comma-separated values for a spreadsheet, one moment a line; what was not measured stays empty. */
export function csvOf(times: readonly number[], series: readonly ChartSeries[], bands: readonly Band[] = []): string {
  const head = ['time', ...series.map(({ name, unit }) => (unit ? `${name} (${unit})` : name))];
  const rows = times.map((at, n) => {
    const cells = [csvTime(at), ...series.map(({ values }) => values[n] ?? null)];
    return bands.length > 0 ? [...cells, bandAt(bands, at)?.label ?? null] : cells;
  });
  return csv(bands.length > 0 ? [...head, 'during'] : head, rows);
}

/** `Mean score over time` → `mean-score-over-time.csv`. */
export const fileNameOf = (title: string): string =>
  `${
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, '') || 'chart'
  }.csv`;

/** Where the arrow keys lead among `length` moments; null: the key is none of the chart's. */
export function cursorAfter(key: string, at: number | null, length: number): number | null {
  const from = at ?? length;
  const page = Math.max(1, Math.round(length / 10));
  const to = {
    ArrowLeft: from - 1,
    ArrowRight: at === null ? 0 : from + 1,
    PageUp: from - page,
    PageDown: from + page,
    Home: 0,
    End: length - 1,
  }[key];
  return to === undefined || length === 0 ? null : Math.min(length - 1, Math.max(0, to));
}
