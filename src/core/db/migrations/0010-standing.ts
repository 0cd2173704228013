/** Rules that a person makes, and of each decision what a rule can be about. */
export const standing = `
CREATE TABLE standing_rules (
  id           TEXT PRIMARY KEY,
  project_id   TEXT NOT NULL REFERENCES projects (id),
  effect       TEXT NOT NULL CHECK (effect IN ('allow', 'deny')),
  pattern      TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  created_by   TEXT NOT NULL,
  expires_at   INTEGER,
  revoked_at   INTEGER,
  revoked_by   TEXT,
  uses         INTEGER NOT NULL DEFAULT 0,
  last_used_at INTEGER
) STRICT;
CREATE INDEX standing_rules_in_force ON standing_rules (project_id) WHERE revoked_at IS NULL;
ALTER TABLE decisions ADD COLUMN form TEXT;
ALTER TABLE decisions ADD COLUMN rule_id TEXT;
CREATE INDEX decisions_by_project ON decisions (project_id, asked_at);
`;
