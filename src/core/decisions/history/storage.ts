import type { Database } from 'better-sqlite3';
import type { DecisionOutcome, DecisionState } from '../../../shared/contract/decisions.ts';
import type { HistoryFilter } from '../../../shared/contract/history.ts';
import type { SessionSource } from '../../../shared/contract/sessions.ts';
import type { Stage } from '../../../shared/decision-stage.ts';
import type { Risk } from '../../../shared/policy.ts';
import { likeAny, likePatterns } from '../../kernel/like.ts';
import { fromRow, type Row, type StoredDecision } from '../row.ts';
import { SELECT } from '../storage.ts';

/** A decision as far as figures need it. */
export interface PastAction {
  state: DecisionState;
  verdict: 'allow' | 'deny' | 'ask';
  risk: Risk;
  tool: string;
  askedAt: number;
  answeredAt: number | null;
  startedAt: number | null;
  settledAt: number | null;
  outcome: DecisionOutcome | null;
  auto: boolean;
  wrong: boolean;
  /** A person answered it, not the gate, a tribunal or the clock. */
  byPerson: boolean;
  tribunal: 'sitting' | 'agreed' | 'not_agreed' | null;
  /** The limit that it ran into: of actions or failures, or of what may go unasked in an hour. */
  violation: 'constraint' | 'rate_limit' | null;
}

/** Among the codes of its reasons: their texts cannot say the same, for quotes in them are escaped. */
const saysCode = (code: string): string => `instr(d.reasons, '"code":"${code}"') > 0`;

/** The same, with whose it is and the codes of its reasons. */
export interface SeenAction extends PastAction {
  sessionId: string;
  codes: readonly string[];
}

/** The same as `stageOf`, where the rows are; `storage.test.ts` holds the two together. */
const STAGE_SQL: Readonly<Record<Stage, string>> = {
  pending: `d.state = 'pending'`,
  approved: `d.state = 'approved' AND d.outcome IS NULL AND d.ended_as IS NULL AND d.delivered_at IS NULL`,
  executing: `d.outcome IS NULL AND d.ended_as IS NULL AND (d.state = 'allowed' OR (d.state = 'approved' AND d.delivered_at IS NOT NULL))`,
  completed: `d.outcome = 'ran' AND d.state IN ('allowed', 'approved')`,
  failed: `d.outcome = 'failed' AND d.state IN ('allowed', 'approved')`,
  aborted: `d.ended_as = 'aborted' AND d.state IN ('allowed', 'approved')`,
  timed_out: `d.ended_as = 'timed_out' AND d.state IN ('allowed', 'approved')`,
  unknown: `d.outcome = 'unknown' AND d.state IN ('allowed', 'approved')`,
  rejected: `d.state IN ('refused', 'denied')`,
  expired: `d.state = 'expired'`,
  withdrawn: `d.state = 'void'`,
};

function whereOf(filter: HistoryFilter): { where: string; values: (string | number)[] } {
  const parts: string[] = ['1 = 1'];
  const values: (string | number)[] = [];
  const add = (sql: string, ...given: (string | number)[]): void => {
    parts.push(sql);
    values.push(...given);
  };
  if (filter.stages) add(`(${filter.stages.map((stage) => `(${STAGE_SQL[stage]})`).join(' OR ') || '1 = 0'})`);
  if (filter.id !== undefined) add('d.id = ?', filter.id);
  if (filter.projectId !== undefined) add('d.project_id = ?', filter.projectId);
  if (filter.sessionId !== undefined) add('d.session_id = ?', filter.sessionId);
  if (filter.agent !== undefined) add('d.agent = ?', filter.agent);
  if (filter.tool !== undefined) add('d.tool = ?', filter.tool);
  if (filter.risk !== undefined) add('d.risk = ?', filter.risk);
  if (filter.since !== undefined) add('d.asked_at >= ?', filter.since);
  if (filter.until !== undefined) add('d.asked_at < ?', filter.until);
  const words = filter.text?.trim();
  if (words) {
    const said = likePatterns(words);
    // As it stands in JSON.
    const inJson = likePatterns(JSON.stringify(words).slice(1, -1));
    add(
      `(${likeAny(`(coalesce(d.answer_reason, '') || ' ' || p.name)`, said)} OR ${likeAny(`(d.action || ' ' || d.reasons)`, inJson)})`,
      ...said,
      ...inJson,
    );
  }
  return { where: parts.join(' AND '), values };
}

