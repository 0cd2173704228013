/**
 * Evaluations get what a model adds, a recommendation and re-scores; a person's ratings count instead of a
 * score. `evaluations` is rebuilt because one session may now have several; nothing refers to it by a key.
 */
export const evaluation = `
CREATE TABLE evaluations_next (
  id              TEXT PRIMARY KEY,
  session_id      TEXT NOT NULL REFERENCES sessions (id),
  number          INTEGER NOT NULL CHECK (number >= 1),
  score           INTEGER CHECK (score BETWEEN 1 AND 5),
  evidence_score  INTEGER CHECK (evidence_score BETWEEN 1 AND 5),
  recommendation  TEXT CHECK (recommendation IN ('continue', 'retry', 'escalate', 'complete')),
  reason          TEXT NOT NULL,
  outcome         TEXT NOT NULL,
  accomplishments TEXT NOT NULL DEFAULT '[]',
  failures        TEXT NOT NULL DEFAULT '[]',
  open_questions  TEXT NOT NULL DEFAULT '[]',
  dimensions      TEXT,
  judge           TEXT,
  evidence        TEXT NOT NULL,
  requested_by    TEXT,
  at              INTEGER NOT NULL,
  UNIQUE (session_id, number),
  CHECK ((number = 1) = (requested_by IS NULL))
) STRICT;
INSERT INTO evaluations_next (id, session_id, number, score, evidence_score, reason, outcome, evidence, at)
  SELECT id, session_id, 1, score, score, reason, outcome, evidence, at FROM evaluations;
DROP TABLE evaluations;
ALTER TABLE evaluations_next RENAME TO evaluations;
CREATE INDEX evaluations_by_time ON evaluations (at);
CREATE TRIGGER evaluations_no_update BEFORE UPDATE ON evaluations
BEGIN SELECT raise(ABORT, 'an evaluation is never changed'); END;
CREATE TRIGGER evaluations_no_delete BEFORE DELETE ON evaluations
BEGIN SELECT raise(ABORT, 'an evaluation is never deleted'); END;

CREATE TABLE ratings (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id    TEXT NOT NULL REFERENCES sessions (id),
  rating        INTEGER CHECK (rating BETWEEN 1 AND 5),
  note          TEXT,
  rated_by      TEXT NOT NULL,
  at            INTEGER NOT NULL
) STRICT;
CREATE INDEX ratings_by_session ON ratings (session_id, seq);
CREATE TRIGGER ratings_no_update BEFORE UPDATE ON ratings
BEGIN SELECT raise(ABORT, 'ratings are append-only'); END;
CREATE TRIGGER ratings_no_delete BEFORE DELETE ON ratings
BEGIN SELECT raise(ABORT, 'ratings are append-only'); END;

CREATE TABLE base_checks (
  base_commit TEXT NOT NULL,
  command     TEXT NOT NULL,
  result      TEXT NOT NULL,
  at          INTEGER NOT NULL,
  PRIMARY KEY (base_commit, command)
) STRICT;

CREATE TABLE trust_overrides (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id TEXT NOT NULL,
  score      INTEGER CHECK (score BETWEEN 1 AND 5),
  set_by     TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT;
CREATE INDEX trust_overrides_by_session ON trust_overrides (session_id, seq);
CREATE TRIGGER trust_overrides_no_update BEFORE UPDATE ON trust_overrides
BEGIN SELECT raise(ABORT, 'the trust ledger is append-only'); END;
CREATE TRIGGER trust_overrides_no_delete BEFORE DELETE ON trust_overrides
BEGIN SELECT raise(ABORT, 'the trust ledger is append-only'); END;

CREATE VIEW trust_scores AS
SELECT
  t.level,
  t.session_id,
  coalesce(
    (SELECT o.score FROM trust_overrides o WHERE o.session_id = t.session_id ORDER BY o.seq DESC LIMIT 1),
    t.score
  ) AS score
FROM trust_ledger t WHERE t.kind = 'evaluation';

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
  (SELECT coalesce(sum(max(i.left_at - i.entered_at, 0)), 0) / 86400000.0
     FROM level_intervals i WHERE i.level = l.level AND i.left_at IS NOT NULL) AS total_days
FROM (SELECT 'observe' AS level UNION ALL SELECT 'cautious' UNION ALL SELECT 'moderate' UNION ALL SELECT 'full') l;
`;
