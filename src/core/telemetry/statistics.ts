import type { Rate } from '../../shared/contract/telemetry.ts';

/** 95 %, two-sided. */
const Z_95 = 1.959964;
/** 90 % two-sided: one side of 5 %, for the question whether one is better than another. */
const Z_90 = 1.644854;

function wilson(completed: number, n: number, z: number): { low: number; high: number } {
  const rate = completed / n;
  const weight = 1 + (z * z) / n;
  const middle = (rate + (z * z) / (2 * n)) / weight;
  const half = (z / weight) * Math.sqrt((rate * (1 - rate)) / n + (z * z) / (4 * n * n));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Completed of finished, with Wilson's 95 % interval. Null where nothing has finished: no n, no rate. */
export function rateOf(completed: number, finished: number): Rate | null {
  if (finished === 0) return null;
  return { rate: completed / finished, n: finished, ...wilson(completed, finished, Z_95) };
}

/**
 * The least by which `a` is better than `b`, with 95 % certainty on this one side: the lower end of
 * Newcombe's interval of the difference of two rates. Above 0 means clearly better.
 */
export function leastGain(
  a: { completed: number; finished: number },
  b: { completed: number; finished: number },
): number {
  const [rateA, rateB] = [a.completed / a.finished, b.completed / b.finished];
  const below = rateA - wilson(a.completed, a.finished, Z_90).low;
  const above = wilson(b.completed, b.finished, Z_90).high - rateB;
  return rateA - rateB - Math.hypot(below, above);
}
