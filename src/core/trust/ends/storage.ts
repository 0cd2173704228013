import type { Database } from 'better-sqlite3';
import type { SessionOutcome } from '../../../shared/contract/sessions.ts';

/** How a credited session ended, and who worked in it; `outcome` null: it goes on. */
export interface SessionEnd {
  sessionId: string;
  outcome: SessionOutcome | null;
  agent: string;
  model: string | null;
  version: string | null;
  at: number;
}

const SAME = `e.outcome IS s.outcome AND e.agent IS s.agent AND e.model IS s.model AND e.agent_version IS s.agent_version`;
const COLUMNS = 'session_id AS sessionId, outcome, agent, model, agent_version AS version, at';

/** How the sessions that count ended: trust's own copy, which neither edits nor retention of the sessions reach. */
export function createEndStorage(db: Database) {
  const note = db.prepare<{ id: string; at: number; always: 0 | 1 }, SessionEnd>(
    `INSERT INTO trust_ends (session_id, outcome, agent, model, agent_version, at)
     SELECT s.id, s.outcome, s.agent, s.model, s.agent_version, @at
     FROM sessions s LEFT JOIN trust_ends e ON e.seq = (SELECT max(seq) FROM trust_ends WHERE session_id = s.id)
     WHERE s.id = @id
       AND EXISTS (SELECT 1 FROM trust_ledger l WHERE l.kind = 'session' AND l.session_id = s.id)
       AND CASE WHEN e.seq IS NULL THEN s.outcome IS NOT NULL OR @always ELSE NOT (${SAME}) END
     RETURNING ${COLUMNS}`,
  );
  const all = db.prepare<[], SessionEnd>(`SELECT ${COLUMNS} FROM trust_ends ORDER BY seq`);
  const add = db.prepare(
    `INSERT INTO trust_ends (session_id, outcome, agent, model, agent_version, at)
     VALUES (@sessionId, @outcome, @agent, @model, @version, @at)`,
  );

  return {
    /**
     * How a credited session stands now. @param always also one that has not ended, so that it is known who works.
     * @returns what was written; null: that stood there already, or it is no session that counts.
     */
    note: (id: string, at: number, always = false): SessionEnd | null =>
      note.get({ id, at, always: always ? 1 : 0 }) ?? null,
    /** In the order in which they were noted. */
    all: (): SessionEnd[] => all.all(),
    add: (end: SessionEnd): void => void add.run(end),
    clear: (): void => void db.exec('DELETE FROM trust_ends'),
  };
}

export type EndStorage = ReturnType<typeof createEndStorage>;
