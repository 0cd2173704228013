/**
 * Everything that moves a level, held against the ledger: how each credited session ended and who worked in
 * it stands in a table of trust's own, so that neither an edit of the sessions nor their retention changes
 * what was earned.
 *
 * Of the ledger's events only its own are looked for by their subject: an index of those alone costs the
 * others nothing.
 */
export const trustWhole = `
DROP INDEX ledger_events_by_subject;
CREATE INDEX ledger_events_own ON ledger_events (subject) WHERE subject = 'ledger';

DROP TRIGGER ledger_events_no_replace;
CREATE TRIGGER ledger_events_no_replace BEFORE INSERT ON ledger_events
WHEN EXISTS (SELECT 1 FROM ledger_events WHERE seq >= NEW.seq)
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

CREATE TABLE trust_ends (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id    TEXT NOT NULL,
  outcome       TEXT,
  agent         TEXT NOT NULL,
  model         TEXT,
  agent_version TEXT,
  at            INTEGER NOT NULL
) STRICT;
CREATE INDEX trust_ends_by_session ON trust_ends (session_id, seq);
CREATE TRIGGER trust_ends_no_update BEFORE UPDATE ON trust_ends
BEGIN SELECT raise(ABORT, 'ends of sessions are append-only'); END;
CREATE TRIGGER trust_ends_no_delete BEFORE DELETE ON trust_ends
BEGIN SELECT raise(ABORT, 'ends of sessions are append-only'); END;
INSERT INTO trust_ends (session_id, outcome, agent, model, agent_version, at)
  SELECT s.id, s.outcome, s.agent, s.model, s.agent_version, l.at
  FROM trust_ledger l JOIN sessions s ON s.id = l.session_id
  WHERE l.kind = 'session' AND s.outcome IS NOT NULL
  ORDER BY l.seq;

DROP VIEW trust_runs;
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
    d.outcome,
    d.agent,
    d.model,
    d.agent_version,
    s.project_id,
    s.prompt
  FROM trust_ledger l
  LEFT JOIN trust_ledger e ON e.kind = 'evaluation' AND e.session_id = l.session_id
  LEFT JOIN trust_ends d ON d.seq = (SELECT max(n.seq) FROM trust_ends n WHERE n.session_id = l.session_id)
  LEFT JOIN sessions s ON s.id = l.session_id
  WHERE l.kind = 'session'
) r;
`;
