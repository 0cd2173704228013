import type { Database } from 'better-sqlite3';
import type { Envelope, Fact, Signal } from '../../shared/contract/index.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Clock } from './ports.ts';

export type Emit = (fact: Fact) => void;

export interface Journal {
  /**
   * The one way to change anything: the writes and the facts about them are one transaction.
   * Listeners hear once it has committed, or never. A commit inside a commit joins it.
   * @throws whatever `work` throws, and TenureError `unavailable` when the store cannot be written; then
   * nothing was written and nobody hears.
   */
  commit<T>(work: (emit: Emit) => T): T;
  /** The sequence of the newest fact; 0 when there is none. */
  seq(): number;
  /** Facts after `seq`, oldest first, or null when the journal was trimmed past it. */
  since(seq: number, limit: number): Envelope[] | null;
  /** The oldest facts that are kept, in order. */
  oldest(limit: number): Envelope[];
  subscribe(listener: (fact: Envelope) => void): () => void;
  /**
   * What has to be written along with a fact: runs inside the commit in which it is told, before any listener.
   * What it throws takes the whole commit back.
   */
  within(keep: (fact: Envelope, emit: Emit) => void): void;
  /** Live figures that are not kept; told at once. */
  signal(signal: Signal): void;
  onSignal(listener: (signal: Signal) => void): () => void;
  /** Drops all but the newest `keep` facts. */
  trim(keep: number): void;
  /** Moves what was committed out of SQLite's log into the database, where some has gathered: while nobody waits for it. */
  checkpoint(): void;
}

interface Row {
  seq: number;
  at: number;
  type: string;
  body: string;
}

/** So many commits in SQLite's log are worth moving: about two megabytes. */
const MANY_COMMITS = 50;

const toEnvelope = (row: Row): Envelope =>
  ({ seq: row.seq, at: row.at, type: row.type, body: JSON.parse(row.body) as unknown }) as Envelope;

/** A sentence when SQLite could not write (a full disk, a lost one, no right to write), else null. */
function storeProblemOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_FULL') {
    return 'The disk that holds the data of Tenure is full. Nothing is let through until there is room; nothing is lost.';
  }
  return /^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(code)
    ? `The data of Tenure cannot be written (${code}). Nothing is let through until it can.`
    : null;
}

/**
 * @param onListenerError told when a listener throws; one that throws spoils nothing for the others.
 * @param onStore told at each commit whether the store could be written: null, or the sentence why not.
 */
export function createJournal(
  db: Database,
  clock: Clock,
  onListenerError: (error: unknown) => void,
  onStore: (problem: string | null) => void = () => undefined,
): Journal {
  const insert = db.prepare<[number, string, string]>('INSERT INTO journal (at, type, body) VALUES (?, ?, ?)');
  const newest = db.prepare<[], { seq: number | null }>('SELECT max(seq) AS seq FROM journal');
  const oldest = db.prepare<[], { seq: number | null }>('SELECT min(seq) AS seq FROM journal');
  const after = db.prepare<[number, number], Row>(
    'SELECT seq, at, type, body FROM journal WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const dropTo = db.prepare<[number]>('DELETE FROM journal WHERE seq <= ?');
  const inOne = db.transaction((work: () => unknown): unknown => work());
  const listeners = new Set<(fact: Envelope) => void>();
  const keepers: ((fact: Envelope, emit: Emit) => void)[] = [];
  const signalListeners = new Set<(signal: Signal) => void>();
  let open: Envelope[] | null = null;
  const untold: Envelope[] = [];
  let telling = false;
  let commits = 0;

  const tell = <T>(to: Set<(item: T) => void>, item: T): void => {
    for (const listener of to) {
      try {
        listener(item);
      } catch (error) {
        onListenerError(error);
      }
    }
  };

  /** One loop tells everything in order, also what a listener's own commit adds meanwhile. */
  const tellAll = (): void => {
    if (telling) return;
    telling = true;
    for (let fact = untold.shift(); fact; fact = untold.shift()) tell(listeners, fact);
    telling = false;
  };

  const emitInto = (facts: Envelope[]): Emit => {
    const emit: Emit = (fact) => {
      const at = clock.now();
      const seq = Number(insert.run(at, fact.type, JSON.stringify(fact.body)).lastInsertRowid);
      const envelope: Envelope = { ...fact, seq, at };
      facts.push(envelope);
      for (const keep of keepers) keep(envelope, emit);
    };
    return emit;
  };

  return {
    commit(work) {
      if (open) return work(emitInto(open));
      const facts: Envelope[] = [];
      open = facts;
      let result: ReturnType<typeof work>;
      try {
        result = inOne.immediate(() => work(emitInto(facts))) as typeof result;
        commits += 1;
        onStore(null);
      } catch (error) {
        const problem = storeProblemOf(error);
        if (problem === null) throw error;
        onStore(problem);
        throw new TenureError('unavailable', problem, { cause: error });
      } finally {
        open = null;
      }
      untold.push(...facts);
      tellAll();
      return result;
    },
    seq: () => newest.get()?.seq ?? 0,
    since(seq, limit) {
      const first = oldest.get()?.seq ?? null;
      const last = newest.get()?.seq ?? 0;
      if (seq > last) return null;
      if (first !== null && seq < first - 1) return null;
      return after.all(seq, limit).map(toEnvelope);
    },
    oldest: (limit) => after.all(0, limit).map(toEnvelope),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    within: (keep) => void keepers.push(keep),
    signal: (signal) => tell(signalListeners, signal),
    onSignal(listener) {
      signalListeners.add(listener);
      return () => signalListeners.delete(listener);
    },
    trim(keep) {
      const last = newest.get()?.seq ?? 0;
      dropTo.run(last - keep);
    },
    checkpoint() {
      if (commits < MANY_COMMITS || db.inTransaction) return;
      commits = 0;
      try {
        db.pragma('wal_checkpoint(PASSIVE)');
      } catch {
        // It is all in the log still, and whether the store can be written is told by the next commit.
      }
    },
  };
}
