/**
 * Revenue: sources, what they said (snapshots) and what was earned (ledger). Amounts are whole numbers:
 * atomic units of an asset and micro-dollars. NULL is unknown, never zero.
 */
export const revenue = `
CREATE TABLE revenue_sources (
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL,
  name          TEXT NOT NULL,
  project_id    TEXT REFERENCES projects (id),
  settings      TEXT NOT NULL,
  interval_ms   INTEGER,
  paused        INTEGER NOT NULL DEFAULT 0,
  token_hash    TEXT,
  cursor        TEXT,
  created_at    INTEGER NOT NULL,
  removed_at    INTEGER,
  last_try_at   INTEGER,
  last_good_at  INTEGER,
  last_error    TEXT,
  failures      INTEGER NOT NULL DEFAULT 0,
  flag          TEXT
) STRICT;
CREATE UNIQUE INDEX revenue_sources_by_name ON revenue_sources (name) WHERE removed_at IS NULL;

CREATE TABLE revenue_snapshots (
  source_id       TEXT NOT NULL REFERENCES revenue_sources (id),
  at              INTEGER NOT NULL,
  asset           TEXT,
  due             INTEGER,
  paid            INTEGER,
  hashrate        REAL,
  price_micro_usd INTEGER,
  requests        INTEGER,
  tokens_in       INTEGER,
  tokens_out      INTEGER,
  PRIMARY KEY (source_id, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE revenue_ledger (
  source_id     TEXT NOT NULL REFERENCES revenue_sources (id),
  key           TEXT NOT NULL,
  at            INTEGER NOT NULL,
  kind          TEXT NOT NULL CHECK (kind IN ('gain', 'hand', 'csv', 'webhook')),
  asset         TEXT NOT NULL,
  amount        INTEGER,
  micro_usd     INTEGER,
  unknown_parts INTEGER NOT NULL DEFAULT 0,
  requests      INTEGER,
  tokens        INTEGER,
  note          TEXT,
  PRIMARY KEY (source_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX revenue_ledger_by_time ON revenue_ledger (at, source_id);
`;
