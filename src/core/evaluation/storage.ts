import type { Database } from 'better-sqlite3';
import type { EvaluationRecord } from '../../shared/contract/evaluations.ts';
import type { EvaluationView, Evidence, Rating, VerifyResult } from '../../shared/contract/evidence.ts';
import type { Level } from '../../shared/policy.ts';
import { NOT_LOOKED_AT } from './rules.ts';

/** An evaluation as stored: written once, never changed. */
export type StoredEvaluation = EvaluationRecord;

/** What of a session an evaluation needs to be shown. */
export interface EvaluatedSession {
  id: string;
  projectId: string;
  project: string;
  level: Level;
}

const JSON_COLUMNS = ['accomplishments', 'failures', 'openQuestions', 'dimensions', 'judge', 'evidence'] as const;

type Row = Omit<EvaluationRecord, (typeof JSON_COLUMNS)[number]> & {
  [column in (typeof JSON_COLUMNS)[number]]: string | null;
} & { sessionId: string };

const COLUMNS = `id, session_id AS sessionId, number, score, evidence_score AS evidenceScore, recommendation, reason,
  outcome, accomplishments, failures, open_questions AS openQuestions, dimensions, judge, evidence,
  requested_by AS requestedBy, at`;

function fromRow({ sessionId: _sessionId, ...row }: Row): StoredEvaluation {
  const parsed = Object.fromEntries(
    JSON_COLUMNS.map((column) => [column, row[column] === null ? null : (JSON.parse(row[column]) as unknown)]),
  );
  const evidence = { ...NOT_LOOKED_AT, ...(parsed.evidence as Evidence) };
  return { ...row, ...parsed, evidence } as unknown as StoredEvaluation;
}

/** The view that sessions carry: without the evidence, with the person's rating. */
function viewOf(record: StoredEvaluation, rating: Rating | null): EvaluationView {
  const { evidence: _e, evidenceScore: _s, number: _n, requestedBy: _r, outcome: _o, ...view } = record;
  return { ...view, rating };
}

