import type { Database } from 'better-sqlite3';
import type { Pattern, StandingRule } from '../../shared/contract/standing.ts';

interface Row {
  id: string;
  project_id: string;
  project: string;
  effect: StandingRule['effect'];
  pattern: string;
  created_at: number;
  created_by: string;
  expires_at: number | null;
  revoked_at: number | null;
  uses: number;
  last_used_at: number | null;
}

const fromRow = (row: Row): StandingRule => ({
  id: row.id,
  projectId: row.project_id,
  project: row.project,
  effect: row.effect,
  pattern: JSON.parse(row.pattern) as Pattern,
  createdAt: row.created_at,
  createdBy: row.created_by,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  uses: row.uses,
  lastUsedAt: row.last_used_at,
});

const SELECT = 'SELECT r.*, p.name AS project FROM standing_rules r JOIN projects p ON p.id = r.project_id';

export function createStandingStorage(db: Database) {
  const insert =
    db.prepare(`INSERT INTO standing_rules (id, project_id, effect, pattern, created_at, created_by, expires_at)
    VALUES (@id, @projectId, @effect, @pattern, @createdAt, @createdBy, @expiresAt)`);
  const byId = db.prepare<[string], Row>(`${SELECT} WHERE r.id = ?`);
  const all = db.prepare<[], Row>(`${SELECT} ORDER BY r.created_at DESC, r.rowid DESC`);
  const revoke = db.prepare<[number, string, string]>(
    'UPDATE standing_rules SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL',
  );
  const use = db.prepare<[number, string]>('UPDATE standing_rules SET uses = uses + 1, last_used_at = ? WHERE id = ?');
  return {
    insert: (rule: Omit<StandingRule, 'project' | 'revokedAt' | 'uses' | 'lastUsedAt'>): void =>
      void insert.run({ ...rule, pattern: JSON.stringify(rule.pattern) }),
    get(id: string): StandingRule | null {
      const row = byId.get(id);
      return row ? fromRow(row) : null;
    },
    all: (): StandingRule[] => all.all().map(fromRow),
    /** False: it was revoked before. */
    revoke: (id: string, now: number, by: string): boolean => revoke.run(now, by, id).changes === 1,
    use: (id: string, now: number): void => void use.run(now, id),
  };
}
