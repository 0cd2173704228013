import type { ScoreSettings } from '../../shared/score-settings.ts';

const DAY_MS = 86_400_000;
/** Points of one kind that fall into the same part of their life are kept as one. */
const PARTS = 64;
/** At the end of its days an exponential contribution still weighs this. */
const LEFT_AT_END = 0.05;

/** Points that fade: `at` is the mean of the moments at which they came, `days` how long they last. */
export interface Fading {
  days: number;
  at: number;
  points: number;
}

/** 1 when it came, 0 after its days. */
export function weightOf({ days, at }: Fading, now: number, decay: ScoreSettings['decay']): number {
  const age = Math.max(0, now - at) / (days * DAY_MS);
  if (age >= 1) return 0;
  return decay === 'linear' ? 1 - age : LEFT_AT_END ** age;
}

export const sumOf = (all: readonly Fading[], now: number, decay: ScoreSettings['decay']): number =>
  all.reduce((sum, one) => sum + one.points * weightOf(one, now, decay), 0);

/** One more contribution; what came in the same part of its life is merged, so that the list stays short. */
export function withPoints(all: readonly Fading[], points: number, days: number, at: number): Fading[] {
  if (points <= 0) return [...all];
  const near = all.findLastIndex((one) => one.days === days);
  const last = all[near];
  if (!last || at - last.at > (days * DAY_MS) / PARTS) return [...all, { days, at, points }];
  const sum = last.points + points;
  return all.with(near, { days, at: last.at + ((at - last.at) * points) / sum, points: sum });
}
