import type { Database } from 'better-sqlite3';

export type CredentialKind = 'owner' | 'read' | 'login' | 'browser' | 'session';

export interface Credential {
  hash: string;
  kind: CredentialKind;
  sessionId: string | null;
  /** Of a browser's login: the hash of the key that only its page knows. */
  pageHash: string | null;
  createdAt: number;
  expiresAt: number | null;
}

interface Row {
  hash: string;
  kind: CredentialKind;
  session_id: string | null;
  page_hash: string | null;
  created_at: number;
  expires_at: number | null;
}

const fromRow = (row: Row): Credential => ({
  hash: row.hash,
  kind: row.kind,
  sessionId: row.session_id,
  pageHash: row.page_hash,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});

/** Credentials at rest: only their SHA-256. */
export function createCredentialStorage(db: Database) {
  const find = db.prepare<[string], Row>('SELECT * FROM credentials WHERE hash = ?');
  const byKind = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM credentials WHERE kind = ?');
  const insert = db.prepare<[string, string, string | null, string | null, number, number | null]>(
    'INSERT INTO credentials (hash, kind, session_id, page_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare<[string]>('DELETE FROM credentials WHERE hash = ?');
  const removeOfSession = db.prepare<[string]>('DELETE FROM credentials WHERE session_id = ?');
  const removeExpired = db.prepare<[number]>('DELETE FROM credentials WHERE expires_at <= ?');
  return {
    find(hash: string): Credential | null {
      const row = find.get(hash);
      return row ? fromRow(row) : null;
    },
    has: (kind: CredentialKind): boolean => (byKind.get(kind)?.n ?? 0) > 0,
    insert: (c: Credential): void => void insert.run(c.hash, c.kind, c.sessionId, c.pageHash, c.createdAt, c.expiresAt),
    remove: (hash: string): boolean => remove.run(hash).changes > 0,
    removeOfSession: (sessionId: string): void => void removeOfSession.run(sessionId),
    removeExpired: (now: number): void => void removeExpired.run(now),
  };
}
