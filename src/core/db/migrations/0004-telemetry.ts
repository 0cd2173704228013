/**
 * Spawns of agents. The outcome is written once, on the row itself; what is corrected later is a row of
 * its own. Sessions from before have their figures here too, so that usage covers them.
 */
export const telemetry = `
CREATE TABLE spawns (
  id                 TEXT PRIMARY KEY,
  asked_by           TEXT NOT NULL,
  caste              TEXT NOT NULL,
  task_class         TEXT NOT NULL,
  task               TEXT NOT NULL,
  model              TEXT NOT NULL,
  ran_model          TEXT,
  source             TEXT NOT NULL,
  session_id         TEXT REFERENCES sessions (id),
  project_id         TEXT REFERENCES projects (id),
  started_at         INTEGER NOT NULL,
  finished_at        INTEGER,
  duration_ms        INTEGER,
  outcome            TEXT CHECK (outcome IN ('completed', 'failed', 'blocked', 'unknown')),
  detail             TEXT,
  input_tokens       INTEGER,
  output_tokens      INTEGER,
  cache_read_tokens  INTEGER,
  cache_write_tokens INTEGER,
  cost_usd           REAL
) STRICT;
CREATE INDEX spawns_by_start ON spawns (started_at);
CREATE INDEX spawns_by_session ON spawns (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX spawns_open ON spawns (id) WHERE outcome IS NULL;
CREATE TRIGGER spawns_outcome_once BEFORE UPDATE OF outcome ON spawns WHEN OLD.outcome IS NOT NULL
BEGIN SELECT raise(ABORT, 'the outcome of a spawn is written once; correct it by a rule'); END;
CREATE TRIGGER spawns_no_delete BEFORE DELETE ON spawns
BEGIN SELECT raise(ABORT, 'spawns are kept'); END;

CREATE TABLE spawn_corrections (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  spawn_id TEXT NOT NULL REFERENCES spawns (id),
  outcome  TEXT NOT NULL CHECK (outcome IN ('completed', 'failed', 'blocked')),
  rule     TEXT NOT NULL CHECK (rule IN ('measured', 'late', 'person')),
  by       TEXT NOT NULL,
  reason   TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX spawn_corrections_by_spawn ON spawn_corrections (spawn_id, seq);
CREATE TRIGGER spawn_corrections_no_update BEFORE UPDATE ON spawn_corrections
BEGIN SELECT raise(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER spawn_corrections_no_delete BEFORE DELETE ON spawn_corrections
BEGIN SELECT raise(ABORT, 'corrections are append-only'); END;

CREATE VIEW spawn_record AS
SELECT s.rowid AS seq, s.*, coalesce(s.ran_model, s.model) AS effective_model,
  coalesce((SELECT c.outcome FROM spawn_corrections c WHERE c.spawn_id = s.id ORDER BY c.seq DESC LIMIT 1), s.outcome)
    AS final_outcome
FROM spawns s;

CREATE TABLE session_models (
  session_id TEXT PRIMARY KEY REFERENCES sessions (id),
  model      TEXT,
  source     TEXT NOT NULL,
  task_class TEXT NOT NULL,
  suggestion TEXT
) STRICT;

CREATE TABLE followed_suggestions (
  project_id TEXT PRIMARY KEY REFERENCES projects (id),
  model      TEXT NOT NULL,
  suggestion TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT;

INSERT INTO spawns (id, asked_by, caste, task_class, task, model, ran_model, source, session_id, project_id, started_at,
  finished_at, duration_ms, outcome, input_tokens, output_tokens, cost_usd)
SELECT 'spn_' || id, source, 'session', 'other', substr(replace(prompt, char(10), ' '), 1, 200), 'default', model, 'unknown',
  id, project_id, started_at, ended_at, used_ms,
  CASE
    WHEN outcome IN ('completed', 'nothing_to_do') THEN 'completed'
    WHEN outcome IN ('refused', 'max_turns', 'budget', 'timed_out', 'stalled', 'crashed', 'truncated') THEN 'failed'
    ELSE 'blocked'
  END,
  input_tokens, output_tokens, cost_usd
FROM sessions WHERE state = 'ended' AND started_at IS NOT NULL AND ended_at IS NOT NULL;
`;
