/** MCP servers of projects and sessions, the repositories' files that a person has allowed, and the breakers. */
export const mcp = `
CREATE TABLE mcp_servers (
  project_id TEXT NOT NULL REFERENCES projects (id),
  name       TEXT NOT NULL,
  config     TEXT NOT NULL,
  PRIMARY KEY (project_id, name)
) STRICT;

CREATE TABLE mcp_repositories (
  project_id TEXT PRIMARY KEY REFERENCES projects (id),
  hash       TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT;

CREATE TABLE session_mcp (
  session_id TEXT PRIMARY KEY REFERENCES sessions (id),
  config     TEXT NOT NULL
) STRICT;

CREATE TABLE mcp_breakers (
  project_id TEXT NOT NULL REFERENCES projects (id),
  name       TEXT NOT NULL,
  failures   INTEGER NOT NULL,
  until      INTEGER,
  reason     TEXT,
  PRIMARY KEY (project_id, name)
) STRICT;
`;
