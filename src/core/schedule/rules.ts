import type { MissedRunPolicy } from '../../shared/contract/projects.ts';

/** A run that comes later than this after its time was missed: the machine slept or Tenure was off. */
export const LATE_MS = 5 * 60_000;

export type DueAct = 'run' | 'skip';

/** What to do with a run that was due at `dueAt`: once at most, whatever was missed in between. */
export function actOn(dueAt: number, now: number, missed: MissedRunPolicy): DueAct {
  return now - dueAt <= LATE_MS || missed === 'run_once' ? 'run' : 'skip';
}
