import type { StoppedSession, StopReport } from '../../../shared/contract/sessions.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { StoredSession } from '../storage.ts';

/** What comes up while everything is stopped is stopped too, so often at most. */
const ROUNDS = 3;

export interface StopAllDeps {
  /** Every session that has not ended and is not being measured. */
  open(): readonly StoredSession[];
  /** How the session stands now. */
  must(id: string): StoredSession;
  stop(id: string): Promise<StopReport>;
  isPaused(): boolean;
  setPaused(paused: boolean): void;
}

/**
 * Stops everything. Everything is paused first, so that no schedule, retry or queue starts anything in
 * between; a session that was begun meanwhile is stopped with the others. It goes on afterwards as it was,
 * unless something resisted: then it stays paused (as it does when Tenure ends in the middle).
 */
export async function stopEverything(deps: StopAllDeps): Promise<StoppedSession[]> {
  const wasPaused = deps.isPaused();
  if (!wasPaused) deps.setPaused(true);
  const reports = new Map<string, StoppedSession>();
  for (let round = 0; round < ROUNDS; round++) {
    const found = deps.open().filter(({ id }) => !reports.has(id));
    if (found.length === 0) break;
    for (const report of await Promise.all(found.map((session) => stopOne(deps, session))))
      reports.set(report.id, report);
  }
  const list = [...reports.values()];
  const isClear = list.every(({ stopped, stillAlive }) => stopped && stillAlive.length === 0);
  if (!wasPaused && isClear) deps.setPaused(false);
  return list;
}

/** One that cannot be stopped keeps nobody else alive: it is told of. */
async function stopOne({ stop, must }: StopAllDeps, session: StoredSession): Promise<StoppedSession> {
  const { id, project, prompt } = session;
  const named = { id, project, prompt: prompt.slice(0, 200) };
  try {
    return { ...named, ...(await stop(id)) };
  } catch (error) {
    const now = must(id);
    // It ended by itself meanwhile (and may still be measured), which is what was wanted.
    if (now.state === 'ended' || now.state === 'evaluating')
      return { ...named, stopped: now.stillAlive.length === 0, stillAlive: now.stillAlive };
    const problem = error instanceof TenureError ? error.message : 'It could not be stopped.';
    return { ...named, stopped: false, stillAlive: now.stillAlive, problem };
  }
}
