/** Medians over alternating pairs: on a noisy machine only ratios within one run mean anything. */

export const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;

export interface Spread {
  p50: number;
  p99: number;
}

/** Runs `once` `n` times, one after the other; milliseconds. */
export async function latency(n: number, once: () => unknown): Promise<Spread> {
  const times: number[] = [];
  for (let i = 0; i < n; i++) {
    const began = performance.now();
    await once();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

export interface Ratio {
  median: number;
  min: number;
  max: number;
}

/** A B A B …: the median of the per-pair ratios subject / reference. */
export async function ratioOf(pairs: number, subject: () => Promise<number>, reference: () => Promise<number>) {
  const seen: { subject: number; reference: number }[] = [];
  for (let i = 0; i < pairs; i++) seen.push({ subject: await subject(), reference: await reference() });
  const ratios = seen.map((pair) => pair.subject / pair.reference).toSorted((a, b) => a - b);
  const middle = (values: number[]): number =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    );
  return {
    subject: middle(seen.map((pair) => pair.subject)),
    reference: middle(seen.map((pair) => pair.reference)),
    ratio: {
      median: quantile(ratios, 0.5),
      min: ratios[0] ?? Number.NaN,
      max: ratios.at(-1) ?? Number.NaN,
    } satisfies Ratio,
  };
}

export const fixed = (value: number, digits = 2): string => value.toFixed(digits);
export const shown = ({ median, min, max }: Ratio): string => `${fixed(median)}× (${fixed(min)}–${fixed(max)})`;
