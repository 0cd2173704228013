import type { UpcomingRun } from './contract/schedule.ts';

/** One run, or a stretch of equal ones, as one row. */
export interface UpcomingRow {
  run: UpcomingRun;
  /** The last run of a stretch (epoch ms) and its even distance (ms); null for a single run. */
  repeats: { until: number; everyMs: number } | null;
}

/** So many and more become one row: shorter ones are read faster as they are. */
const STRETCH = 4;
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** The runs of one day with its stretches of equal, evenly spaced ones folded, by their first moment. */
export function foldRuns(runs: readonly UpcomingRun[]): UpcomingRow[] {
  const equal = Map.groupBy(runs, ({ kind, projectId, prompt }) => JSON.stringify([kind, projectId, prompt]));
  return [...equal.values()].flatMap(foldEqual).sort((a, b) => a.run.at - b.run.at);
}

function foldEqual(runs: readonly UpcomingRun[]): UpcomingRow[] {
  const rows: UpcomingRow[] = [];
  for (let from = 0; from < runs.length; ) {
    const stretch = stretchAt(runs, from);
    const [run, second] = stretch;
    if (run === undefined) break;
    const last = stretch.at(-1) ?? run;
    const folds = second !== undefined && stretch.length >= STRETCH;
    rows.push({ run, repeats: folds ? { until: last.at, everyMs: second.at - run.at } : null });
    from += folds ? stretch.length : 1;
  }
  return rows;
}

/** From one run on as far as the distance to the next stays the same. */
function stretchAt(runs: readonly UpcomingRun[], from: number): UpcomingRun[] {
  const distance = (i: number) => (runs[i]?.at ?? Number.NaN) - (runs[i - 1]?.at ?? Number.NaN);
  let end = from + 1;
  while (end < runs.length && distance(end) === distance(from + 1)) end += 1;
  return runs.slice(from, end);
}

/** `every minute`, `every 90 minutes`: exact, in the largest unit that is whole. */
export function everyWords(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms % one === 0) ?? ['second', 1_000];
  return ms === size ? `every ${unit}` : `every ${ms / size} ${unit}s`;
}

/** What runs, where a project's own name does not say it. */
export const runWords = ({ kind, project }: UpcomingRun): string =>
  kind === 'session' ? (project ?? 'A project that is gone') : 'Tenure looks whether a promotion was earned';
