import type { ResourcePoint } from '../../../shared/contract/resources.ts';
import { csv, csvTime } from '../../../shared/csv.ts';

export type Series = 'cpu' | 'memory' | 'disk' | Flow;
/** Bytes a second. */
export type Flow = 'received' | 'sent' | 'read' | 'written';

/** Below this a line of bytes stays low: a quiet network looks quiet. */
const LEAST_TOP = 100_000;

/** What the full height of a series stands for: all of it, or the highest of its bytes a second. */
export function topOf(points: readonly ResourcePoint[], series: Series): number {
  if (series === 'cpu' || series === 'memory' || series === 'disk') return 1;
  return Math.max(LEAST_TOP, spanOf(points, series).highest ?? 0);
}

/** One line per stretch of steps that were measured; what lies between them is a gap. */
export function linesOf(points: readonly ResourcePoint[], series: Series, width: number, height: number): string[] {
  const top = topOf(points, series);
  const step = width / Math.max(1, points.length - 1);
  const lines: string[] = [];
  let line = '';
  for (const [n, point] of points.entries()) {
    const value = point[series];
    if (value === null) {
      if (line !== '') lines.push(line);
      line = '';
      continue;
    }
    const y = (1 - Math.min(1, Math.max(0, value / top))) * height;
    // A step alone is a dot: it has to have a length to be seen.
    line += line === '' ? `M${round(n * step)} ${round(y)}h0.01` : `L${round(n * step)} ${round(y)}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Lowest and highest of what was measured, and how many steps were not. */
export function spanOf(points: readonly ResourcePoint[], series: Series) {
  const known = points.flatMap((point) => point[series] ?? []);
  return {
    lowest: known.length === 0 ? null : Math.min(...known),
    highest: known.length === 0 ? null : Math.max(...known),
    missing: points.length - known.length,
  };
}

/** Comma-separated values for a spreadsheet; what was not measured stays empty. */
export function csvOf(points: readonly ResourcePoint[]): string {
  const part = (value: number | null) => value && Number(value.toFixed(4));
  const rate = (value: number | null) => value && Math.round(value);
  return csv(
    [
      'time',
      'cpu',
      'cpu_highest',
      'memory',
      'disk',
      'received_bytes_s',
      'sent_bytes_s',
      'read_bytes_s',
      'written_bytes_s',
    ],
    points.map((p) => [
      csvTime(p.at),
      ...[p.cpu, p.cpuMax, p.memory, p.disk].map(part),
      ...[p.received, p.sent, p.read, p.written].map(rate),
    ]),
  );
}

const round = (n: number): number => Math.round(n * 100) / 100;
