/** What one session passes on to the next, and what came of each recommendation: decided once. */
export const followOn = `
CREATE TABLE follow_on (
  project_id TEXT PRIMARY KEY REFERENCES projects (id),
  brief      INTEGER NOT NULL,
  start      INTEGER NOT NULL,
  most       INTEGER NOT NULL
) STRICT;

CREATE TABLE session_next (
  session_id TEXT PRIMARY KEY REFERENCES sessions (id),
  started    TEXT REFERENCES sessions (id),
  reason     TEXT NOT NULL,
  asks       INTEGER NOT NULL,
  at         INTEGER NOT NULL
) STRICT;
`;
