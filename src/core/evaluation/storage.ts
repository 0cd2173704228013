import type { Database } from 'better-sqlite3';
import type { Evidence, SessionOutcome } from '../../shared/contract/sessions.ts';

/** An evaluation as stored: written once, never changed. */
export interface StoredEvaluation {
  id: string;
  /** 1–5, or null: unscored. */
  score: number | null;
  reason: string;
  /** Epoch ms. */
  at: number;
  /** The outcome as measured: `completed` may have turned out to be `nothing_to_do`. */
  outcome: SessionOutcome;
  evidence: Evidence;
}

interface Row {
  id: string;
  score: number | null;
  reason: string;
  at: number;
  outcome: SessionOutcome;
  evidence: string;
}

export function createEvaluationStorage(db: Database) {
  const bySession = db.prepare<[string], Row>(
    'SELECT id, score, reason, at, outcome, evidence FROM evaluations WHERE session_id = ?',
  );
  const insert = db.prepare(
    `INSERT INTO evaluations (id, session_id, score, reason, outcome, evidence, at)
     VALUES (@id, @sessionId, @score, @reason, @outcome, @evidence, @at)`,
  );
  return {
    of(sessionId: string): StoredEvaluation | null {
      const row = bySession.get(sessionId);
      return row ? { ...row, evidence: JSON.parse(row.evidence) as Evidence } : null;
    },
    insert(sessionId: string, evaluation: StoredEvaluation): void {
      insert.run({ ...evaluation, sessionId, evidence: JSON.stringify(evaluation.evidence) });
    },
  };
}
