import type { Snapshot } from './contract/system.ts';

const RUNNING: ReadonlySet<string> = new Set(['starting', 'working', 'evaluating']);

/** How many sessions run now. Parked and queued ones hold no process. */
export function runningOf(snapshot: Pick<Snapshot, 'sessions'>): number {
  return snapshot.sessions.filter((session) => RUNNING.has(session.state)).length;
}
