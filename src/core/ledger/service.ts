import type { Database } from 'better-sqlite3';
import { canonicalOf } from '../kernel/canonical.ts';
import type { Journal } from '../kernel/journal.ts';
import { TOOK } from '../kernel/kept-rows.ts';
import type { Json, Ledger, LedgerEntry, LedgerEvent, LedgerQuery, Projection } from '../kernel/ledger-ports.ts';
import type { Clock } from '../kernel/ports.ts';
import type { Mark } from './chain.ts';
import { LEDGER, NOTHING_BEFORE, type StoredEvent, sealedOf } from './rules.ts';
import { hashOf, type Seal } from './seal.ts';
import { createLedgerStorage } from './storage.ts';

export interface LedgerDeps {
  db: Database;
  journal: Pick<Journal, 'commit'>;
  clock: Clock;
  /** Null while the key cannot be had: events are chained then, but nothing proves that they are ours. */
  seal: Seal | null;
  /** The tables that are kept beside the ledger; what stands in them is taken in once, when it begins. */
  projections?: readonly Projection[];
}

/** A new beginning, after a person has accepted what stands there. */
export interface Epoch {
  /** What stands for everything that was accepted. */
  digest: string;
  /** No sequence up to this one is used again. */
  after: number;
  body: { readonly [name: string]: Json };
}

/** The ledger with what only its own keeper needs. */
export interface OwnLedger extends Ledger {
  /** Inside a commit: begins anew, and puts down what the tables say now. */
  begin(epoch: Epoch): void;
  /** The newest event as this process has written or found it, with its MAC. */
  mark(): Mark;
  /** Told after each event. */
  onAppend(listener: (kind: string) => void): void;
}

const PAGE = 500;
const RESTATED = 'ledger.restated';
const NOBODY: Mark = { seq: 0, hash: NOTHING_BEFORE, mac: NOTHING_BEFORE };

export const toEvent = ({ seq, at, kind, subject, body }: Omit<StoredEvent, 'prev' | 'hash' | 'mac'>): LedgerEvent => ({
  seq,
  at,
  kind,
  subject,
  body: JSON.parse(body) as LedgerEvent['body'],
});

/**
 * The chain of events that trust rests on. Its first event says with which key it began and how many
 * entries it took over from before; they follow it, one event each.
 */
export function createLedger({ db, journal, clock, seal, projections = [] }: LedgerDeps): OwnLedger {
  const storage = createLedgerStorage(db);
  const headNow = (): Mark => storage.head() ?? NOBODY;
  const listeners: ((kind: string) => void)[] = [];
  const key: Json = seal && { id: seal.keyId, publicKey: seal.publicKey };
  let known = headNow();

  /** @returns null when `known` is no longer the newest. */
  function tryAppend(entry: { kind: string; subject: string; body: string }, epoch: Epoch | null): number | null {
    const prev = epoch?.digest ?? known.hash;
    const base = { ...entry, seq: Math.max(known.seq, epoch?.after ?? 0) + 1, at: clock.now(), prev };
    const hash = hashOf(sealedOf(base, epoch ? NOTHING_BEFORE : known.mac));
    const mac = seal?.mac(hash) ?? '';
    if (!storage.append({ ...base, hash, mac }, known.seq)) return null;
    known = { seq: base.seq, hash, mac };
    return base.seq;
  }

  function append({ kind, subject, body }: LedgerEntry, epoch: Epoch | null = null): number {
    if (!storage.inTransaction()) throw new Error(`The ledger takes "${kind}" only inside of a commit.`);
    // As SQLite keeps it: half of a surrogate pair would come back as something else.
    const entry = { kind: kind.toWellFormed(), subject: subject.toWellFormed(), body: canonicalOf(body) };
    let seq = tryAppend(entry, epoch);
    if (seq === null) {
      known = headNow();
      seq = tryAppend(entry, epoch);
    }
    if (seq === null) throw new Error(`The ledger could not take "${kind}": its newest event is not the newest.`);
    for (const listener of listeners) listener(kind);
    return seq;
  }

  function* read({ after = 0, upTo = Number.MAX_SAFE_INTEGER, limit, ...narrowed }: LedgerQuery = {}) {
    let left = limit ?? Number.POSITIVE_INFINITY;
    for (let from = after; left > 0; ) {
      const size = Math.min(PAGE, left);
      const page = storage.events(narrowed, { after: from, upTo, limit: size });
      for (const event of page) yield toEvent(event);
      const last = page.at(-1);
      if (last === undefined || page.length < size) return;
      from = last.seq;
      left -= page.length;
    }
  }

  const entries = (): LedgerEntry[] => projections.flatMap((projection) => projection.entries());

  if (known.seq === 0) {
    journal.commit(() => {
      const taken = entries();
      append({ kind: 'ledger.began', subject: LEDGER, body: { key, taken: taken.length } });
      for (const entry of taken) append(entry);
    });
  }

  takeIn();

  /** Tables that the version before did not compare with the ledger: what stands in them is put down once. */
  function takeIn(): void {
    const taken = new Set<unknown>();
    for (const { kind, body } of read({ own: true })) {
      if (kind === 'ledger.acknowledged') taken.clear();
      const said = kind === RESTATED ? (body as Partial<LedgerEvent>) : { kind, body };
      if (said.kind === TOOK) taken.add(said.body?.what);
    }
    const untaken = projections.filter(({ took }) => took !== null && !taken.has(took));
    if (untaken.length === 0) return;
    journal.commit(() => untaken.flatMap((projection) => projection.entries()).forEach((entry) => append(entry)));
  }

  return {
    append: (entry) => append(entry),
    read,
    head: headNow,
    mark() {
      // What was rolled back is forgotten.
      if (!storage.inTransaction() && storage.head()?.seq !== known.seq) known = headNow();
      return known;
    },
    begin(epoch) {
      const taken = entries();
      const body = { ...epoch.body, key, taken: taken.length };
      append({ kind: 'ledger.acknowledged', subject: LEDGER, body }, epoch);
      // Of a kind of their own: what they say has been said before.
      for (const { kind, subject, body } of taken) {
        append({ kind: RESTATED, subject, body: { kind, subject, body } });
      }
    },
    onAppend: (listener) => void listeners.push(listener),
  };
}
