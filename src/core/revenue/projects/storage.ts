import type { Database } from 'better-sqlite3';

/** What a project's sessions of a period cost and brought; null: not known. */
export interface ProjectFigures {
  sessions: number;
  /** Micro-dollars of those whose cost is known; null when it is of none, 0 when there was no session. */
  costMicroUsd: number | null;
  costUnknown: number;
  commits: number | null;
  meanScore: number | null;
}

/** Reads the record of sessions; writes nothing. */
export function createProjectFigures(db: Database) {
  const figures = db.prepare<[string, number, number], ProjectFigures>(
    `SELECT count(*) AS sessions,
       CASE WHEN count(*) = 0 THEN 0 ELSE sum(CAST(round(s.cost_usd * 1000000) AS INTEGER)) END AS costMicroUsd,
       count(*) - count(s.cost_usd) AS costUnknown,
       CASE WHEN count(*) = 0 THEN 0 ELSE sum(s.commits) END AS commits,
       avg(e.score) AS meanScore
     FROM sessions s LEFT JOIN evaluations e ON e.session_id = s.id
     WHERE s.project_id = ? AND s.started_at IS NOT NULL AND s.created_at >= ? AND s.created_at < ?`,
  );
  return (projectId: string, from: number, to: number): ProjectFigures =>
    figures.get(projectId, from, to) ?? {
      sessions: 0,
      costMicroUsd: null,
      costUnknown: 0,
      commits: null,
      meanScore: null,
    };
}
