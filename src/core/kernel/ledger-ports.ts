/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What is to be put down: what happened (`level.entered`), to whom, and everything that trust derives from it. */
export interface LedgerEntry {
  kind: string;
  /** What it is about: a session, an agent, `level`, the ledger itself. */
  subject: string;
  body: { readonly [name: string]: Json };
}

/** One event as it stands in the ledger. */
export interface LedgerEvent extends LedgerEntry {
  /** From 1, without gaps. */
  seq: number;
  /** When it was put down, epoch ms, by a clock that may have been set. */
  at: number;
}

/** What to read; everything that is left out does not narrow. */
export interface LedgerQuery {
  /** Only events after that sequence. */
  after?: number;
  /** Only events up to and with that sequence. */
  upTo?: number;
  /** Only what the ledger says of itself, which is found at once. */
  own?: boolean;
  kinds?: readonly string[];
  /** At most so many. */
  limit?: number;
}

/** The one append-only record of everything that trust rests on. */
export interface Ledger {
  /**
   * Puts one event down, inside `journal.commit`, in the same transaction as what it records.
   * @returns its sequence. @throws Error outside of a commit, or for a body that JSON cannot say.
   */
  append(entry: LedgerEntry): number;
  /** Oldest first, read page by page: the database stays free for others between two events. */
  read(query?: LedgerQuery): IterableIterator<LedgerEvent>;
  /** The newest event; seq 0 while there is none. */
  head(): { seq: number; hash: string };
}

/** Tables that are kept beside the ledger and can be made anew from it. */
export interface Projection {
  /** By this the ledger says that it has taken in all that stood there; null: it always had. */
  took: string | null;
  kinds: readonly string[];
  /** What the tables say now, as the events that it would have been: for a ledger that begins, or begins anew. */
  entries(): LedgerEntry[];
  /** One comparison: it gets every event of its kinds, oldest first. */
  begin(): {
    event(event: LedgerEvent): void;
    /** All events were given: a sentence for each difference, at most a few. Runs in one go with the last event. */
    end(): string[];
  };
  /**
   * Inside a commit, with the tables open to change: makes them anew from every event of its kinds, given
   * oldest first. What no event speaks of is not there afterwards. Null: their own feature does it.
   */
  remake: (() => { event(event: LedgerEvent): void; end(): void }) | null;
}
