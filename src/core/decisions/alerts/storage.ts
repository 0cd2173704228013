import type { Database } from 'better-sqlite3';
import type { DecisionAlert } from '../../../shared/contract/analytics.ts';
import type { Finding } from './rules.ts';

const SELECT = `SELECT id, kind, severity, subject, text, n, first_at AS firstAt, last_at AS lastAt,
  cleared_at AS clearedAt, acked_at AS ackedAt, acked_by AS ackedBy FROM decision_alerts`;

/** Alerts of the pipeline: at most one of a kind about a thing is open. */
export function createAlertStorage(db: Database) {
  const open = db.prepare<[], DecisionAlert>(`${SELECT} WHERE cleared_at IS NULL ORDER BY last_at DESC, id`);
  const shown = db.prepare<[number], DecisionAlert>(
    `${SELECT} WHERE cleared_at IS NULL AND acked_at IS NULL ORDER BY last_at DESC, id LIMIT ?`,
  );
  const all = db.prepare<[number], DecisionAlert>(`${SELECT} ORDER BY last_at DESC, id LIMIT ?`);
  const byId = db.prepare<[string], DecisionAlert>(`${SELECT} WHERE id = ?`);
  const insert = db.prepare<[string, string, string, string, string, number, number, number]>(
    `INSERT INTO decision_alerts (id, kind, severity, subject, text, n, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const renew = db.prepare<[string, string, number, number, string]>(
    'UPDATE decision_alerts SET severity = ?, text = ?, n = ?, last_at = ? WHERE id = ? AND cleared_at IS NULL',
  );
  const clear = db.prepare<[number, string]>(
    'UPDATE decision_alerts SET cleared_at = ? WHERE id = ? AND cleared_at IS NULL',
  );
  const acknowledge = db.prepare<[number, string, string]>(
    'UPDATE decision_alerts SET acked_at = ?, acked_by = ? WHERE id = ? AND acked_at IS NULL',
  );
  return {
    open: () => open.all(),
    list: (isAll: boolean, limit: number) => (isAll ? all : shown).all(limit),
    get: (id: string): DecisionAlert | null => byId.get(id) ?? null,
    insert: (id: string, { kind, severity, subject, text, n }: Finding, now: number): void =>
      void insert.run(id, kind, severity, subject, text, n, now, now),
    renew: (id: string, { severity, text, n }: Finding, now: number): void =>
      void renew.run(severity, text, n, now, id),
    clear: (id: string, now: number): void => void clear.run(now, id),
    /** False: it was acknowledged already. */
    acknowledge: (id: string, now: number, by: string): boolean => acknowledge.run(now, by, id).changes === 1,
  };
}
