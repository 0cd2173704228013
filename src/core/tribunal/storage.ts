import type { Database } from 'better-sqlite3';
import type { Finding, TribunalCase, Vote } from '../../shared/contract/tribunal.ts';

interface Row {
  decision_id: string;
  need: TribunalCase['need'];
  seats: number;
  started_at: number;
  ended_at: number | null;
  finding: Finding | null;
}

export function createTribunalStorage(db: Database) {
  const insert = db.prepare<[string, string, number, number]>(
    'INSERT INTO tribunals (decision_id, need, seats, started_at) VALUES (?, ?, ?, ?)',
  );
  const byDecision = db.prepare<[string], Row>('SELECT * FROM tribunals WHERE decision_id = ?');
  const sitting = db.prepare<[], { decision_id: string }>('SELECT decision_id FROM tribunals WHERE finding IS NULL');
  const end = db.prepare<[string, number, string]>(
    'UPDATE tribunals SET finding = ?, ended_at = ? WHERE decision_id = ? AND finding IS NULL',
  );
  const vote = db.prepare(
    `INSERT OR IGNORE INTO tribunal_votes (decision_id, validator, kind, vote, confidence, reasoning, at)
     VALUES (@decisionId, @validator, @kind, @vote, @confidence, @reasoning, @at)`,
  );
  const votes = db.prepare<[string], Vote>(
    'SELECT validator, kind, vote, confidence, reasoning FROM tribunal_votes WHERE decision_id = ? ORDER BY rowid',
  );
  return {
    open: (decisionId: string, need: TribunalCase['need'], seats: number, now: number): void =>
      void insert.run(decisionId, need, seats, now),
    vote: (decisionId: string, given: Vote, at: number): void => void vote.run({ decisionId, at, ...given }),
    votes: (decisionId: string): Vote[] => votes.all(decisionId),
    /** False: it had ended before. */
    end: (decisionId: string, finding: Finding, now: number): boolean =>
      end.run(finding, now, decisionId).changes === 1,
    sitting: (): string[] => sitting.all().map((row) => row.decision_id),
    get(decisionId: string): TribunalCase | null {
      const row = byDecision.get(decisionId);
      if (!row) return null;
      const { need, seats, started_at: startedAt, ended_at: endedAt, finding } = row;
      return { decisionId, need, seats, startedAt, endedAt, finding, votes: votes.all(decisionId) };
    },
  };
}
