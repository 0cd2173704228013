import type { Check } from '../../../shared/contract/check.ts';
import type { HistoryPoint } from '../../../shared/contract/services.ts';

/** Minutes are counted from single checks when they are asked for; hours and days are kept. */
export const STEPS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
export type Step = keyof typeof STEPS;
export type KeptStep = Exclude<Step, 'minute'>;
export const KEPT_STEPS = ['hour', 'day'] as const satisfies readonly KeptStep[];

/** How long roll-ups of each step are kept, ms: the longest span shown, and a little. */
export const KEPT: Readonly<Record<KeptStep, number>> = {
  hour: 33 * STEPS.day,
  day: 400 * STEPS.day,
};
/** How many single checks are shown, and how long they are kept at the least. */
export const CHECKS_SHOWN = 60;
const RAW_MS = 2 * STEPS.hour;
/** Response times are counted in classes, each a quarter wider than the one before. */
const GROWTH = Math.log(1.25);

/** One span of one service: counts, and response times by class. `at`: its beginning, in UTC. */
export interface Rollup {
  step: Step;
  at: number;
  up: number;
  down: number;
  unknown: number;
  min: number | null;
  max: number | null;
  spread: Map<number, number>;
}

export const startOf = (step: Step, at: number): number => Math.floor(at / STEPS[step]) * STEPS[step];

/** Single checks older than this may go. */
export const rawFrom = (now: number, intervalMs: number): number =>
  now - Math.max(RAW_MS, (CHECKS_SHOWN + 4) * intervalMs);

export const emptyRollup = (step: Step, at: number): Rollup => ({
  step,
  at: startOf(step, at),
  up: 0,
  down: 0,
  unknown: 0,
  min: null,
  max: null,
  spread: new Map(),
});

/** Counts a check in; response times are those of good checks: a time-out says nothing about speed. */
export function addTo(rollup: Rollup, { ok, ms }: Pick<Check, 'ok' | 'ms'>): void {
  rollup[ok === null ? 'unknown' : ok ? 'up' : 'down'] += 1;
  if (ms === null || ok !== true) return;
  rollup.min = Math.min(rollup.min ?? ms, ms);
  rollup.max = Math.max(rollup.max ?? ms, ms);
  const place = classOf(ms);
  rollup.spread.set(place, (rollup.spread.get(place) ?? 0) + 1);
}

/** All of the one into the other: hours into their day. */
export function mergeInto(into: Rollup, { up, down, unknown, min, max, spread }: Rollup): void {
  into.up += up;
  into.down += down;
  into.unknown += unknown;
  if (min !== null) into.min = Math.min(into.min ?? min, min);
  if (max !== null) into.max = Math.max(into.max ?? max, max);
  for (const [place, n] of spread) into.spread.set(place, (into.spread.get(place) ?? 0) + n);
}

/** How many checks it counts. */
export const sizeOf = ({ up, down, unknown }: Rollup): number => up + down + unknown;

/** The parts of each span, told apart by when they began; oldest first. */
export function inSpans<T extends { at: number }>(
  step: Step,
  parts: readonly T[],
  add: (rollup: Rollup, part: T) => void,
): Rollup[] {
  const spans = new Map<number, Rollup>();
  for (const part of parts) {
    const at = startOf(step, part.at);
    const rollup = spans.get(at) ?? emptyRollup(step, at);
    spans.set(at, rollup);
    add(rollup, part);
  }
  return [...spans.values()].toSorted((a, b) => a.at - b.at);
}

const classOf = (ms: number): number => (ms <= 1 ? 0 : Math.ceil(Math.log(ms) / GROWTH));

/** The response time (ms) under which that share of the checks lies, to about an eighth; null without any. */
function quantile({ spread, min, max }: Rollup, share: number): number | null {
  if (min === null || max === null) return null;
  const classes = [...spread].toSorted(([a], [b]) => a - b);
  const all = classes.reduce((sum, [, n]) => sum + n, 0);
  let passed = 0;
  for (const [place, n] of classes) {
    passed += n;
    // The middle of the class, and never outside of what was seen.
    if (passed >= share * all) return Math.min(max, Math.max(min, Math.exp((place - 0.5) * GROWTH)));
  }
  return max;
}

const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms * 10) / 10);

export const pointOf = (rollup: Rollup): HistoryPoint => ({
  at: rollup.at,
  up: rollup.up,
  down: rollup.down,
  unknown: rollup.unknown,
  min: whole(rollup.min),
  p50: whole(quantile(rollup, 0.5)),
  p95: whole(quantile(rollup, 0.95)),
  max: whole(rollup.max),
});

export const spreadText = (spread: ReadonlyMap<number, number>): string =>
  [...spread].map(([place, n]) => `${place}:${n}`).join(' ');

export function spreadOf(text: string): Map<number, number> {
  if (text === '') return new Map();
  return new Map(
    text.split(' ').map((pair): [number, number] => {
      const [place = 0, n = 0] = pair.split(':').map(Number);
      return [place, n];
    }),
  );
}
