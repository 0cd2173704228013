import type { Database } from 'better-sqlite3';
import type { FollowUp, Lineage } from '../../../shared/contract/follow-ups.ts';

/** A follow-up as stored: the contract's view, and what its delivery is told by. */
export interface StoredFollowUp extends FollowUp {
  /** The UUID under which the agent takes it once, over all runs of the conversation. */
  messageId: string;
  /** It is the prompt that its session began with, and shown as such. */
  opens: boolean;
  /** The nonce of the run in which it was last sent. */
  sentIn: string | null;
}

interface Row {
  id: string;
  session_id: string;
  prompt: string;
  message_id: string;
  opens: 0 | 1;
  state: FollowUp['state'];
  sent_in: string | null;
  created_at: number;
  sent_at: number | null;
}

const fromRow = (row: Row): StoredFollowUp => ({
  id: row.id,
  sessionId: row.session_id,
  prompt: row.prompt,
  state: row.state,
  createdAt: row.created_at,
  sentAt: row.sent_at,
  messageId: row.message_id,
  opens: row.opens === 1,
  sentIn: row.sent_in,
});

/** Where a session comes from, and the agent's conversation of which it takes a copy. */
export interface StoredLineage extends Lineage {
  /** Set for a fork: the agent's id of the conversation that is copied. */
  forkOf: string | null;
}

export function createConversationStorage(db: Database) {
  const insert = db.prepare(`INSERT INTO follow_ups
    (id, session_id, prompt, message_id, opens, state, created_at)
    VALUES (@id, @sessionId, @prompt, @messageId, @opens, 'queued', @createdAt)`);
  const byId = db.prepare<[string], Row>('SELECT * FROM follow_ups WHERE id = ?');
  const ofSession = db.prepare<[string], Row>(
    'SELECT * FROM follow_ups WHERE session_id = ? ORDER BY opens DESC, created_at, rowid',
  );
  const waiting = db.prepare<[string], { n: number }>(
    `SELECT count(*) AS n FROM follow_ups WHERE session_id = ? AND state <> 'done'`,
  );
  const next = db.prepare<[string, string], Row>(`SELECT * FROM follow_ups
    WHERE session_id = ? AND state <> 'done' AND sent_in IS NOT ? ORDER BY opens DESC, created_at, rowid LIMIT 1`);
  const send = db.prepare<[string, number, string]>(
    `UPDATE follow_ups SET state = 'sent', sent_in = ?, sent_at = ? WHERE id = ? AND state <> 'done'`,
  );
  const taken = db.prepare<[string, string]>(
    `UPDATE follow_ups SET state = 'taken' WHERE session_id = ? AND message_id = ? AND state = 'sent'`,
  );
  const done = db.prepare<[string, string]>(
    `UPDATE follow_ups SET state = 'done' WHERE session_id = ? AND message_id = ? AND state IN ('sent', 'taken')`,
  );
  const doneIn = db.prepare<[string, string]>(
    `UPDATE follow_ups SET state = 'done' WHERE session_id = ? AND sent_in = ? AND state IN ('sent', 'taken')`,
  );
  const edit = db.prepare<[string, string]>(
    `UPDATE follow_ups SET prompt = ? WHERE id = ? AND state = 'queued' AND opens = 0`,
  );
  const remove = db.prepare<[string]>(`DELETE FROM follow_ups WHERE id = ? AND state = 'queued' AND opens = 0`);
  const dropOpening = db.prepare<[string]>('DELETE FROM follow_ups WHERE session_id = ? AND opens = 1');
  const again = db.prepare<[string]>(`UPDATE follow_ups SET state = 'queued', sent_in = NULL WHERE session_id = ?`);
  const move = db.prepare<[string, string]>(
    `UPDATE follow_ups SET session_id = ?, opens = 0 WHERE session_id = ? AND state <> 'done'`,
  );
  const moveAnew = db.prepare<[string, string]>(
    `UPDATE follow_ups SET session_id = ?, state = 'queued', sent_in = NULL
     WHERE session_id = ? AND state <> 'done' AND opens = 0`,
  );
  const setLineage = db.prepare(`INSERT INTO session_lineage (session_id, from_session, kind, nth, fork_of)
    VALUES (@id, @from, @kind, @nth, @forkOf)`);
  const lineage = db.prepare<[string], Omit<StoredLineage, 'forkOf'> & { forkOf: string | null }>(
    'SELECT from_session AS "from", kind, nth, fork_of AS forkOf FROM session_lineage WHERE session_id = ?',
  );
  const followers = db.prepare<[string], { id: string; kind: Lineage['kind'] }>(
    'SELECT session_id AS id, kind FROM session_lineage WHERE from_session = ? ORDER BY rowid',
  );

  return {
    insert(one: Pick<StoredFollowUp, 'id' | 'sessionId' | 'prompt' | 'messageId' | 'createdAt' | 'opens'>): void {
      insert.run({ ...one, opens: Number(one.opens) });
    },
    get(id: string): StoredFollowUp | null {
      const row = byId.get(id);
      return row ? fromRow(row) : null;
    },
    ofSession: (sessionId: string): StoredFollowUp[] => ofSession.all(sessionId).map(fromRow),
    /** How many the agent has not worked through, or of which nobody knows it. */
    waiting: (sessionId: string): number => waiting.get(sessionId)?.n ?? 0,
    /** The oldest that is not done and was not sent in this run. */
    next(sessionId: string, run: string): StoredFollowUp | null {
      const row = next.get(sessionId, run);
      return row ? fromRow(row) : null;
    },
    send: (id: string, run: string, now: number): boolean => send.run(run, now, id).changes === 1,
    taken: (sessionId: string, messageId: string): boolean => taken.run(sessionId, messageId).changes === 1,
    done: (sessionId: string, messageId: string): boolean => done.run(sessionId, messageId).changes === 1,
    /** Everything that was sent in a run that came to its natural end. */
    doneIn: (sessionId: string, run: string): number => doneIn.run(sessionId, run).changes,
    /** False: it is not queued any more. */
    edit: (id: string, prompt: string): boolean => edit.run(prompt, id).changes === 1,
    remove: (id: string): boolean => remove.run(id).changes === 1,
    /** Everything after the first prompt is to be told again. */
    beginAnew: (sessionId: string): boolean => dropOpening.run(sessionId).changes + again.run(sessionId).changes > 0,
    /** What an ended session has not delivered goes along to the one that goes on with it. */
    move: (from: string, to: string): number => move.run(to, from).changes,
    /** The same to one that begins anew: its agent has heard none of it. */
    moveAnew: (from: string, to: string): number => moveAnew.run(to, from).changes,
    setLineage: (id: string, given: StoredLineage): void => void setLineage.run({ id, ...given }),
    lineage: (id: string): StoredLineage | null => lineage.get(id) ?? null,
    followers: (id: string): { id: string; kind: Lineage['kind'] }[] => followers.all(id),
  };
}

export type ConversationStorage = ReturnType<typeof createConversationStorage>;
