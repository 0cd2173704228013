import type { OutputOf } from '../../../shared/contract/index.ts';

type Weeks = OutputOf<'revenue.weeks'>;

export interface Bar {
  from: number;
  /** 0–1 of the height; null: nothing is known of that week. */
  height: number | null;
  /** Known in part: at least that much. */
  atLeast: boolean;
}

/** The weeks as bars from zero up; a week below zero has no height but says so in words. */
export function barsOf(weeks: Weeks): Bar[] {
  const top = Math.max(1, ...weeks.map(({ total }) => total.microUsd ?? 0));
  return weeks.map(({ from, total }) => ({
    from,
    height: total.microUsd === null ? null : Math.max(0, total.microUsd) / top,
    atLeast: total.unknown + total.incomplete > 0,
  }));
}
