import type { Database } from 'better-sqlite3';
import type { TrustEvent, TrustSource } from '../../../shared/contract/trust-record.ts';

type Row = Omit<TrustEvent, 'source'> & { sourceKind: TrustSource['kind'] | null; sourceId: string | null };

const NAME = 'upper(substr(level, 1, 1)) || substr(level, 2)';

/** Everything that trust rests on, as rows of one shape: when, what, at which level, in words, from where. */
const EVENTS = `
  SELECT at, seq AS n, 'session' AS kind, level, 'A session began to work.' AS text, 'session' AS sourceKind, session_id AS sourceId
  FROM trust_ledger WHERE kind = 'session'
UNION ALL
  SELECT at, seq, 'score', level, CASE WHEN score IS NULL THEN 'A session ended without a score.' ELSE 'A session was scored ' || score || ' of 5.' END,
    'session', session_id
  FROM trust_ledger WHERE kind = 'evaluation'
UNION ALL
  SELECT o.at, o.seq, 'rating', l.level,
    CASE WHEN o.score IS NULL THEN 'Its score counts again: ' || o.set_by || ' took the rating back.'
      ELSE o.set_by || ' rated it ' || o.score || ' of 5, which counts instead.' END,
    'session', o.session_id
  FROM trust_overrides o JOIN trust_ledger l ON l.kind = 'evaluation' AND l.session_id = o.session_id
UNION ALL
  SELECT at, rowid, 'severe', level, text, source_kind, source_id FROM severe_events
UNION ALL
  SELECT entered_at, id, 'level', level, ${NAME} || ' from here on, by ' || entered_by || ': ' || reason, source_kind, source_id
  FROM level_intervals
UNION ALL
  SELECT proposed_at, rowid, 'promotion', from_level, 'Proposed: ' || message, 'promotion', id FROM promotions
UNION ALL
  SELECT decided_at, rowid, 'promotion', from_level,
    'The promotion to ' || to_level || ' was ' || state || ' by ' || coalesce(decided_by, 'nobody')
      || CASE WHEN reason IS NULL THEN '.' ELSE ': ' || reason END,
    'promotion', id
  FROM promotions WHERE decided_at IS NOT NULL
UNION ALL
  SELECT v.at, v.seq, 'verdict', a.level,
    CASE v.verdict WHEN 'useful' THEN 'Useful: ' WHEN 'false' THEN 'A false alarm: ' ELSE 'No verdict any more: ' END || a.subject,
    'alert', a.id
  FROM alert_verdicts v JOIN alerts a ON a.id = v.alert_id
UNION ALL
  SELECT m.at, m.seq, 'shadow', 'observe',
    m.marked_by || CASE m.agrees WHEN 1 THEN ' agrees with' WHEN 0 THEN ' disagrees with' ELSE ' no longer judges' END
      || ' what the gate would have done at ' || s.as_level || ' (' || s.would || ').',
    'decision', m.decision_id
  FROM shadow_marks m JOIN shadow_decisions s ON s.decision_id = m.decision_id`;

export function createEventStorage(db: Database) {
  const page = db.prepare<[number, number], Row>(
    `SELECT at, kind, level, text, sourceKind, sourceId FROM (${EVENTS}) ORDER BY at DESC, n DESC LIMIT ? OFFSET ?`,
  );
  return {
    /** Newest first. */
    events: (limit: number, offset: number): TrustEvent[] =>
      page.all(limit, offset).map(({ sourceKind, sourceId, ...event }) => ({
        ...event,
        source: sourceKind !== null && sourceId !== null ? { kind: sourceKind, id: sourceId } : null,
      })),
  };
}
