/** The first schema. Times are epoch milliseconds. A shipped migration is never edited. */
export const foundation = `
CREATE TABLE journal (
  seq  INTEGER PRIMARY KEY AUTOINCREMENT,
  at   INTEGER NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE credentials (
  hash       TEXT PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('owner', 'read', 'login', 'browser', 'session')),
  session_id TEXT,
  page_hash  TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER
) STRICT;
CREATE INDEX credentials_by_session ON credentials (session_id) WHERE session_id IS NOT NULL;

CREATE TABLE projects (
  id                TEXT PRIMARY KEY,
  name              TEXT NOT NULL,
  path              TEXT NOT NULL,
  agent             TEXT NOT NULL CHECK (agent IN ('claude', 'demo')),
  default_prompt    TEXT,
  model             TEXT,
  verify_command    TEXT,
  verify_timeout_ms INTEGER NOT NULL,
  worktree          INTEGER NOT NULL,
  ceiling           TEXT NOT NULL,
  protected         INTEGER NOT NULL,
  time_box_ms       INTEGER NOT NULL,
  created_at        INTEGER NOT NULL,
  removed_at        INTEGER
) STRICT;
CREATE UNIQUE INDEX projects_by_path ON projects (path) WHERE removed_at IS NULL;

CREATE TABLE schedules (
  project_id  TEXT PRIMARY KEY REFERENCES projects (id),
  cron        TEXT NOT NULL,
  timezone    TEXT NOT NULL,
  prompt      TEXT,
  missed      TEXT NOT NULL CHECK (missed IN ('skip', 'run_once')),
  next_run_at INTEGER,
  last_run_at INTEGER,
  last_note   TEXT
) STRICT;

CREATE TABLE sessions (
  id               TEXT PRIMARY KEY,
  project_id       TEXT NOT NULL REFERENCES projects (id),
  agent            TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('queued', 'starting', 'working', 'parked', 'evaluating', 'ended')),
  outcome          TEXT,
  prompt           TEXT NOT NULL,
  source           TEXT NOT NULL CHECK (source IN ('person', 'schedule')),
  level            TEXT NOT NULL,
  model            TEXT,
  agent_version    TEXT,
  agent_session_id TEXT NOT NULL,
  branch           TEXT,
  worktree         TEXT,
  base_commit      TEXT,
  time_box_ms      INTEGER NOT NULL,
  used_ms          INTEGER NOT NULL DEFAULT 0,
  created_at       INTEGER NOT NULL,
  started_at       INTEGER,
  ended_at         INTEGER,
  deadline_at      INTEGER,
  gate_proved_at   INTEGER,
  pid              INTEGER,
  pid_started_at   TEXT,
  nonce            TEXT NOT NULL,
  deferred_tool_use_id TEXT,
  last_tool        TEXT,
  activity         TEXT,
  input_tokens     INTEGER,
  output_tokens    INTEGER,
  cost_usd         REAL,
  turns            INTEGER,
  commits          INTEGER,
  files_changed    INTEGER,
  insertions       INTEGER,
  deletions        INTEGER,
  result_text      TEXT,
  problem          TEXT,
  still_alive      TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX sessions_by_state ON sessions (state);
CREATE INDEX sessions_by_created ON sessions (created_at);

CREATE TABLE decisions (
  id            TEXT PRIMARY KEY,
  session_id    TEXT NOT NULL REFERENCES sessions (id),
  project_id    TEXT NOT NULL REFERENCES projects (id),
  tool          TEXT NOT NULL,
  tool_use_id   TEXT,
  agent_id      TEXT,
  action        TEXT NOT NULL,
  action_hash   TEXT NOT NULL,
  tree_mark     TEXT,
  risk          TEXT NOT NULL,
  level         TEXT NOT NULL,
  verdict       TEXT NOT NULL CHECK (verdict IN ('allow', 'deny', 'ask')),
  state         TEXT NOT NULL CHECK (state IN ('allowed', 'refused', 'pending', 'approved', 'denied', 'expired', 'void')),
  reasons       TEXT NOT NULL,
  steps         INTEGER NOT NULL,
  asked_at      INTEGER NOT NULL,
  deadline      INTEGER,
  answered_at   INTEGER,
  answered_by   TEXT,
  answer_reason TEXT,
  told_at       INTEGER,
  delivered_at  INTEGER,
  outcome       TEXT CHECK (outcome IN ('ran', 'failed', 'unknown'))
) STRICT;
CREATE INDEX decisions_by_session ON decisions (session_id, asked_at);
CREATE INDEX decisions_open ON decisions (session_id, action_hash) WHERE verdict = 'ask' AND delivered_at IS NULL;
CREATE INDEX decisions_by_tool_use ON decisions (session_id, tool_use_id);
CREATE INDEX decisions_pending ON decisions (deadline) WHERE state = 'pending';
CREATE INDEX decisions_by_time ON decisions (asked_at);

CREATE TABLE evaluations (
  id         TEXT PRIMARY KEY,
  session_id TEXT NOT NULL UNIQUE REFERENCES sessions (id),
  score      INTEGER CHECK (score BETWEEN 1 AND 5),
  reason     TEXT NOT NULL,
  outcome    TEXT NOT NULL,
  evidence   TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT;

CREATE TABLE trust_ledger (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  kind          TEXT NOT NULL CHECK (kind IN ('session', 'evaluation')),
  session_id    TEXT NOT NULL,
  evaluation_id TEXT,
  level         TEXT NOT NULL,
  score         INTEGER CHECK (score BETWEEN 1 AND 5),
  at            INTEGER NOT NULL,
  UNIQUE (kind, session_id),
  UNIQUE (evaluation_id)
) STRICT;
CREATE TRIGGER trust_ledger_no_update BEFORE UPDATE ON trust_ledger
BEGIN SELECT raise(ABORT, 'the trust ledger is append-only'); END;
CREATE TRIGGER trust_ledger_no_delete BEFORE DELETE ON trust_ledger
BEGIN SELECT raise(ABORT, 'the trust ledger is append-only'); END;
CREATE INDEX trust_ledger_by_level ON trust_ledger (level, kind);

CREATE TABLE level_intervals (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  level      TEXT NOT NULL CHECK (level IN ('observe', 'cautious', 'moderate', 'full')),
  entered_at INTEGER NOT NULL,
  left_at    INTEGER,
  entered_by TEXT NOT NULL,
  reason     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX level_intervals_one_open ON level_intervals ((1)) WHERE left_at IS NULL;

CREATE TABLE promotions (
  id          TEXT PRIMARY KEY,
  from_level  TEXT NOT NULL,
  to_level    TEXT NOT NULL,
  interval_id INTEGER NOT NULL REFERENCES level_intervals (id),
  state       TEXT NOT NULL CHECK (state IN ('open', 'approved', 'declined', 'expired', 'withdrawn')),
  evidence    TEXT NOT NULL,
  message     TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  decided_at  INTEGER,
  decided_by  TEXT,
  reason      TEXT
) STRICT;
CREATE UNIQUE INDEX promotions_one_open ON promotions ((1)) WHERE state = 'open';

CREATE TABLE alerts (
  id      TEXT PRIMARY KEY,
  at      INTEGER NOT NULL,
  level   TEXT NOT NULL,
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  verdict TEXT CHECK (verdict IN ('useful', 'false'))
) STRICT;

CREATE VIEW trust_summary AS
SELECT
  l.level AS autonomy_level,
  (SELECT count(*) FROM trust_ledger t WHERE t.level = l.level AND t.kind = 'session') AS total_sessions,
  (SELECT count(*) FROM trust_ledger t WHERE t.level = l.level AND t.kind = 'evaluation' AND t.score IS NOT NULL) AS total_evaluations,
  (SELECT coalesce(sum(t.score), 0) FROM trust_ledger t WHERE t.level = l.level AND t.kind = 'evaluation') AS sum_eval_scores,
  (SELECT count(*) FROM alerts a WHERE a.level = l.level AND a.verdict = 'false') AS false_alerts,
  (SELECT count(*) FROM alerts a WHERE a.level = l.level AND a.verdict = 'useful') AS true_alerts,
  (SELECT min(i.entered_at) FROM level_intervals i WHERE i.level = l.level) AS first_entered_at,
  (SELECT max(i.entered_at) FROM level_intervals i WHERE i.level = l.level) AS last_entered_at,
  (SELECT coalesce(sum(max(i.left_at - i.entered_at, 0)), 0) / 86400000.0
     FROM level_intervals i WHERE i.level = l.level AND i.left_at IS NOT NULL) AS total_days
FROM (SELECT 'observe' AS level UNION ALL SELECT 'cautious' UNION ALL SELECT 'moderate' UNION ALL SELECT 'full') l;
`;
