import type { Database } from 'better-sqlite3';
import type { ReviewComment, ReviewSide } from '../../shared/contract/reviews.ts';

interface Row {
  id: string;
  session_id: string;
  path: string;
  side: ReviewSide;
  line_from: number;
  line_to: number;
  quote: string;
  text: string;
  created_at: number;
  updated_at: number;
  sent_at: number | null;
}

const fromRow = (row: Row): ReviewComment => ({
  id: row.id,
  sessionId: row.session_id,
  path: row.path,
  side: row.side,
  from: row.line_from,
  to: row.line_to,
  quote: row.quote,
  text: row.text,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  sentAt: row.sent_at,
});

export function createReviewStorage(db: Database) {
  const COLUMNS = 'id, session_id, path, side, line_from, line_to, quote, text, created_at, updated_at, sent_at';
  const one = db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM review_comments WHERE id = ?`);
  const all = db.prepare<[string], Row>(
    `SELECT ${COLUMNS} FROM review_comments WHERE session_id = ? ORDER BY path, line_from, created_at, id`,
  );
  const insert = db.prepare(
    `INSERT INTO review_comments (${COLUMNS})
     VALUES (@id, @sessionId, @path, @side, @from, @to, @quote, @text, @createdAt, @updatedAt, @sentAt)`,
  );
  const change = db.prepare(
    `UPDATE review_comments SET path = @path, side = @side, line_from = @from, line_to = @to, quote = @quote,
       text = @text, updated_at = @updatedAt WHERE id = @id AND sent_at IS NULL`,
  );
  const sent = db.prepare<[number, string]>('UPDATE review_comments SET sent_at = ? WHERE id = ? AND sent_at IS NULL');
  const remove = db.prepare<[string]>('DELETE FROM review_comments WHERE id = ? AND sent_at IS NULL');
  return {
    get(id: string): ReviewComment | null {
      const row = one.get(id);
      return row ? fromRow(row) : null;
    },
    of: (sessionId: string): ReviewComment[] => all.all(sessionId).map(fromRow),
    insert: (comment: ReviewComment): void => void insert.run(comment),
    change: (comment: ReviewComment): void => void change.run(comment),
    sent: (id: string, at: number): void => void sent.run(at, id),
    remove: (id: string): void => void remove.run(id),
  };
}
