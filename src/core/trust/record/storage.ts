import type { Database } from 'better-sqlite3';
import type { AlertCounts, EvidenceSession, TrustScore } from '../../../shared/contract/trust-record.ts';
import type { Level } from '../../../shared/policy.ts';
import type { AgentRuns, ScoredRun } from '../window.ts';

export interface Totals {
  sessions: number;
  evaluations: number;
  unscored: number;
  noEvidence: number;
  nothingToDo: number;
  sumScores: number;
}

export type WindowRun = ScoredRun & {
  /** Something severe happened in it: its score fills no window. */
  isSevere: 0 | 1;
};

const MOST_PROMPT = 120;

/** What is on record of the levels, counted anew from the facts each time it is asked for. */
export function createRecordStorage(db: Database) {
  // An unscored evaluation counts as one only of a session that counts: a failed start is neither (T-007).
  const totals = db.prepare<[Level], Totals>(
    `SELECT count(*) FILTER (WHERE is_evidence) AS sessions,
       count(score) AS evaluations,
       count(*) FILTER (WHERE is_evidence AND score IS NULL AND scored_seq IS NOT NULL) AS unscored,
       count(*) FILTER (WHERE NOT is_evidence) AS noEvidence,
       count(*) FILTER (WHERE score IS NULL AND outcome = 'nothing_to_do' AND scored_seq IS NOT NULL) AS nothingToDo,
       coalesce(sum(score), 0) AS sumScores
     FROM trust_runs WHERE level = ?`,
  );
  const runs = db.prepare<[Level, number, number], WindowRun>(
    `SELECT scored_seq AS seq, scored_at AS at, session_id AS sessionId, level, score, is_severe AS isSevere
     FROM trust_runs WHERE level = ? AND score IS NOT NULL AND scored_seq > ?
     ORDER BY scored_seq DESC LIMIT ?`,
  );
  const agents = db.prepare<
    { level: Level; after: number; since: number },
    Omit<AgentRuns, 'recent'> & { recent: 0 | 1 }
  >(
    `SELECT agent, model, agent_version AS version, count(score) AS scored,
       max(level = @level AND scored_seq > @after AND scored_at >= @since AND score IS NOT NULL) AS recent
     FROM trust_runs WHERE agent IS NOT NULL AND scored_seq IS NOT NULL GROUP BY 1, 2, 3`,
  );
  const ranked = (order: string) =>
    db.prepare<[Level, number], EvidenceSession>(
      `SELECT r.session_id AS sessionId, p.name AS project, substr(r.prompt, 1, ${MOST_PROMPT}) AS prompt, r.score
       FROM trust_runs r LEFT JOIN projects p ON p.id = r.project_id
       WHERE r.level = ? AND r.score IS NOT NULL ORDER BY r.score ${order}, r.scored_seq DESC LIMIT ?`,
    );
  const best = ranked('DESC');
  const worst = ranked('ASC');
  const scores = db.prepare<[number], TrustScore>(
    `SELECT at, sessionId, project, level, score FROM (
       SELECT r.scored_seq AS seq, r.scored_at AS at, r.session_id AS sessionId, p.name AS project, r.level, r.score
       FROM trust_runs r LEFT JOIN projects p ON p.id = r.project_id
       WHERE r.score IS NOT NULL ORDER BY r.scored_seq DESC LIMIT ?
     ) ORDER BY seq`,
  );
  const alerts = db.prepare<[Level], Omit<AlertCounts, 'falseRate'>>(
    `SELECT count(*) FILTER (WHERE verdict = 'useful') AS useful, count(*) FILTER (WHERE verdict = 'false') AS "false",
       count(*) FILTER (WHERE verdict IS NULL) AS unjudged
     FROM alerts WHERE level = ?`,
  );
  const version = db.prepare<[], { version: string }>(
    `SELECT (SELECT coalesce(max(seq), 0) FROM trust_ledger) || ' ' || (SELECT coalesce(max(seq), 0) FROM trust_overrides)
       || ' ' || (SELECT count(*) FROM severe_events)
       || ' ' || (SELECT coalesce(max(seq), 0) FROM trust_ends) AS version`,
  );

  return {
    totals: (level: Level): Totals =>
      totals.get(level) ?? { sessions: 0, evaluations: 0, unscored: 0, noEvidence: 0, nothingToDo: 0, sumScores: 0 },
    /** Scored sessions of a level after that place in the ledger: the newest so many, newest last. */
    runs: (level: Level, after: number, limit: number): WindowRun[] => runs.all(level, after, limit).toReversed(),
    /** What each agent has shown; `recent`: at that level, after that place and since that time (epoch ms). */
    agents: (at: { level: Level; after: number; since: number }): AgentRuns[] =>
      agents.all(at).map((one) => ({ ...one, recent: one.recent === 1 })),
    best: (level: Level, limit: number): EvidenceSession[] => best.all(level, limit),
    worst: (level: Level, limit: number): EvidenceSession[] => worst.all(level, limit),
    /** The newest scores that count, oldest first. */
    scores: (limit: number): TrustScore[] => scores.all(limit),
    alerts: (level: Level): AlertCounts => {
      const { useful = 0, false: wrong = 0, unjudged = 0 } = alerts.get(level) ?? {};
      return { useful, false: wrong, unjudged, falseRate: useful + wrong === 0 ? null : wrong / (useful + wrong) };
    },
    /** Another one whenever anything that is counted here may be another. */
    version: (): string => version.get()?.version ?? '',
  };
}
