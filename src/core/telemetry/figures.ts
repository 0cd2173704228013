import type { ModelPerformance, SpawnCounts, TelemetryExport } from '../../shared/contract/telemetry.ts';
import { rateOf } from './statistics.ts';
import type { CountRow } from './storage.ts';

/** Decisions that an export keeps: the newest. */
export const KEPT_DECISIONS = 1_000;

const sum = (rows: readonly CountRow[], of: (row: CountRow) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

/** Groups of spawns together, as figures; what is unknown is left out of a mean, never zero. */
export function countsOf(rows: readonly CountRow[]): SpawnCounts {
  const completed = sum(rows, (row) => row.completed);
  const failed = sum(rows, (row) => row.failed);
  const mean = (total: (row: CountRow) => number | null, known: (row: CountRow) => number): number | null => {
    const n = sum(rows, known);
    return n === 0 ? null : sum(rows, (row) => total(row) ?? 0) / n;
  };
  return {
    spawns: sum(rows, (row) => row.spawns),
    running: sum(rows, (row) => row.running),
    completed,
    failed,
    blocked: sum(rows, (row) => row.blocked),
    unknown: sum(rows, (row) => row.unknown),
    success: rateOf(completed, completed + failed),
    meanCostUsd: mean(
      (row) => row.costSum,
      (row) => row.costKnown,
    ),
    meanDurationMs: mean(
      (row) => row.durationSum,
      (row) => row.durationKnown,
    ),
  };
}

/** Rows by a key of theirs, the largest group first. A Map: names like `__proto__` are only names (T-106). */
export function groupedBy<K extends 'model' | 'caste' | 'taskClass' | 'source'>(
  rows: readonly CountRow[],
  key: K,
): (SpawnCounts & { [P in K]: CountRow[K] })[] {
  const groups = Map.groupBy(rows, (row) => row[key]);
  return [...groups]
    .map(([name, group]) => ({ [key]: name, ...countsOf(group) }) as SpawnCounts & { [P in K]: CountRow[K] })
    .toSorted((a, b) => b.spawns - a.spawns);
}

export function performanceOf(rows: readonly CountRow[]): ModelPerformance[] {
  return [...Map.groupBy(rows, (row) => row.model)]
    .map(([model, group]) => ({
      model,
      ...countsOf(group),
      byCaste: groupedBy(group, 'caste'),
      byTaskClass: groupedBy(group, 'taskClass'),
    }))
    .toSorted((a, b) => b.spawns - a.spawns);
}

interface Routed {
  startedAt: number;
  task: string;
  caste: string;
  model: string;
  source: string;
}

/** @param decisions the newest first. */
export function exportOf(rows: readonly CountRow[], decisions: readonly Routed[], now: number): TelemetryExport {
  const models = performanceOf(rows).map((one) => [
    one.model,
    {
      total_spawns: one.spawns,
      successful_completions: one.completed,
      failed_completions: one.failed,
      blocked: one.blocked,
      by_caste: Object.fromEntries(
        one.byCaste.map(({ caste, spawns, completed, failed, blocked }) => [
          caste,
          { spawns, success: completed, failures: failed, blocked },
        ]),
      ),
    },
  ]);
  return {
    version: '1.0',
    last_updated: new Date(now).toISOString(),
    models: Object.fromEntries(models) as TelemetryExport['models'],
    routing_decisions: decisions
      .slice(0, KEPT_DECISIONS)
      .toReversed()
      .map(({ startedAt, task, caste, model, source }) => ({
        timestamp: new Date(startedAt).toISOString(),
        task,
        caste,
        selected_model: model,
        source,
      })),
  };
}
