/**
 * What trust in the level rests on beside the scores: severe events, which stay a window belongs to, how long
 * the machine ran, what the gate would have done, and what a person says of an alert.
 *
 * Order is that of `trust_ledger.seq` (`after_seq`), never that of the clock. Stays from before this are
 * taken as if the machine had run all the time.
 */
export const levelTrust = `
CREATE TABLE severe_events (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('hostile', 'secret', 'outage', 'lost_work')),
  source_kind TEXT NOT NULL CHECK (source_kind IN ('decision', 'session', 'incident', 'person')),
  source_id   TEXT NOT NULL,
  session_id  TEXT,
  level       TEXT NOT NULL,
  interval_id INTEGER NOT NULL REFERENCES level_intervals (id),
  text        TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  after_seq   INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  UNIQUE (kind, source_kind, source_id)
) STRICT;
CREATE INDEX severe_events_by_session ON severe_events (session_id) WHERE session_id IS NOT NULL;
CREATE TRIGGER severe_events_no_update BEFORE UPDATE ON severe_events
BEGIN SELECT raise(ABORT, 'severe events are append-only'); END;
CREATE TRIGGER severe_events_no_delete BEFORE DELETE ON severe_events
BEGIN SELECT raise(ABORT, 'severe events are append-only'); END;

ALTER TABLE level_intervals ADD COLUMN after_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE level_intervals ADD COLUMN cause TEXT NOT NULL DEFAULT 'person'
  CHECK (cause IN ('start', 'person', 'promotion', 'override', 'fall'));
ALTER TABLE level_intervals ADD COLUMN source_kind TEXT;
ALTER TABLE level_intervals ADD COLUMN source_id TEXT;
UPDATE level_intervals SET
  after_seq = coalesce((SELECT max(t.seq) FROM trust_ledger t WHERE t.at < entered_at), 0),
  cause = CASE
    WHEN id = (SELECT min(id) FROM level_intervals) THEN 'start'
    WHEN reason LIKE 'Promotion approved:%' THEN 'promotion'
    ELSE 'person' END;

CREATE TABLE stay_time (
  interval_id INTEGER NOT NULL REFERENCES level_intervals (id),
  day         INTEGER NOT NULL,
  ms          INTEGER NOT NULL CHECK (ms >= 0),
  in_ledger   INTEGER NOT NULL DEFAULT 0 CHECK (in_ledger IN (0, 1)),
  PRIMARY KEY (interval_id, day)
) STRICT, WITHOUT ROWID;
INSERT INTO stay_time (interval_id, day, ms)
  SELECT id, entered_at / 86400000,
    max(0, coalesce(left_at, (SELECT max(at) FROM journal), entered_at) - entered_at)
  FROM level_intervals;

ALTER TABLE promotions ADD COLUMN ask_again_at INTEGER;

CREATE TABLE shadow_decisions (
  decision_id TEXT PRIMARY KEY,
  as_level    TEXT NOT NULL,
  would       TEXT NOT NULL CHECK (would IN ('allow', 'ask', 'deny')),
  reason      TEXT NOT NULL,
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX shadow_decisions_by_time ON shadow_decisions (at);
CREATE TABLE shadow_marks (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  decision_id TEXT NOT NULL REFERENCES shadow_decisions (decision_id),
  agrees      INTEGER CHECK (agrees IN (0, 1)),
  marked_by   TEXT NOT NULL,
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX shadow_marks_by_decision ON shadow_marks (decision_id, seq);
CREATE TRIGGER shadow_marks_no_update BEFORE UPDATE ON shadow_marks
BEGIN SELECT raise(ABORT, 'marks are append-only'); END;
CREATE TRIGGER shadow_marks_no_delete BEFORE DELETE ON shadow_marks
BEGIN SELECT raise(ABORT, 'marks are append-only'); END;

ALTER TABLE alerts ADD COLUMN place TEXT;
CREATE INDEX alerts_by_time ON alerts (at);
CREATE TABLE alert_verdicts (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  alert_id  TEXT NOT NULL REFERENCES alerts (id),
  verdict   TEXT CHECK (verdict IN ('useful', 'false')),
  judged_by TEXT NOT NULL,
  at        INTEGER NOT NULL
) STRICT;
CREATE TRIGGER alert_verdicts_no_update BEFORE UPDATE ON alert_verdicts
BEGIN SELECT raise(ABORT, 'verdicts are append-only'); END;
CREATE TRIGGER alert_verdicts_no_delete BEFORE DELETE ON alert_verdicts
BEGIN SELECT raise(ABORT, 'verdicts are append-only'); END;

CREATE VIEW trust_runs AS
SELECT
  r.*,
  CASE WHEN r.score IS NULL AND r.outcome IN ('stopped', 'quota', 'auth_required', 'transient', 'model_not_found',
    'unknown_session', 'launch_failed', 'interrupted') THEN 0 ELSE 1 END AS is_evidence
FROM (
  SELECT
    l.session_id,
    l.level,
    e.seq AS scored_seq,
    e.at AS scored_at,
    coalesce(
      (SELECT o.score FROM trust_overrides o WHERE o.session_id = l.session_id ORDER BY o.seq DESC LIMIT 1),
      e.score
    ) AS score,
    EXISTS (SELECT 1 FROM severe_events v WHERE v.session_id = l.session_id) AS is_severe,
    s.outcome,
    s.agent,
    s.model,
    s.agent_version,
    s.project_id,
    s.prompt
  FROM trust_ledger l
  LEFT JOIN trust_ledger e ON e.kind = 'evaluation' AND e.session_id = l.session_id
  LEFT JOIN sessions s ON s.id = l.session_id
  WHERE l.kind = 'session'
) r;

DROP VIEW trust_summary;
CREATE VIEW trust_summary AS
SELECT
  l.level AS autonomy_level,
  (SELECT count(*) FROM trust_ledger t WHERE t.level = l.level AND t.kind = 'session') AS total_sessions,
  (SELECT count(*) FROM trust_scores t WHERE t.level = l.level AND t.score IS NOT NULL) AS total_evaluations,
  (SELECT coalesce(sum(t.score), 0) FROM trust_scores t WHERE t.level = l.level) AS sum_eval_scores,
  (SELECT count(*) FROM alerts a WHERE a.level = l.level AND a.verdict = 'false') AS false_alerts,
  (SELECT count(*) FROM alerts a WHERE a.level = l.level AND a.verdict = 'useful') AS true_alerts,
  (SELECT min(i.entered_at) FROM level_intervals i WHERE i.level = l.level) AS first_entered_at,
  (SELECT max(i.entered_at) FROM level_intervals i WHERE i.level = l.level) AS last_entered_at,
  (SELECT coalesce(sum(d.ms), 0) / 86400000.0
     FROM stay_time d JOIN level_intervals i ON i.id = d.interval_id WHERE i.level = l.level) AS total_days
FROM (SELECT 'observe' AS level UNION ALL SELECT 'cautious' UNION ALL SELECT 'moderate' UNION ALL SELECT 'full') l;
`;
