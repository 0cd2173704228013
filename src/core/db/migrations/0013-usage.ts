/** Budgets of projects, what was warned of, and the windows of a subscription as reported. */
export const usage = `
CREATE TABLE project_budgets (
  project_id     TEXT PRIMARY KEY REFERENCES projects (id),
  session_usd    REAL,
  session_tokens INTEGER,
  day_usd        REAL,
  day_tokens     INTEGER,
  has_session    INTEGER NOT NULL,
  has_day        INTEGER NOT NULL
) STRICT;

CREATE TABLE budget_warnings (
  scope   TEXT NOT NULL CHECK (scope IN ('session', 'project', 'day')),
  subject TEXT NOT NULL,
  period  TEXT NOT NULL,
  state   TEXT NOT NULL CHECK (state IN ('warning', 'over')),
  at      INTEGER NOT NULL,
  PRIMARY KEY (scope, subject, period, state)
) STRICT;

CREATE TABLE limit_windows (
  account     TEXT NOT NULL,
  name        TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('allowed', 'warning', 'rejected')),
  utilization REAL,
  resets_at   INTEGER,
  seen_at     INTEGER NOT NULL,
  since       INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT;

CREATE INDEX spawns_by_end ON spawns (coalesce(finished_at, started_at));
`;
