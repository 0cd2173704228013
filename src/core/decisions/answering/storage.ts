import type { Database } from 'better-sqlite3';
import type { DecisionAct } from '../../../shared/contract/answering.ts';

/** What was done about decisions; written once. */
export function createActStorage(db: Database) {
  const insert = db.prepare<[string, number, string, string, string | null]>(
    'INSERT INTO decision_acts (decision_id, at, by, act, detail) VALUES (?, ?, ?, ?, ?)',
  );
  const of = db.prepare<[string], DecisionAct>(
    'SELECT at, by, act, detail FROM decision_acts WHERE decision_id = ? ORDER BY id',
  );
  return {
    add: (decisionId: string, { at, by, act, detail }: DecisionAct): void =>
      void insert.run(decisionId, at, by, act, detail),
    of: (decisionId: string): DecisionAct[] => of.all(decisionId),
  };
}
