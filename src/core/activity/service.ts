import type { Database } from 'better-sqlite3';
import { activityOf } from '../../shared/activity.ts';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Journal } from '../kernel/journal.ts';
import { createActivityStorage } from './storage.ts';

interface ActivityDeps {
  db: Database;
  journal: Journal;
  /** How many entries are kept; the journal itself is trimmed much sooner. */
  keep: number;
}

const PAGE = 100;
const BATCH = 500;

export type Activity = ReturnType<typeof createActivity>;

/**
 * The log of everything, in sentences. It is derived from the journal's facts by a cursor: when somebody
 * looks and before the journal is trimmed, so that writing a fact costs nothing more and nothing is told twice.
 */
export function createActivity({ db, journal, keep }: ActivityDeps) {
  const storage = createActivityStorage(db);

  /** Reads on from where it stopped. @returns whether there may be more. */
  function readOn(): boolean {
    const from = storage.cursor();
    // Trimmed past the cursor: on from the oldest fact that there is.
    const facts = journal.since(from, BATCH) ?? journal.oldest(BATCH);
    const last = facts.at(-1);
    if (!last) return false;
    journal.commit(() => {
      for (const fact of facts) {
        const told = activityOf(fact);
        if (told) storage.add({ seq: fact.seq, at: fact.at, ...told });
      }
      storage.moveTo(last.seq);
    });
    return facts.length === BATCH;
  }

  function catchUp(): void {
    while (readOn());
  }

  return {
    /** To be called before the journal is trimmed. @throws TenureError `unavailable` when the store cannot be written. */
    catchUp(): void {
      catchUp();
      journal.commit(() => storage.trim(keep));
    },
    list({ before, limit, ...filter }: InputOf<'activity.list'>): OutputOf<'activity.list'> {
      try {
        catchUp();
      } catch (error) {
        // On a full disk what is there can still be read.
        if (!(error instanceof TenureError)) throw error;
      }
      return {
        entries: storage.page(filter, before, limit ?? PAGE),
        total: storage.count(filter),
        subjects: storage.subjects(),
        from: storage.oldestAt(),
      };
    },
  };
}
