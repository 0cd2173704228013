/**
 * Agents and their scores. The ledger alone is the record: all of these are made from its `agent.*` events and can
 * be made again.
 */
export const agents = `
CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;

CREATE TABLE agent_events (
  agent TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key TEXT,
  session_id TEXT,
  before INTEGER NOT NULL CHECK (before BETWEEN 0 AND 1000),
  after INTEGER NOT NULL CHECK (after BETWEEN 0 AND 1000),
  tier TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (agent, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX agent_events_key ON agent_events (key) WHERE key IS NOT NULL;
CREATE INDEX agent_events_seq ON agent_events (seq);
CREATE INDEX agent_events_at ON agent_events (agent, at);

CREATE TABLE agent_tasks (
  session_id TEXT PRIMARY KEY,
  agent TEXT NOT NULL,
  task INTEGER NOT NULL,
  standing TEXT,
  rating INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE agent_anomalies (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  agent TEXT NOT NULL,
  agents TEXT NOT NULL,
  serious INTEGER NOT NULL,
  text TEXT NOT NULL,
  session_id TEXT,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  note TEXT
) STRICT;
CREATE INDEX agent_anomalies_open ON agent_anomalies (kind, agent) WHERE acknowledged_at IS NULL;

CREATE TABLE agent_settings (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  set_by TEXT NOT NULL,
  settings TEXT NOT NULL
) STRICT;
`;
