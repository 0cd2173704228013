/** What the machine did: minutes for two days, hours for long, and what was told about it. NULL: not measured. */
export const resources = `
CREATE TABLE resource_minutes (
  at           INTEGER PRIMARY KEY,
  looks        INTEGER NOT NULL,
  cpu          REAL,
  cpu_max      REAL,
  memory_used  INTEGER,
  memory_max   INTEGER,
  memory_total INTEGER,
  disk_used    INTEGER,
  disk_total   INTEGER,
  temperature  REAL
) STRICT;

CREATE TABLE resource_hours (
  at           INTEGER PRIMARY KEY,
  looks        INTEGER NOT NULL,
  cpu          REAL,
  cpu_max      REAL,
  memory_used  INTEGER,
  memory_max   INTEGER,
  memory_total INTEGER,
  disk_used    INTEGER,
  disk_total   INTEGER,
  temperature  REAL
) STRICT;

CREATE TABLE resource_alerts (
  alert_id   TEXT PRIMARY KEY REFERENCES alerts (id),
  metric     TEXT NOT NULL,
  sentence   TEXT NOT NULL,
  peak       REAL NOT NULL,
  cleared_at INTEGER
) STRICT;
CREATE UNIQUE INDEX resource_alerts_one_open ON resource_alerts (metric) WHERE cleared_at IS NULL;
`;