const FROM = 'FROM decisions d JOIN projects p ON p.id = d.project_id';

export function createHistoryStorage(db: Database) {
  const agents = db.prepare<[], { name: string }>(
    'SELECT DISTINCT agent AS name FROM decisions WHERE agent IS NOT NULL ORDER BY 1',
  );
  const tools = db.prepare<[], { name: string }>('SELECT DISTINCT tool AS name FROM decisions ORDER BY 1');
  return {
    /** Newest first, with the whole number of those that match. */
    page(filter: HistoryFilter, offset: number, limit: number): { total: number; decisions: StoredDecision[] } {
      const { where, values } = whereOf(filter);
      const found = db.prepare<unknown[], { n: number }>(`SELECT count(*) AS n ${FROM} WHERE ${where}`).get(...values);
      const rows = db
        .prepare<unknown[], Row>(`${SELECT} WHERE ${where} ORDER BY d.asked_at DESC, d.rowid DESC LIMIT ? OFFSET ?`)
        .all(...values, limit, offset);
      return { total: found?.n ?? 0, decisions: rows.map(fromRow) };
    },

    agents: (): string[] => agents.all().map(({ name }) => name),
    tools: (): string[] => tools.all().map(({ name }) => name),

    /** Who began each session. */
    sources: (): ReadonlyMap<string, SessionSource> =>
      new Map(
        db
          .prepare<[], { id: string; source: SessionSource }>('SELECT id, source FROM sessions')
          .all()
          .map(({ id, source }) => [id, source]),
      ),
    /** How often each agent had run each kind to a good end before that time, by `agent kind`. */
    ranBefore: (at: number): ReadonlyMap<string, number> =>
      new Map(
        db
          .prepare<[number], { agent: string; kind: string; n: number }>(
            `SELECT agent, kind, count(*) AS n FROM decisions
             WHERE outcome = 'ran' AND agent IS NOT NULL AND kind IS NOT NULL AND asked_at < ? GROUP BY agent, kind`,
          )
          .all(at)
          .map(({ agent, kind, n }) => [`${agent} ${kind}`, n]),
      ),
    /** Those of `since`, with whose they are and why they were judged as they were. */
    seen(at: number): SeenAction[] {
      const more = db
        .prepare<[number], { sessionId: string; codes: string }>(
          `SELECT session_id AS sessionId, (SELECT json_group_array(json_extract(value, '$.code')) FROM json_each(reasons)) AS codes
           FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.asked_at >= ? ORDER BY d.asked_at, d.rowid`,
        )
        .all(at);
      return this.since(at, undefined).map((action, n) => ({
        ...action,
        sessionId: more[n]?.sessionId ?? '',
        codes: JSON.parse(more[n]?.codes ?? '[]') as string[],
      }));
    },

    /** Oldest first. */
    since(at: number, projectId: string | undefined): PastAction[] {
      const { where, values } = whereOf({ since: at, ...(projectId !== undefined && { projectId }) });
      return db
        .prepare<
          unknown[],
          Omit<PastAction, 'auto' | 'wrong' | 'byPerson'> & { auto: number; wrong: number; byPerson: number }
        >(
          `SELECT d.state, d.verdict, d.risk, d.tool, d.asked_at AS askedAt, d.answered_at AS answeredAt,
             CASE d.state WHEN 'allowed' THEN d.asked_at WHEN 'approved' THEN d.delivered_at END AS startedAt,
             d.settled_at AS settledAt, coalesce(d.ended_as, d.outcome) AS outcome, d.auto, d.wrong_at IS NOT NULL AS wrong, d.tribunal,
             d.answered_by IS NOT NULL AND d.answered_by NOT IN ('gate', 'deadline', 'tribunal') AS byPerson,
             CASE WHEN ${saysCode('unmet_session_limit')} OR ${saysCode('unmet_failure_rate')} THEN 'constraint'
               WHEN ${saysCode('unmet_within_rate')} THEN 'rate_limit' END AS violation
           ${FROM} WHERE ${where} ORDER BY d.asked_at, d.rowid`,
        )
        .all(...values)
        .map((row) => ({ ...row, auto: row.auto === 1, wrong: row.wrong === 1, byPerson: row.byPerson === 1 }));
    },
  };
}
