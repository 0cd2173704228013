import type { Database } from 'better-sqlite3';
import type { SessionState } from '../../shared/contract/sessions.ts';

/** What of a session and its project says where its work is. */
export interface WorkRow {
  id: string;
  state: SessionState;
  projectId: string;
  project: string;
  /** The project's folder, also after the project was removed. */
  projectPath: string;
  branch: string | null;
  /** Its own work tree; null: it worked in the project's folder. */
  worktree: string | null;
  /** Null: it never got a place to work. */
  baseCommit: string | null;
  /** The newest commit when it was measured; null while it was not. */
  measuredHead: string | null;
  commits: number | null;
  /** Uncommitted files when it was measured. */
  uncommitted: number | null;
}

const SELECT = `SELECT s.id, s.state, s.project_id AS projectId, p.name AS project, p.path AS projectPath, s.branch,
    s.worktree, s.base_commit AS baseCommit, s.commits,
    (SELECT json_extract(e.evidence, '$.uncommittedFiles') FROM evaluations e WHERE e.session_id = s.id
      ORDER BY e.number DESC LIMIT 1) AS uncommitted,
    (SELECT json_extract(e.evidence, '$.headCommit') FROM evaluations e WHERE e.session_id = s.id
      ORDER BY e.number DESC LIMIT 1) AS measuredHead
  FROM sessions s JOIN projects p ON p.id = s.project_id`;

/** What is written down of the work of a session. */
export interface WorkNote {
  /** Null: nobody has settled it. */
  state: 'merged' | 'kept' | 'discarded' | null;
  at: number | null;
  by: string | null;
  /** The branch that it is meant for. */
  target: string | null;
  note: string | null;
  /** Its newest commit when it was settled. */
  tip: string | null;
  /** What the target was moved to by the merge. */
  mergedAs: string | null;
}

/** A merge that has begun; when it is found later, it was cut off. */
export interface MergeRow {
  sessionId: string;
  /** A folder of the repository. */
  repository: string;
  /** The tree in which the target is checked out. */
  tree: string;
  target: string;
  fromCommit: string;
  toCommit: string;
  tip: string;
  by: string;
  nonce: string;
  at: number;
}

export function createWorktreeStorage(db: Database) {
  const byId = db.prepare<[string], WorkRow>(`${SELECT} WHERE s.id = ?`);
  const work = db.prepare<[string], WorkNote>(
    'SELECT state, at, by, target, note, tip, merged_as AS mergedAs FROM session_work WHERE session_id = ?',
  );
  const place = db.prepare(
    `INSERT INTO session_work (session_id, target, note) VALUES (?, ?, ?)
     ON CONFLICT (session_id) DO UPDATE SET target = excluded.target, note = excluded.note`,
  );
  const settle = db.prepare(
    `INSERT INTO session_work (session_id, state, at, by, target, note, tip, merged_as)
     VALUES (@sessionId, @state, @at, @by, @target, @note, @tip, @mergedAs)
     ON CONFLICT (session_id) DO UPDATE SET state = excluded.state, at = excluded.at, by = excluded.by,
       target = coalesce(excluded.target, target), note = coalesce(excluded.note, note),
       tip = coalesce(excluded.tip, tip), merged_as = coalesce(excluded.merged_as, merged_as)`,
  );
  const beginMerge = db.prepare(
    `INSERT OR REPLACE INTO merges (session_id, repository, tree, target, from_commit, to_commit, tip, by, nonce, at)
     VALUES (@sessionId, @repository, @tree, @target, @fromCommit, @toCommit, @tip, @by, @nonce, @at)`,
  );
  const endMerge = db.prepare<[string]>('DELETE FROM merges WHERE session_id = ?');
  const merges = db.prepare<[], MergeRow>(
    `SELECT session_id AS sessionId, repository, tree, target, from_commit AS fromCommit, to_commit AS toCommit, tip,
       by, nonce, at FROM merges`,
  );
  // The newest are looked at; what nobody settled for so long is told when it is looked at.
  const unsettled = db.prepare<[number], WorkRow>(
    `${SELECT} LEFT JOIN session_work w ON w.session_id = s.id
     WHERE s.state = 'ended' AND s.worktree IS NOT NULL AND s.commits > 0 AND w.state IS NULL
     ORDER BY s.created_at DESC LIMIT ?`,
  );
  const placed = db.prepare<[], WorkRow>(`${SELECT} WHERE s.worktree IS NOT NULL ORDER BY s.created_at DESC`);
  const ofTree = db.prepare<[string], WorkRow>(`${SELECT} WHERE s.worktree = ? ORDER BY s.created_at DESC`);
  const targetOfTree = db.prepare<[string], { target: string }>(
    `SELECT w.target FROM session_work w JOIN sessions s ON s.id = w.session_id
     WHERE s.worktree = ? AND w.target IS NOT NULL ORDER BY s.created_at LIMIT 1`,
  );
  const open = db.prepare<[], WorkRow>(`${SELECT} WHERE s.state <> 'ended'`);
  return {
    open: (): WorkRow[] => open.all(),
    /** What the first session in a tree was meant for. */
    targetOfTree: (tree: string | null): string | null =>
      tree === null ? null : (targetOfTree.get(tree)?.target ?? null),
    work: (sessionId: string): WorkNote | null => work.get(sessionId) ?? null,
    place: (sessionId: string, at: { target: string | null; note: string | null }): void =>
      void place.run(sessionId, at.target, at.note),
    settle: (settled: WorkNote & { sessionId: string }): void => void settle.run(settled),
    beginMerge: (merge: MergeRow): void => void beginMerge.run(merge),
    endMerge: (sessionId: string): void => void endMerge.run(sessionId),
    merges: (): MergeRow[] => merges.all(),
    /** Ended sessions with commits of which nobody has said what becomes of them, the newest first. */
    unsettled: (limit: number): WorkRow[] => unsettled.all(limit),
    /** Sessions that were given a work tree, the newest first. */
    placed: (): WorkRow[] => placed.all(),
    /** Every session that was given that work tree, the newest first. */
    ofTree: (tree: string): WorkRow[] => ofTree.all(tree),
    get: (sessionId: string): WorkRow | null => byId.get(sessionId) ?? null,
  };
}
