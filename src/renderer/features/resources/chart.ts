import type { ResourcePoint } from '../../../shared/contract/resources.ts';

export type Series = 'cpu' | 'memory' | 'disk';

/** One line per stretch of steps that were measured; what lies between them is a gap. Height 1 is full. */
export function linesOf(points: readonly ResourcePoint[], series: Series, width: number, height: number): string[] {
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
    const y = (1 - Math.min(1, Math.max(0, value))) * height;
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
  const cell = (value: number | null): string => (value === null ? '' : value.toFixed(4));
  const rows = points.map(({ at, cpu, cpuMax, memory, disk }) =>
    [new Date(at).toISOString(), cell(cpu), cell(cpuMax), cell(memory), cell(disk)].join(','),
  );
  return ['time,cpu,cpu_highest,memory,disk', ...rows].join('\n');
}

const round = (n: number): number => Math.round(n * 100) / 100;
