import type { Database } from 'better-sqlite3';
import type { FollowOn, NextStep } from '../../../shared/contract/follow-on.ts';
import { DEFAULTS } from './rules.ts';

export function createFollowOnStorage(db: Database) {
  const get = db.prepare<[string], { notes: string | null; brief: 0 | 1; start: 0 | 1; most: number }>(
    'SELECT notes, brief, start, most FROM follow_on WHERE project_id = ?',
  );
  const set = db.prepare<[string, string | null, number, number, number]>(
    'INSERT OR REPLACE INTO follow_on (project_id, notes, brief, start, most) VALUES (?, ?, ?, ?, ?)',
  );
  const decide = db.prepare<[string, string | null, string, number, number]>(
    'INSERT OR IGNORE INTO session_next (session_id, started, reason, asks, at) VALUES (?, ?, ?, ?, ?)',
  );
  const next = db.prepare<[string], { sessionId: string | null; reason: string; asks: 0 | 1; at: number }>(
    'SELECT started AS sessionId, reason, asks, at FROM session_next WHERE session_id = ?',
  );
  const undecided = db.prepare<[number], { id: string }>(
    `SELECT s.id FROM sessions s JOIN follow_on f ON f.project_id = s.project_id AND f.start = 1
     WHERE s.state = 'ended' AND s.ended_at > ? AND NOT EXISTS (SELECT 1 FROM session_next n WHERE n.session_id = s.id)
     AND NOT EXISTS (SELECT 1 FROM session_lineage l WHERE l.from_session = s.id) ORDER BY s.ended_at`,
  );
  const asking = db.prepare<[], { id: string; project: string; reason: string }>(
    `SELECT s.id, p.name AS project, n.reason FROM session_next n JOIN sessions s ON s.id = n.session_id
     JOIN projects p ON p.id = s.project_id WHERE n.asks = 1 AND p.removed_at IS NULL AND s.rowid = (
       SELECT max(x.rowid) FROM sessions x WHERE x.project_id = s.project_id) ORDER BY n.at DESC`,
  );

  return {
    get(projectId: string): FollowOn {
      const row = get.get(projectId);
      return row
        ? { projectId, notes: row.notes, brief: row.brief === 1, start: row.start === 1, most: row.most }
        : { projectId, ...DEFAULTS };
    },
    set: ({ projectId, notes, brief, start, most }: FollowOn): void =>
      void set.run(projectId, notes, Number(brief), Number(start), most),
    /** False: it was decided before. */
    decide: (id: string, step: NextStep): boolean =>
      decide.run(id, step.sessionId, step.reason, Number(step.asks), step.at).changes === 1,
    next(id: string): NextStep | null {
      const row = next.get(id);
      return row ? { ...row, asks: row.asks === 1 } : null;
    },
    /** Sessions that ended after that moment, of which nobody has decided what comes next; the oldest first. */
    undecided: (after: number): string[] => undecided.all(after).map(({ id }) => id),
    /** Newest sessions of their projects that a person was asked to look at, the newest first. */
    asking: () => asking.all(),
  };
}
