/** Prompts after the first, and which session follows which. Times are epoch milliseconds. */
export const conversation = `
CREATE TABLE follow_ups (
  id         TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id),
  prompt     TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  opens      INTEGER NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'taken', 'done')),
  sent_in    TEXT,
  created_at INTEGER NOT NULL,
  sent_at    INTEGER
) STRICT;
CREATE INDEX follow_ups_by_session ON follow_ups (session_id, created_at);

CREATE TABLE session_lineage (
  session_id   TEXT PRIMARY KEY REFERENCES sessions (id),
  from_session TEXT NOT NULL REFERENCES sessions (id),
  kind         TEXT NOT NULL CHECK (kind IN ('follow_up', 'resume', 'fork', 'retry', 'continue')),
  nth          INTEGER NOT NULL,
  fork_of      TEXT
) STRICT;
CREATE INDEX session_lineage_by_from ON session_lineage (from_session);
`;
