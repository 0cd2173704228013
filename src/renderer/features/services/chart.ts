import type { HistoryPoint } from '../../../shared/contract/services.ts';

export const WIDTH = 600;
export const HEIGHT = 120;
const PAD = 4;

/** A round number at or above the slowest response, ms: the top of the chart. */
export function topOf(points: readonly HistoryPoint[]): number {
  const slowest = Math.max(1, ...points.map(({ p95 }) => p95 ?? 0));
  const power = 10 ** Math.floor(Math.log10(slowest));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= slowest) ?? slowest;
}

/** The points on their places in time; null where nothing was measured. */
export function slotsOf(
  points: readonly HistoryPoint[],
  from: number,
  stepMs: number,
  count: number,
): (HistoryPoint | null)[] {
  const byTime = new Map(points.map((point) => [point.at, point]));
  return Array.from({ length: count }, (_, n) => byTime.get(from + n * stepMs) ?? null);
}

export const xOf = (n: number, count: number): number => (count <= 1 ? WIDTH / 2 : (n / (count - 1)) * WIDTH);
export const yOf = (ms: number, top: number): number => HEIGHT - PAD - (Math.min(ms, top) / top) * (HEIGHT - 2 * PAD);

const round = (n: number): number => Math.round(n * 10) / 10;

/** A line through the values, lifted at each gap: what was not measured is no zero. */
export function lineOf(values: readonly (number | null)[], top: number): string {
  let pen = 'M';
  return values
    .map((value, n) => {
      if (value === null) {
        pen = 'M';
        return '';
      }
      const point = `${pen}${round(xOf(n, values.length))} ${round(yOf(value, top))}${pen === 'M' ? 'h0.01' : ''}`;
      pen = 'L';
      return point;
    })
    .join('');
}

/** The points as a table that a spreadsheet reads. */
export function csvOf(points: readonly HistoryPoint[]): string {
  const head = 'at,up,down,unknown,min_ms,p50_ms,p95_ms,max_ms';
  const rows = points.map(({ at, up, down, unknown, min, p50, p95, max }) =>
    [new Date(at).toISOString(), up, down, unknown, min ?? '', p50 ?? '', p95 ?? '', max ?? ''].join(','),
  );
  return [head, ...rows].join('\n');
}
