import type { Database } from 'better-sqlite3';
import type { ActionView, DecisionOutcome, DecisionState } from '../../shared/contract/decisions.ts';
import type { DenyReason } from '../../shared/deny-words.ts';
import type { Route } from './routing.ts';
import { fromRow, type Row, type StoredDecision } from './row.ts';
import { type History, NO_HISTORY } from './rules.ts';

/** More of a kind than this say no more than this many; it bounds what a look at the record costs. */
const ENOUGH = 200;

/**
 * With more than one way to go about it, SQLite looks at what a bare `?` stands for that a column is compared with,
 * and so plans the statement anew at every run, which takes ten times as long as the run. A `+?` it does not look at.
 */
export const SELECT = 'SELECT d.*, p.name AS project FROM decisions d JOIN projects p ON p.id = d.project_id';

/** Whose record is looked at, of which kind of action, and since when (epoch ms) what counts. */
interface HistoryOf {
  agent: string;
  kind: string;
  /** Null: of no session. */
  sessionId: string | null;
  failureOfKind: number;
  failures: number;
  hourAgo: number;
}

export type DecisionStorage = ReturnType<typeof createDecisionStorage>;

export function createDecisionStorage(db: Database) {
  const insert = db.prepare(`INSERT INTO decisions
    (id, session_id, project_id, tool, tool_use_id, agent_id, action, action_hash, tree_mark, risk, level, verdict,
     state, reasons, steps, asked_at, deadline, answered_at, answered_by, agent, kind, auto, form, rule_id, urgency, escalations, warn_at, quiet_until, tribunal, alike, begins)
    VALUES (@id, @sessionId, @projectId, @tool, @toolUseId, @agentId, @action, @actionHash, @treeMark, @risk, @level,
     @verdict, @state, @reasons, @steps, @askedAt, @deadline, @answeredAt, @answeredBy, @agent, @kind, @auto, @form, @ruleId, @urgency, @escalations, @warnAt, @quietUntil, @tribunal, @alike, @begins)`);
  const byId = db.prepare<[string], Row>(`${SELECT} WHERE d.id = +?`);
  const pending = db.prepare<[], Row>(`${SELECT} WHERE d.state = 'pending' ORDER BY d.deadline`);
  const recent = db.prepare<[number], Row>(`${SELECT} ORDER BY d.asked_at DESC, d.rowid DESC LIMIT ?`);
  const ofSession = db.prepare<[string], Row>(`${SELECT} WHERE d.session_id = +? ORDER BY d.asked_at, d.rowid`);
  const open = db.prepare<[string, string], Row>(`SELECT d.*, p.name AS project
    FROM decisions d INDEXED BY decisions_open JOIN projects p ON p.id = d.project_id
    WHERE d.session_id = +? AND d.action_hash = +?
    AND d.verdict = 'ask' AND d.delivered_at IS NULL AND d.state IN ('pending', 'approved', 'denied', 'expired')
    ORDER BY d.rowid DESC`);
  const undelivered = db.prepare<[string], Row>(`${SELECT} WHERE d.session_id = +? AND d.verdict = 'ask'
    AND d.delivered_at IS NULL AND d.state IN ('approved', 'denied', 'expired') ORDER BY d.asked_at, d.rowid`);
  const due = db.prepare<[number], Row>(`${SELECT} WHERE d.state = 'pending' AND d.deadline < ?`);
  const next = db.prepare<[], { at: number | null }>(
    `SELECT min(deadline) AS at FROM decisions WHERE state = 'pending'`,
  );
  const raise = db.prepare<[number, number, string, number]>(`UPDATE decisions
    SET escalations = escalations + 1, deadline = ?, warn_at = ?, warned = 0
    WHERE id = ? AND state = 'pending' AND escalations = ?`);
  const toWarn = db.prepare<[number], Row>(`${SELECT} WHERE d.state = 'pending' AND d.warned = 0 AND d.warn_at <= ?`);
  const warn = db.prepare<[string]>(`UPDATE decisions SET warned = 1 WHERE id = ? AND state = 'pending'`);
  const quietOver = db.prepare<[number], Row>(`${SELECT} WHERE d.state = 'pending' AND d.quiet_until <= ?`);
  const wake = db.prepare<[string]>(`UPDATE decisions SET quiet_until = NULL WHERE id = ? AND state = 'pending'`);
  const handOn = db.prepare<[string]>(
    `UPDATE decisions SET tribunal = 'not_agreed', quiet_until = NULL WHERE id = ? AND state = 'pending' AND tribunal = 'sitting'`,
  );
  const agreed = db.prepare<[string]>(`UPDATE decisions SET tribunal = 'agreed' WHERE id = ?`);
  const answer = db.prepare<[string, number, string, string | null, string | null, string]>(`UPDATE decisions
    SET state = ?, answered_at = ?, answered_by = ?, answer_reason = ?, answer_code = ? WHERE id = ? AND state = 'pending'`);
  const takeBack = db.prepare<[string, number]>(`UPDATE decisions
    SET state = 'pending', answered_at = NULL, answered_by = NULL, answer_reason = NULL, answer_code = NULL
    WHERE id = ? AND state IN ('approved', 'denied') AND delivered_at IS NULL AND told_at IS NULL AND deadline > ?`);
  const quieten = db.prepare<[number, string]>(
    `UPDATE decisions SET quiet_until = ? WHERE id = ? AND state = 'pending'`,
  );
  const alike = db.prepare<[string], { id: string }>(
    `SELECT id FROM decisions WHERE alike = +? AND state = 'pending' ORDER BY asked_at, rowid`,
  );
  const end = db.prepare<[string, number, string]>(`UPDATE decisions SET ended_as = ?, settled_at = ?
    WHERE id = ? AND outcome IS NULL AND ended_as IS NULL
    AND (state = 'allowed' OR (state = 'approved' AND delivered_at IS NOT NULL))`);
  const setAction = db.prepare<[string, string]>('UPDATE decisions SET action = ? WHERE id = ?');
  const deliver = db.prepare<[number, string | null, string, string]>(`UPDATE decisions
    SET delivered_at = ?, tool_use_id = coalesce(?, tool_use_id) WHERE id = ? AND state = ? AND delivered_at IS NULL`);
  const withdraw = db.prepare<[number, string, string]>(
    `UPDATE decisions SET state = 'void', answered_at = ?, answer_reason = ?
     WHERE id = ? AND delivered_at IS NULL AND state IN ('pending', 'approved')`,
  );
  const tell = db.prepare<[number, string]>('UPDATE decisions SET told_at = ? WHERE id = ? AND told_at IS NULL');
  const untell = db.prepare<[string]>(
    'UPDATE decisions SET told_at = NULL WHERE session_id = +? AND delivered_at IS NULL',
  );
  const settle = db.prepare<[DecisionOutcome, number, string, string]>(`UPDATE decisions SET outcome = ?, settled_at = ?
    WHERE session_id = +? AND tool_use_id = +? AND outcome IS NULL AND ended_as IS NULL AND state IN ('allowed', 'approved')`);
  const byToolUse = db.prepare<[string, string], Row>(
    `${SELECT} WHERE d.session_id = +? AND d.tool_use_id = +? ORDER BY d.rowid DESC LIMIT 1`,
  );
  const unsettled = db.prepare<
    [string],
    Row
  >(`${SELECT} WHERE d.session_id = +? AND d.outcome IS NULL AND d.ended_as IS NULL
    AND (d.state = 'allowed' OR (d.state = 'approved' AND d.delivered_at IS NOT NULL))`);
  const pendingCount = db.prepare<[string], { n: number }>(
    `SELECT count(*) AS n FROM decisions WHERE session_id = +? AND state = 'pending'`,
  );
  const lately = `FROM decisions WHERE agent = +@agent AND outcome IN ('ran', 'failed') AND asked_at > @failures
    ORDER BY asked_at DESC LIMIT ${ENOUGH}`;
  const history = db.prepare<HistoryOf, History>(`SELECT
    (SELECT count(*) FROM (SELECT 1 FROM decisions WHERE agent = +@agent AND kind = +@kind AND outcome = 'ran'
      LIMIT ${ENOUGH})) AS ranOfKind,
    (SELECT count(*) FROM decisions WHERE agent = +@agent AND kind = +@kind AND outcome = 'failed'
      AND asked_at > @failureOfKind) AS failedOfKind,
    (SELECT count(*) FROM (SELECT 1 ${lately})) AS finished,
    (SELECT count(*) FROM (SELECT outcome ${lately}) WHERE outcome = 'failed') AS failed,
    (SELECT count(*) FROM decisions WHERE agent = +@agent AND auto = 1 AND asked_at > @hourAgo) AS autoInHour,
    (SELECT count(*) FROM decisions WHERE session_id = +@sessionId
      AND (outcome IS NOT NULL OR ended_as IS NOT NULL)) AS ofSession`);
  const markWrong = db.prepare<[number, string, string | null, string]>(
    'UPDATE decisions SET wrong_at = ?, wrong_by = ?, wrong_reason = ? WHERE id = ? AND auto = 1 AND wrong_at IS NULL',
  );
  const past = db.prepare<[string, number], Row>(
    `${SELECT} WHERE d.project_id = +? AND d.asked_at > ? ORDER BY d.asked_at DESC LIMIT 20000`,
  );
  const get = (id: string): StoredDecision | null => {
    const row = byId.get(id);
    return row ? fromRow(row) : null;
  };
  return {
    get,
    insert(d: StoredDecision): void {
      const {
        action,
        reasons,
        wrong: _none,
        startedAt: _start,
        settledAt: _end,
        warned: _warned,
        undoable: _undo,
        ...columns
      } = d;
      insert.run({
        ...columns,
        begins: d.begins ?? null,
        auto: d.auto ? 1 : 0,
        form: d.form === null ? null : JSON.stringify(d.form),
        tool: action.tool,
        action: JSON.stringify(action),
        reasons: JSON.stringify(reasons),
      });
    },
    pending: () => pending.all().map(fromRow),
    past: (projectId: string, since: number) => past.all(projectId, since).map(fromRow),
    recent: (limit: number) => recent.all(limit).map(fromRow),
    ofSession: (sessionId: string) => ofSession.all(sessionId).map(fromRow),
    tell: (id: string, now: number): void => void tell.run(now, id),
    untell: (sessionId: string): void => void untell.run(sessionId),
    /** Questions of that session about exactly that action whose answers the agent has not got, newest first. */
    open: (sessionId: string, actionHash: string) => open.all(sessionId, actionHash).map(fromRow),
    undelivered: (sessionId: string) => undelivered.all(sessionId).map(fromRow),
    due: (now: number) => due.all(now).map(fromRow),
    nextDeadline: (): number | null => next.get()?.at ?? null,
    /** Asked louder, with a time of its own; false: it was answered or raised meanwhile. */
    raise: (id: string, escalations: number, { deadline, warnAt }: Route): boolean =>
      raise.run(deadline, warnAt, id, escalations).changes === 1,
    /** The tribunal leaves it to the person; false: it is answered already. */
    handOn: (id: string): boolean => handOn.run(id).changes === 1,
    agreed: (id: string): void => void agreed.run(id),
    toWarn: (now: number) => toWarn.all(now).map(fromRow),
    warn: (id: string): boolean => warn.run(id).changes === 1,
    quietOver: (now: number) => quietOver.all(now).map(fromRow),
    wake: (id: string): boolean => wake.run(id).changes === 1,
    /** Compare-and-set from pending; false: somebody else was first. */
    answer: (
      id: string,
      state: DecisionState,
      now: number,
      by: string,
      reason: string | null,
      code: DenyReason | null = null,
    ): boolean => answer.run(state, now, by, reason, code, id).changes === 1,
    /** A person's answer that the agent has not got is none again; false: it has got it, or its time is over. */
    takeBack: (id: string, now: number): boolean => takeBack.run(id, now).changes === 1,
    quieten: (id: string, until: number): boolean => quieten.run(until, id).changes === 1,
    /** Questions that ask the very same, oldest first. */
    alike: (key: string): string[] => alike.all(key).map(({ id }) => id),
    /** What runs has ended otherwise than by itself; false: it has ended already, or never ran. */
    end: (id: string, as: 'aborted' | 'timed_out', now: number): boolean => end.run(as, now, id).changes === 1,
    /** What is shown of an action gets the person's answers. */
    setAction: (id: string, action: ActionView): void => void setAction.run(JSON.stringify(action), id),
    /** Compare-and-set: the answer that was looked at is handed over, once. */
    deliver: (id: string, state: DecisionState, now: number, toolUseId: string | null): boolean =>
      deliver.run(now, toolUseId, id, state).changes === 1,
    withdraw: (id: string, now: number, reason: string): boolean => withdraw.run(now, reason, id).changes === 1,
    settle: (outcome: DecisionOutcome, now: number, sessionId: string, toolUseId: string): boolean =>
      settle.run(outcome, now, sessionId, toolUseId).changes > 0,
    byToolUse(sessionId: string, toolUseId: string): StoredDecision | null {
      const row = byToolUse.get(sessionId, toolUseId);
      return row ? fromRow(row) : null;
    },
    /** Let through, but nobody saw how it ended. */
    unsettled: (sessionId: string) => unsettled.all(sessionId).map(fromRow),
    pendingCount: (sessionId: string): number => pendingCount.get(sessionId)?.n ?? 0,

    /** What is on record: of the agent with that kind of action, since those times, and of the session. */
    history: (of: HistoryOf): History => history.get(of) ?? NO_HISTORY,

    /** False: it was no yes of the gate's own, or is marked already. */
    markWrong: (id: string, now: number, by: string, reason: string | null): boolean =>
      markWrong.run(now, by, reason, id).changes === 1,
  };
}
