import Sqlite, { type Database } from 'better-sqlite3';
import { migrate } from '../db/migrate.ts';
import type { LedgerQuery } from '../kernel/ledger-ports.ts';
import type { Mark } from './chain.ts';
import type { Row, StoredEvent } from './rules.ts';

interface Bounds {
  after: number;
  upTo: number;
  limit: number;
}

/** The newest checkpoint that was written outside, as the database remembers it. */
export interface Remembered {
  seq: number;
  at: number;
  folder: string;
}

const COLUMNS = 'seq, at, kind, subject, body, prev, hash, mac';
/** How far around its place a moved event is looked for. */
const NEAR = 20_000;
/** What the ledger rests on, and what trust is read from. */
const GUARDED = `('ledger_events', 'trust_ledger', 'trust_overrides', 'level_intervals', 'promotions', 'trust_scores', 'trust_summary', 'trust_runs', 'severe_events', 'stay_time', 'trust_ends', 'shadow_decisions', 'alerts', 'shadow_marks', 'alert_verdicts')`;

interface Part {
  type: string;
  name: string;
  sql: string | null;
}

const partsOf = (db: Database): Part[] =>
  db
    .prepare<[], Part>(
      `SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ${GUARDED} ORDER BY type = 'trigger', type, name`,
    )
    .all();

/** How it is laid out and quoted does not matter: SQLite itself may write that otherwise. */
const meaningOf = ({ type, name, sql }: Part): string => `${type} ${name} ${sql?.replaceAll(/["\s]/g, '')}`;

let shipped: Part[] | null = null;

/** What this build's migrations make of it: always the same, so looked at once. */
function partsShipped(): Part[] {
  if (shipped !== null) return shipped;
  const fresh = new Sqlite(':memory:');
  try {
    migrate(fresh);
    return (shipped = partsOf(fresh));
  } finally {
    fresh.close();
  }
}

/** What is not as it was shipped: parts that are too many or otherwise, and those that are missing. */
function strayed(db: Database): { extra: Part[]; missing: Part[] } {
  const [has, wanted] = [partsOf(db), partsShipped()];
  const [are, should] = [new Set(has.map(meaningOf)), new Set(wanted.map(meaningOf))];
  return {
    extra: has.filter((part) => !should.has(meaningOf(part))),
    missing: wanted.filter((part) => !are.has(meaningOf(part))),
  };
}

export function createLedgerStorage(db: Database) {
  const head = db.prepare<[], Mark>('SELECT seq, hash, mac FROM ledger_events ORDER BY seq DESC LIMIT 1');
  const newest = db.prepare<[], number | null>('SELECT max(seq) FROM ledger_events').pluck();
  const append = db.prepare<[number, number, string, string, string, string, string, string]>(
    `INSERT INTO ledger_events (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const rows = db
    .prepare<Bounds>(
      `SELECT ${COLUMNS} FROM ledger_events WHERE seq > @after AND seq <= @upTo ORDER BY seq LIMIT @limit`,
    )
    .raw();
  const events = (narrowed: string) =>
    db.prepare<Bounds & { kinds: string | null }, StoredEvent>(
      `SELECT ${COLUMNS} FROM ledger_events
       WHERE ${narrowed} seq > @after AND seq <= @upTo
         AND (@kinds IS NULL OR kind IN (SELECT value FROM json_each(@kinds)))
       ORDER BY seq LIMIT @limit`,
    );
  const ofAll = events('');
  // Spelled out, as the index of the ledger's own events is: with a parameter it would not be used.
  const ofOwn = events("subject = 'ledger' AND");
  const elsewhere = db.prepare<{ hash: string; near: number }, { seq: number }>(
    `SELECT seq FROM ledger_events
     WHERE seq BETWEEN @near - ${NEAR} AND @near + ${NEAR} AND seq <> @near AND hash = @hash LIMIT 1`,
  );
  // Made when it is asked for: without the index, which somebody may have dropped, it cannot be.
  const throughIndex = () =>
    db.prepare<[], { n: number; sum: number }>(
      `SELECT count(*) AS n, coalesce(sum(seq), 0) AS sum FROM ledger_events INDEXED BY ledger_events_own
       WHERE subject = 'ledger'`,
    );
  let index: ReturnType<typeof throughIndex> | null = null;
  const remembered = db.prepare<[], Remembered>('SELECT seq, at, folder FROM ledger_checkpoint');
  const remember = db.prepare<Remembered>(
    `INSERT INTO ledger_checkpoint (one, seq, at, folder) VALUES (1, @seq, @at, @folder)
     ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, at = excluded.at, folder = excluded.folder`,
  );
  const forget = db.prepare('DELETE FROM ledger_checkpoint');

  return {
    head: (): Mark | null => head.get() ?? null,
    /**
     * Only behind the event that it was made for: what was rolled back meanwhile makes it a new one.
     * @returns false when the newest event is not the one with the sequence `after`; then nothing is written.
     */
    append(e: StoredEvent, after: number): boolean {
      if ((newest.get() ?? 0) !== after) return false;
      append.run(e.seq, e.at, e.kind, e.subject, e.body, e.prev, e.hash, e.mac);
      return true;
    },
    /** Every column as it stands, oldest first. */
    rows: (bounds: Bounds): Row[] => rows.all(bounds) as Row[],
    events({ own = false, kinds }: Pick<LedgerQuery, 'own' | 'kinds'>, bounds: Bounds): StoredEvent[] {
      const given = { ...bounds, kinds: kinds ? JSON.stringify(kinds) : null };
      return (own ? ofOwn : ofAll).all(given);
    },
    inTransaction: (): boolean => db.inTransaction,
    /** Where an event with that hash stands, not far from that sequence and not there itself. */
    elsewhere: (hash: string, near: number): number | null => elsewhere.get({ hash, near })?.seq ?? null,
    /** How many events of the ledger's own its index finds, and the sum of their sequences. */
    ownInIndex: () => (index ??= throughIndex()).get() ?? { n: 0, sum: 0 },
    /** Tables, triggers and views are those that Tenure made. */
    isProtected(): boolean {
      const { extra, missing } = strayed(db);
      return extra.length === 0 && missing.length === 0;
    },
    /** Inside a commit, until `protect`: the tables beside the ledger can be written anew. The events cannot. */
    loosen(): void {
      db.pragma('defer_foreign_keys = ON');
      for (const { type, name, sql } of partsOf(db)) {
        if (type === 'trigger' && !sql?.includes('ledger_events'))
          db.exec(`DROP TRIGGER "${name.replaceAll('"', '""')}"`);
      }
    },
    /** Inside a commit: triggers, views and indexes are again those that Tenure made. Tables stay what they are. */
    protect(): void {
      const { extra, missing } = strayed(db);
      const loose = ({ type, sql }: Part): boolean => type !== 'table' && sql !== null;
      for (const { type, name } of extra.filter(loose).toReversed()) {
        db.exec(`DROP ${type} IF EXISTS "${name.replaceAll('"', '""')}"`);
      }
      for (const { sql } of missing.filter(loose)) if (sql !== null) db.exec(sql);
    },
    remembered: (): Remembered | null => remembered.get() ?? null,
    forget: (): void => void forget.run(),
    remember: (checkpoint: Remembered): void => void remember.run(checkpoint),
  };
}
