import type { Database } from 'better-sqlite3';
import type { Journal } from '../kernel/journal.ts';
import type { Json, Ledger, LedgerEntry, LedgerEvent } from '../kernel/ledger-ports.ts';
import type { Clock } from '../kernel/ports.ts';
import { canonicalOf, NOTHING_BEFORE, type StoredEvent, sealedOf } from './rules.ts';
import { hashOf, type Seal } from './seal.ts';
import { createLedgerStorage } from './storage.ts';

export interface LedgerDeps {
  db: Database;
  journal: Pick<Journal, 'commit'>;
  clock: Clock;
  /** Null while the key cannot be had: events are chained then, but nothing proves that they are ours. */
  seal: Seal | null;
  /** What stood before there was a ledger, oldest first: taken in once, at the first start. */
  before?: () => Iterable<LedgerEntry>;
}

const PAGE = 500;

const toEvent = ({ seq, at, kind, subject, body }: StoredEvent): LedgerEvent => ({
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
export function createLedger({ db, journal, clock, seal, before = () => [] }: LedgerDeps): Ledger {
  const storage = createLedgerStorage(db);
  const headNow = () => storage.head() ?? { seq: 0, hash: NOTHING_BEFORE };
  let known = headNow();

  /** @returns null when `known` is no longer the newest. */
  function tryAppend(entry: { kind: string; subject: string; body: string }): number | null {
    const base = { ...entry, seq: known.seq + 1, at: clock.now(), prev: known.hash };
    const hash = hashOf(sealedOf(base));
    if (!storage.append({ ...base, hash, mac: seal?.mac(hash) ?? '' }, known.seq)) return null;
    known = { seq: base.seq, hash };
    return base.seq;
  }

  function append({ kind, subject, body }: LedgerEntry): number {
    if (!storage.inTransaction()) throw new Error(`The ledger takes "${kind}" only inside of a commit.`);
    // As SQLite keeps it: half of a surrogate pair would come back as something else.
    const entry = { kind: kind.toWellFormed(), subject: subject.toWellFormed(), body: canonicalOf(body) };
    let seq = tryAppend(entry);
    if (seq === null) {
      known = headNow();
      seq = tryAppend(entry);
    }
    if (seq === null) throw new Error(`The ledger could not take "${kind}": its newest event is not the newest.`);
    return seq;
  }

  function* read({ after = 0, upTo = Number.MAX_SAFE_INTEGER, limit, ...narrowed }: LedgerQueryOf = {}) {
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

  if (known.seq === 0) {
    journal.commit(() => {
      const entries = [...before()];
      const key: Json = seal && { id: seal.keyId, publicKey: seal.publicKey };
      append({ kind: 'ledger.began', subject: 'ledger', body: { key, taken: entries.length } });
      for (const entry of entries) append(entry);
    });
  }

  return { append, read, head: () => headNow() };
}

type LedgerQueryOf = NonNullable<Parameters<Ledger['read']>[0]>;
