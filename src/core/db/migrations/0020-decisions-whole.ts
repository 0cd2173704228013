/** What binds an approval, how an answer was come to, emergency aborts and the pipeline's own alerts. */
export const decisionsWhole = `
CREATE TABLE decision_bindings (
  decision_id TEXT PRIMARY KEY REFERENCES decisions (id),
  binding     TEXT NOT NULL
) STRICT;
ALTER TABLE decisions ADD COLUMN answer_code TEXT;
ALTER TABLE decisions ADD COLUMN alike TEXT;
ALTER TABLE decisions ADD COLUMN ended_as TEXT CHECK (ended_as IN ('aborted', 'timed_out'));
CREATE INDEX decisions_alike ON decisions (alike) WHERE state = 'pending';
CREATE TABLE decision_acts (
  id          INTEGER PRIMARY KEY,
  decision_id TEXT NOT NULL REFERENCES decisions (id),
  at          INTEGER NOT NULL,
  by          TEXT NOT NULL,
  act         TEXT NOT NULL,
  detail      TEXT
) STRICT;
CREATE INDEX decision_acts_of ON decision_acts (decision_id, id);
CREATE TRIGGER decision_acts_no_update BEFORE UPDATE ON decision_acts
BEGIN SELECT raise(ABORT, 'what was done about a decision is append-only'); END;
CREATE TRIGGER decision_acts_no_delete BEFORE DELETE ON decision_acts
BEGIN SELECT raise(ABORT, 'what was done about a decision is append-only'); END;
CREATE TABLE decision_alerts (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,
  severity   TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error', 'critical')),
  subject    TEXT NOT NULL,
  text       TEXT NOT NULL,
  n          INTEGER NOT NULL,
  first_at   INTEGER NOT NULL,
  last_at    INTEGER NOT NULL,
  cleared_at INTEGER,
  acked_at   INTEGER,
  acked_by   TEXT
) STRICT;
CREATE UNIQUE INDEX decision_alerts_one_open ON decision_alerts (kind, subject) WHERE cleared_at IS NULL;
CREATE INDEX decision_alerts_by_time ON decision_alerts (last_at);
`;
