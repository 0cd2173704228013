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
}

const SELECT = `SELECT s.id, s.state, s.project_id AS projectId, p.name AS project, p.path AS projectPath, s.branch,
    s.worktree, s.base_commit AS baseCommit,
    (SELECT json_extract(e.evidence, '$.headCommit') FROM evaluations e WHERE e.session_id = s.id
      ORDER BY e.at DESC LIMIT 1) AS measuredHead
  FROM sessions s JOIN projects p ON p.id = s.project_id`;

export function createWorktreeStorage(db: Database) {
  const byId = db.prepare<[string], WorkRow>(`${SELECT} WHERE s.id = ?`);
  return {
    get: (sessionId: string): WorkRow | null => byId.get(sessionId) ?? null,
  };
}
