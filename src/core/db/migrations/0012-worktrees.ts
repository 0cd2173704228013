/**
 * Where a session starts from, what a new work tree gets, and what became of the work of each session.
 * A row of `merges` is a merge under way; one that is found at a start was cut off.
 */
export const worktrees = `
ALTER TABLE projects ADD COLUMN base TEXT NOT NULL DEFAULT 'current' CHECK (base IN ('current', 'remote'));
ALTER TABLE projects ADD COLUMN include TEXT NOT NULL DEFAULT '[]';
ALTER TABLE projects ADD COLUMN setup_command TEXT;
ALTER TABLE projects ADD COLUMN setup_timeout_ms INTEGER NOT NULL DEFAULT 600000;

CREATE TABLE session_work (
  session_id TEXT PRIMARY KEY REFERENCES sessions (id),
  target     TEXT,
  note       TEXT,
  state      TEXT CHECK (state IN ('merged', 'kept', 'discarded')),
  at         INTEGER,
  by         TEXT,
  tip        TEXT,
  merged_as  TEXT
) STRICT;

CREATE TABLE merges (
  session_id  TEXT PRIMARY KEY REFERENCES sessions (id),
  repository  TEXT NOT NULL,
  tree        TEXT NOT NULL,
  target      TEXT NOT NULL,
  from_commit TEXT NOT NULL,
  to_commit   TEXT NOT NULL,
  tip         TEXT NOT NULL,
  by          TEXT NOT NULL,
  nonce       TEXT NOT NULL,
  at          INTEGER NOT NULL
) STRICT;
`;