export function createEvaluationStorage(db: Database) {
  // With every view of a session: a `+?` is not looked at, so that SQLite does not plan the statement at each run.
  const newest = db.prepare<[string], Row>(
    `SELECT ${COLUMNS} FROM evaluations WHERE session_id = +? ORDER BY number DESC LIMIT 1`,
  );
  const first = db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM evaluations WHERE session_id = ? AND number = 1`);
  const bySession = db.prepare<[string], Row>(
    `SELECT ${COLUMNS} FROM evaluations WHERE session_id = ? ORDER BY number DESC`,
  );
  const insert = db.prepare(
    `INSERT INTO evaluations (id, session_id, number, score, evidence_score, recommendation, reason, outcome,
       accomplishments, failures, open_questions, dimensions, judge, evidence, requested_by, at)
     VALUES (@id, @sessionId, @number, @score, @evidenceScore, @recommendation, @reason, @outcome,
       @accomplishments, @failures, @openQuestions, @dimensions, @judge, @evidence, @requestedBy, @at)`,
  );
  const ratings = db.prepare<[string], Rating>(
    'SELECT rating, note, rated_by AS "by", at FROM ratings WHERE session_id = ? ORDER BY seq DESC',
  );
  const newestRating = db.prepare<[string], Rating>(
    'SELECT rating, note, rated_by AS "by", at FROM ratings WHERE session_id = +? ORDER BY seq DESC LIMIT 1',
  );
  const rate = db.prepare<[string, number | null, string | null, string, number]>(
    'INSERT INTO ratings (session_id, rating, note, rated_by, at) VALUES (?, ?, ?, ?, ?)',
  );
  const session = db.prepare<[string], EvaluatedSession>(
    `SELECT s.id, s.project_id AS projectId, p.name AS project, s.level
     FROM sessions s JOIN projects p ON p.id = s.project_id WHERE s.id = ?`,
  );
  const recent = db.prepare<{ projectId: string | null; limit: number }, EvaluatedSession>(
    `SELECT s.id, s.project_id AS projectId, p.name AS project, s.level
     FROM evaluations e JOIN sessions s ON s.id = e.session_id JOIN projects p ON p.id = s.project_id
     WHERE e.number = 1 AND (@projectId IS NULL OR s.project_id = @projectId)
     ORDER BY e.at DESC, e.rowid DESC LIMIT @limit`,
  );
  // The first evaluation and the rating that holds: what a person says is compared with nothing asked for later.
  const rated = db.prepare<[], { rating: number; score: number | null; judge: number | null }>(
    `SELECT r.rating, e.score, CAST(e.judge ->> 'score' AS INTEGER) AS judge
     FROM ratings r JOIN evaluations e ON e.session_id = r.session_id AND e.number = 1
     WHERE r.rating IS NOT NULL AND r.seq = (SELECT max(seq) FROM ratings l WHERE l.session_id = r.session_id)
     ORDER BY r.seq DESC`,
  );
  const baseCheck = db.prepare<[string, string, number], { result: string }>(
    'SELECT result FROM base_checks WHERE base_commit = ? AND command = ? AND at >= ?',
  );
  const keepBaseCheck = db.prepare<[string, string, string, number]>(
    `INSERT INTO base_checks (base_commit, command, result, at) VALUES (?, ?, ?, ?)
     ON CONFLICT (base_commit, command) DO UPDATE SET result = excluded.result, at = excluded.at`,
  );

  /** The rating that holds; one that was taken back is none. */
  const ratingOf = (sessionId: string): Rating | null => {
    const last = newestRating.get(sessionId);
    return last && last.rating !== null ? last : null;
  };

  return {
    /** The newest evaluation of a session; null while there is none. */
    newest(sessionId: string): StoredEvaluation | null {
      const row = newest.get(sessionId);
      return row ? fromRow(row) : null;
    },
    /** The automatic one of a session; null while there is none. */
    first(sessionId: string): StoredEvaluation | null {
      const row = first.get(sessionId);
      return row ? fromRow(row) : null;
    },
    /** All of a session, newest first. */
    all: (sessionId: string): StoredEvaluation[] => bySession.all(sessionId).map(fromRow),
    view(sessionId: string): { view: EvaluationView; evidence: Evidence } | null {
      const row = newest.get(sessionId);
      if (!row) return null;
      const record = fromRow(row);
      return { view: viewOf(record, ratingOf(sessionId)), evidence: record.evidence };
    },
    insert(sessionId: string, record: StoredEvaluation): void {
      const texts = JSON_COLUMNS.map((column) => [
        column,
        record[column] === null ? null : JSON.stringify(record[column]),
      ]);
      insert.run({ ...record, ...Object.fromEntries(texts), sessionId });
    },
    session: (id: string): EvaluatedSession | null => session.get(id) ?? null,
    /** Sessions that were evaluated, the newest evaluation first. */
    recent: (filter: { projectId: string | null; limit: number }): EvaluatedSession[] => recent.all(filter),
    ratings: (sessionId: string): Rating[] => ratings.all(sessionId),
    rate: (sessionId: string, { rating, note, by, at }: Rating): void => {
      rate.run(sessionId, rating, note, by, at);
    },
    /** Rated sessions, the newest rating first, with their first score and the judge's own. */
    rated: (): { rating: number; score: number | null; judge: number | null }[] => rated.all(),
    /** What the verify command gave on that commit, unless that is older than `since` (epoch ms). */
    baseCheck(commit: string, command: string, since: number): VerifyResult | null {
      const row = baseCheck.get(commit, command, since);
      return row ? (JSON.parse(row.result) as VerifyResult) : null;
    },
    keepBaseCheck: (commit: string, result: VerifyResult, at: number): void => {
      keepBaseCheck.run(commit, result.command, JSON.stringify(result), at);
    },
  };
}
