/** Watched services, their history, incidents and restarts. Times are epoch milliseconds. */
export const services = `
CREATE TABLE services (
  id             TEXT PRIMARY KEY,
  name           TEXT NOT NULL,
  settings       TEXT NOT NULL,
  source         TEXT NOT NULL CHECK (source IN ('person', 'config')),
  paused         INTEGER NOT NULL DEFAULT 0,
  heartbeat_hash TEXT,
  state          TEXT NOT NULL,
  created_at     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX services_by_name ON services (name);
CREATE UNIQUE INDEX services_by_heartbeat ON services (heartbeat_hash) WHERE heartbeat_hash IS NOT NULL;

CREATE TABLE service_checks (
  service_id TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
  at         INTEGER NOT NULL,
  ok         INTEGER,
  ms         REAL,
  detail     TEXT NOT NULL,
  PRIMARY KEY (service_id, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE service_rollups (
  service_id TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
  step       TEXT NOT NULL CHECK (step IN ('minute', 'hour', 'day')),
  at         INTEGER NOT NULL,
  up         INTEGER NOT NULL,
  down       INTEGER NOT NULL,
  unknown    INTEGER NOT NULL,
  min_ms     REAL,
  max_ms     REAL,
  spread     TEXT NOT NULL,
  PRIMARY KEY (service_id, step, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE incidents (
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL CHECK (kind IN ('service', 'infrastructure')),
  service_id    TEXT,
  title         TEXT NOT NULL,
  cause         TEXT NOT NULL,
  part_of       TEXT REFERENCES incidents (id),
  failing_since INTEGER NOT NULL,
  opened_at     INTEGER NOT NULL,
  closed_at     INTEGER,
  flapping      INTEGER NOT NULL DEFAULT 0,
  told_at       INTEGER,
  told_open     INTEGER NOT NULL DEFAULT 0,
  reminders     INTEGER NOT NULL DEFAULT 0,
  next_tell_at  INTEGER,
  needs_person  TEXT
) STRICT;
CREATE UNIQUE INDEX incidents_one_open ON incidents (service_id) WHERE closed_at IS NULL AND service_id IS NOT NULL;
CREATE UNIQUE INDEX incidents_one_infrastructure ON incidents (kind) WHERE closed_at IS NULL AND kind = 'infrastructure';
CREATE INDEX incidents_by_time ON incidents (opened_at);
CREATE INDEX incidents_by_service ON incidents (service_id, opened_at);
CREATE INDEX incidents_by_event ON incidents (part_of) WHERE part_of IS NOT NULL;

CREATE TABLE incident_entries (
  seq         INTEGER PRIMARY KEY,
  incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('check', 'state', 'restart', 'message', 'note')),
  text        TEXT NOT NULL
) STRICT;
CREATE INDEX incident_entries_by_incident ON incident_entries (incident_id, seq);

CREATE TABLE restarts (
  id             TEXT PRIMARY KEY,
  service_id     TEXT NOT NULL,
  service        TEXT NOT NULL,
  incident_id    TEXT REFERENCES incidents (id),
  state          TEXT NOT NULL CHECK (state IN ('proposed', 'shadow', 'running', 'verifying', 'healthy', 'still_down', 'failed', 'declined', 'withdrawn', 'unknown')),
  action         TEXT NOT NULL,
  by             TEXT NOT NULL,
  level          TEXT NOT NULL,
  reason         TEXT NOT NULL,
  budget_service INTEGER NOT NULL,
  budget_all     INTEGER NOT NULL,
  spends         INTEGER NOT NULL,
  at             INTEGER NOT NULL,
  started_at     INTEGER,
  finished_at    INTEGER,
  detail         TEXT
) STRICT;
CREATE UNIQUE INDEX restarts_one_each ON restarts (service_id) WHERE state IN ('proposed', 'running', 'verifying');
CREATE INDEX restarts_by_time ON restarts (at);
CREATE INDEX restarts_spent ON restarts (started_at) WHERE spends = 1;
`;
