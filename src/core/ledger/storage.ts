import type { Database } from 'better-sqlite3';
import type { LedgerQuery } from '../kernel/ledger-ports.ts';
import type { StoredEvent } from './rules.ts';

/** Columns in the order of `rows`. */
export type Row = [seq: number, at: number, kind: string, subject: string, body: string, ...seal: Seals];
type Seals = [prev: string, hash: string, mac: string];
interface Bounds {
  after: number;
  upTo: number;
  limit: number;
}

const COLUMNS = 'seq, at, kind, subject, body, prev, hash, mac';

export function createLedgerStorage(db: Database) {
  const head = db.prepare<[], { seq: number; hash: string }>(
    'SELECT seq, hash FROM ledger_events ORDER BY seq DESC LIMIT 1',
  );
  // Only behind the event that it was made for: what was rolled back meanwhile makes it a new one.
  const append = db.prepare<[number, number, string, string, string, string, string, string, number]>(
    `INSERT INTO ledger_events (${COLUMNS})
     SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE coalesce((SELECT max(seq) FROM ledger_events), 0) = ?`,
  );
  const rows = db
    .prepare<Bounds>(
      `SELECT ${COLUMNS} FROM ledger_events WHERE seq > @after AND seq <= @upTo ORDER BY seq LIMIT @limit`,
    )
    .raw();
  const events = (narrowed: string) =>
    db.prepare<Bounds & { subject: string | null; kinds: string | null }, StoredEvent>(
      `SELECT ${COLUMNS} FROM ledger_events
       WHERE ${narrowed} seq > @after AND seq <= @upTo
         AND (@kinds IS NULL OR kind IN (SELECT value FROM json_each(@kinds)))
       ORDER BY seq LIMIT @limit`,
    );
  const ofAll = events('');
  const ofSubject = events('subject = @subject AND');

  return {
    head: (): { seq: number; hash: string } | null => head.get() ?? null,
    /** @returns false when the newest event is not the one with the sequence `after`; then nothing is written. */
    append: (e: StoredEvent, after: number): boolean =>
      append.run(e.seq, e.at, e.kind, e.subject, e.body, e.prev, e.hash, e.mac, after).changes === 1,
    /** Every column as it stands, oldest first. */
    rows: (bounds: Bounds): Row[] => rows.all(bounds) as Row[],
    events({ subject, kinds }: Pick<LedgerQuery, 'subject' | 'kinds'>, bounds: Bounds): StoredEvent[] {
      const given = { ...bounds, subject: subject ?? null, kinds: kinds ? JSON.stringify(kinds) : null };
      return (subject === undefined ? ofAll : ofSubject).all(given);
    },
    inTransaction: (): boolean => db.inTransaction,
  };
}
