import type { Database } from 'better-sqlite3';
import type { Check } from '../../../shared/contract/check.ts';
import type { IncidentEntry } from '../../../shared/contract/incidents.ts';
import { isLike, joined, type Row, rowOf } from './rules.ts';

/** Entries of each kind that one incident keeps: a service that flaps for weeks must not fill the disk. */
const MOST_ENTRIES = 500;
/** Single checks that one incident keeps; and for how long after it is over, ms. */
const MOST_CHECKS = 1_000;
const KEPT_MS = 90 * 86_400_000;

interface EntryRow {
  seq: number;
  at: number;
  kind: IncidentEntry['kind'];
  text: string;
  until: number | null;
  good: number;
  failed: number;
  unknown: number;
}

interface CheckRow {
  at: number;
  ok: number | null;
  ms: number | null;
  detail: string;
}

/** An entry from before checks were counted holds none, and is like no other. */
const toRow = ({ at, until, text, good, failed, unknown }: EntryRow): Row => ({
  at,
  until: until ?? at,
  text,
  good,
  failed,
  unknown,
});

/** What happened in an incident, in its order: checks, restarts, messages and what they came to. */
export function createTimeline(db: Database) {
  const add = db.prepare<[string, number, string, string]>(
    'INSERT INTO incident_entries (incident_id, at, kind, text) VALUES (?, ?, ?, ?)',
  );
  const addRow = db.prepare<Row & { id: string }>(
    `INSERT INTO incident_entries (incident_id, at, kind, text, until, good, failed, unknown)
     VALUES (@id, @at, 'check', @text, @until, @good, @failed, @unknown)`,
  );
  const setRow = db.prepare<Row & { seq: number }>(
    `UPDATE incident_entries SET at = @at, until = @until, text = @text, good = @good, failed = @failed,
       unknown = @unknown WHERE seq = @seq`,
  );
  const newest = db.prepare<[string], EntryRow>(
    'SELECT * FROM incident_entries WHERE incident_id = ? ORDER BY seq DESC LIMIT 1',
  );
  const surplus = db.prepare<[string, string, number], { seq: number }>(
    'SELECT seq FROM incident_entries WHERE incident_id = ? AND kind = ? ORDER BY seq DESC LIMIT 1 OFFSET ?',
  );
  const oldest = db.prepare<[string], EntryRow>(
    "SELECT * FROM incident_entries WHERE incident_id = ? AND kind = 'check' AND until IS NOT NULL ORDER BY seq LIMIT 2",
  );
  const drop = db.prepare<[number]>('DELETE FROM incident_entries WHERE seq = ?');
  const entries = db.prepare<[string], EntryRow>('SELECT * FROM incident_entries WHERE incident_id = ? ORDER BY seq');
  const addCheck = db.prepare<[string, number, number | null, number | null, string]>(
    'INSERT INTO incident_checks (incident_id, at, ok, ms, detail) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const trimChecks = db.prepare<{ id: string; most: number }>(
    `DELETE FROM incident_checks WHERE incident_id = @id AND at <=
       (SELECT at FROM incident_checks WHERE incident_id = @id ORDER BY at DESC LIMIT 1 OFFSET @most)`,
  );
  const checks = db.prepare<[string, number, number], CheckRow>(
    'SELECT at, ok, ms, detail FROM incident_checks WHERE incident_id = ? AND at BETWEEN ? AND ? ORDER BY at',
  );
  const forget = db.prepare<[number]>(
    'DELETE FROM incident_checks WHERE incident_id IN (SELECT id FROM incidents WHERE closed_at < ?)',
  );

  function trim(id: string, kind: IncidentEntry['kind']): void {
    const over = surplus.get(id, kind, MOST_ENTRIES);
    if (!over) return;
    const [older, newer] = kind === 'check' ? oldest.all(id) : [];
    if (!older || !newer) return void drop.run(over.seq);
    // Of checks none is lost: the oldest two entries become one.
    setRow.run({ ...joined(toRow(older), toRow(newer)), seq: older.seq });
    drop.run(newer.seq);
  }

  return {
    /** Inside a commit. */
    note(id: string, at: number, kind: Exclude<IncidentEntry['kind'], 'check'>, text: string): void {
      add.run(id, at, kind, text);
      trim(id, kind);
    },
    /** Inside a commit: one more check of an incident. */
    noteCheck(id: string, check: Check): void {
      const { at, ok, ms, detail } = check;
      const isNew = addCheck.run(id, at, ok === null ? null : Number(ok), ms, detail).changes === 1;
      // It was taken in already: two looks within one millisecond, or one from before it was opened.
      if (!isNew) return;
      trimChecks.run({ id, most: MOST_CHECKS });
      const last = newest.get(id);
      if (last?.kind === 'check' && isLike(toRow(last), check)) {
        return void setRow.run({ ...joined(toRow(last), rowOf(check)), seq: last.seq });
      }
      addRow.run({ ...rowOf(check), id });
      trim(id, 'check');
    },
    timeline: (id: string): IncidentEntry[] =>
      entries.all(id).map(({ at, kind, text, until, good, failed, unknown }) => ({
        at,
        kind,
        text,
        checks: until === null ? null : { until, good, failed, unknown },
      })),
    checksBetween: (id: string, from: number, to: number): Check[] =>
      checks.all(id, from, to).map(({ ok, ...check }) => ({ ...check, ok: ok === null ? null : ok === 1 })),
    /** Inside a commit: single checks of what was over long ago. */
    forgetChecks: (now: number): void => void forget.run(now - KEPT_MS),
  };
}
