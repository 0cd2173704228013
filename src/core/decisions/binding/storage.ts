import type { Database } from 'better-sqlite3';
import type { Binding } from '../../kernel/binding.ts';

/** What each question was bound to when it was asked. */
export function createBindingStorage(db: Database) {
  const insert = db.prepare<[string, string]>('INSERT INTO decision_bindings (decision_id, binding) VALUES (?, ?)');
  const get = db.prepare<[string], { binding: string }>('SELECT binding FROM decision_bindings WHERE decision_id = ?');
  return {
    insert: (decisionId: string, binding: Binding): void => void insert.run(decisionId, JSON.stringify(binding)),
    /** Null: it was asked before bindings were kept. */
    get(decisionId: string): Binding | null {
      const row = get.get(decisionId);
      return row ? (JSON.parse(row.binding) as Binding) : null;
    },
  };
}
