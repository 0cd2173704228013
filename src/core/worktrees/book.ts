import type { Database } from 'better-sqlite3';
import type { SessionWork, WorkState } from '../../shared/contract/worktrees.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Clock } from '../kernel/ports.ts';
import { stateOfWork, type WorkMeasured } from './rules.ts';
import { createWorktreeStorage } from './storage.ts';

export interface WorkBookDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  /** Inside a commit: tells what a session is, now that its work was settled. */
  tell(emit: Emit, sessionId: string): void;
}

/** What became of the work of each session: facts, written once they are so. */
export function createWorkBook({ db, journal, clock, tell }: WorkBookDeps) {
  const storage = createWorktreeStorage(db);
  return {
    /** What became of the work of a session. */
    of(session: WorkMeasured & { id: string }): SessionWork {
      const noted = storage.work(session.id);
      const { at = null, by = null, target = null, note = null } = noted ?? {};
      return { state: stateOfWork(session, noted?.state ?? null), at, by, target, note };
    },

    /** What was written down of it; null: nothing. */
    noted: (sessionId: string) => storage.work(sessionId),

    /** Inside a commit: where the work of a session is meant to go, and what a person should know about its start. */
    placed: (sessionId: string, place: { target: string | null; note: string | null }): void =>
      storage.place(sessionId, place),

    /** Writes down and tells what became of it. `tip`: its newest commit; `mergedAs`: what the target was moved to. */
    settle(
      sessionId: string,
      what: {
        state: Exclude<WorkState, 'open' | 'none'>;
        by: string;
        tip: string | null;
        target?: string | null;
        mergedAs?: string | null;
        note?: string | null;
      },
      also: () => void = () => undefined,
    ): void {
      journal.commit((emit) => {
        storage.settle({ target: null, mergedAs: null, note: null, ...what, sessionId, at: clock.now() });
        also();
        tell(emit, sessionId);
      });
    },
  };
}
