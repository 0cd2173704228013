import type { Database } from 'better-sqlite3';
import type { Urgency } from '../../shared/attention.ts';
import type { ActionView, Decision, DecisionOutcome, DecisionState, Reason } from '../../shared/contract/decisions.ts';
import type { Form } from '../../shared/contract/standing.ts';
import type { Level, Risk } from '../../shared/policy.ts';
import type { Route } from './routing.ts';
import type { History } from './rules.ts';

/** A decision as stored: the contract's view and what binds it. */
export interface StoredDecision extends Decision {
  toolUseId: string | null;
  agentId: string | null;
  actionHash: string;
  treeMark: string | null;
  /** Epoch ms at which the agent was told the answer in a prompt; null: not so. */
  toldAt: number | null;
  /** Epoch ms at which the asking call itself got the answer; null: not yet. */
  deliveredAt: number | null;
  /** Who acted, as `claude/opus`; null in records from before it was kept. */
  agent: string | null;
  /** The kind of action (`kindOf`), by which the agent's record is kept. */
  kind: string | null;
  /** What a standing rule can be about; null where none was kept. */
  form: Form | null;
  /** The standing rule that decided it. */
  ruleId: string | null;
  /** Epoch ms at which little of its time is left; null: nothing was asked. */
  warnAt: number | null;
}

export interface Row {
  id: string;
  session_id: string;
  project_id: string;
  project: string;
  tool_use_id: string | null;
  agent_id: string | null;
  action: string;
  action_hash: string;
  tree_mark: string | null;
  risk: Risk;
  level: Level;
  verdict: Decision['verdict'];
  state: DecisionState;
  reasons: string;
  steps: 1 | 2;
  asked_at: number;
  deadline: number | null;
  answered_at: number | null;
  answered_by: string | null;
  answer_reason: string | null;
  told_at: number | null;
  delivered_at: number | null;
  outcome: DecisionOutcome | null;
  agent: string | null;
  kind: string | null;
  form: string | null;
  rule_id: string | null;
  settled_at: number | null;
  urgency: Urgency;
  escalations: number;
  warn_at: number | null;
  warned: 0 | 1;
  quiet_until: number | null;
  tribunal: Decision['tribunal'];
  auto: 0 | 1;
  wrong_at: number | null;
  wrong_by: string | null;
  wrong_reason: string | null;
}

/** The gate's own yes starts at once, a person's when the agent comes for it. */
const startOf = (row: Row): number | null =>
  row.state === 'allowed' ? row.asked_at : row.state === 'approved' ? row.delivered_at : null;

export const fromRow = (row: Row): StoredDecision => ({
  id: row.id,
  sessionId: row.session_id,
  projectId: row.project_id,
  project: row.project,
  action: JSON.parse(row.action) as ActionView,
  risk: row.risk,
  level: row.level,
  verdict: row.verdict,
  state: row.state,
  reasons: JSON.parse(row.reasons) as Reason[],
  steps: row.steps,
  askedAt: row.asked_at,
  deadline: row.deadline,
  answeredAt: row.answered_at,
  answeredBy: row.answered_by,
  answerReason: row.answer_reason,
  outcome: row.outcome,
  toolUseId: row.tool_use_id,
  agentId: row.agent_id,
  actionHash: row.action_hash,
  treeMark: row.tree_mark,
  toldAt: row.told_at,
  deliveredAt: row.delivered_at,
  agent: row.agent,
  kind: row.kind,
  form: row.form === null ? null : (JSON.parse(row.form) as Form),
  ruleId: row.rule_id,
  urgency: row.urgency,
  escalations: row.escalations,
  warnAt: row.warn_at,
  warned: row.warned === 1,
  quietUntil: row.quiet_until,
  tribunal: row.tribunal,
  startedAt: startOf(row),
  settledAt: row.settled_at,
  auto: row.auto === 1,
  wrong: row.wrong_at === null ? null : { at: row.wrong_at, by: row.wrong_by ?? 'unknown', reason: row.wrong_reason },
});

/** What the contract shows of a stored decision. */
export function viewOf(stored: StoredDecision): Decision {
  const { toolUseId: _t, agentId: _a, actionHash: _h, treeMark: _m, deliveredAt: _d, toldAt: _o, ...rest } = stored;
  const { agent: _n, kind: _k, form: _f, ruleId: _r, warnAt: _w, ...view } = rest;
  return view;
}

/** More of a kind than this say no more than this many; it bounds what a look at the record costs. */
const ENOUGH = 200;

export const SELECT = 'SELECT d.*, p.name AS project FROM decisions d JOIN projects p ON p.id = d.project_id';

export type DecisionStorage = ReturnType<typeof createDecisionStorage>;

export function createDecisionStorage(db: Database) {
  const insert = db.prepare(`INSERT INTO decisions
    (id, session_id, project_id, tool, tool_use_id, agent_id, action, action_hash, tree_mark, risk, level, verdict,
     state, reasons, steps, asked_at, deadline, answered_at, answered_by, agent, kind, auto, form, rule_id, urgency, escalations, warn_at, quiet_until, tribunal)
    VALUES (@id, @sessionId, @projectId, @tool, @toolUseId, @agentId, @action, @actionHash, @treeMark, @risk, @level,
     @verdict, @state, @reasons, @steps, @askedAt, @deadline, @answeredAt, @answeredBy, @agent, @kind, @auto, @form, @ruleId, @urgency, @escalations, @warnAt, @quietUntil, @tribunal)`);
  const byId = db.prepare<[string], Row>(`${SELECT} WHERE d.id = ?`);
  const pending = db.prepare<[], Row>(`${SELECT} WHERE d.state = 'pending' ORDER BY d.deadline`);
  const recent = db.prepare<[number], Row>(`${SELECT} ORDER BY d.asked_at DESC, d.rowid DESC LIMIT ?`);
  const ofSession = db.prepare<[string], Row>(`${SELECT} WHERE d.session_id = ? ORDER BY d.asked_at, d.rowid`);
  const open = db.prepare<[string, string], Row>(`SELECT d.*, p.name AS project
    FROM decisions d INDEXED BY decisions_open JOIN projects p ON p.id = d.project_id
    WHERE d.session_id = ? AND d.action_hash = ?
    AND d.verdict = 'ask' AND d.delivered_at IS NULL AND d.state IN ('pending', 'approved', 'denied', 'expired')
    ORDER BY d.asked_at DESC, d.rowid DESC LIMIT 1`);
  const undelivered = db.prepare<[string], Row>(`${SELECT} WHERE d.session_id = ? AND d.verdict = 'ask'
    AND d.delivered_at IS NULL AND d.state IN ('approved', 'denied', 'expired') ORDER BY d.asked_at, d.rowid`);
  const due = db.prepare<[number], Row>(`${SELECT} WHERE d.state = 'pending' AND d.deadline < ?`);
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
  const answer = db.prepare<[string, number, string, string | null, string]>(`UPDATE decisions
    SET state = ?, answered_at = ?, answered_by = ?, answer_reason = ? WHERE id = ? AND state = 'pending'`);
  const setAction = db.prepare<[string, string]>('UPDATE decisions SET action = ? WHERE id = ?');
  const deliver = db.prepare<[number, string | null, string]>(`UPDATE decisions
    SET delivered_at = ?, tool_use_id = coalesce(?, tool_use_id) WHERE id = ? AND delivered_at IS NULL`);
  const withdraw = db.prepare<[number, string, string]>(
    `UPDATE decisions SET state = 'void', answered_at = ?, answer_reason = ?
     WHERE id = ? AND delivered_at IS NULL AND state IN ('pending', 'approved')`,
  );
  const tell = db.prepare<[number, string]>('UPDATE decisions SET told_at = ? WHERE id = ? AND told_at IS NULL');
  const untell = db.prepare<[string]>(
    'UPDATE decisions SET told_at = NULL WHERE session_id = ? AND delivered_at IS NULL',
  );
  const settle = db.prepare<[DecisionOutcome, number, string, string]>(`UPDATE decisions SET outcome = ?, settled_at = ?
    WHERE session_id = ? AND tool_use_id = ? AND outcome IS NULL AND state IN ('allowed', 'approved')`);
  const byToolUse = db.prepare<[string, string], Row>(
    `${SELECT} WHERE d.session_id = ? AND d.tool_use_id = ? ORDER BY d.rowid DESC LIMIT 1`,
  );
  const unsettled = db.prepare<[string], Row>(`${SELECT} WHERE d.session_id = ? AND d.outcome IS NULL
    AND (d.state = 'allowed' OR (d.state = 'approved' AND d.delivered_at IS NOT NULL))`);
  const pendingCount = db.prepare<[string], { n: number }>(
    `SELECT count(*) AS n FROM decisions WHERE session_id = ? AND state = 'pending'`,
  );
  const ran = db.prepare<[string, string], { n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM decisions WHERE agent = ? AND kind = ? AND outcome = 'ran' LIMIT ${ENOUGH})`,
  );
  const failed = db.prepare<[string, string, number], { n: number }>(
    `SELECT count(*) AS n FROM decisions WHERE agent = ? AND kind = ? AND outcome = 'failed' AND asked_at > ?`,
  );
  const lately = db.prepare<[string, number], { finished: number; failed: number }>(
    `SELECT count(*) AS finished, coalesce(sum(outcome = 'failed'), 0) AS failed FROM (SELECT outcome FROM decisions
     WHERE agent = ? AND outcome IN ('ran', 'failed') AND asked_at > ? ORDER BY asked_at DESC LIMIT ${ENOUGH})`,
  );
  const autos = db.prepare<[string, number], { n: number }>(
    'SELECT count(*) AS n FROM decisions WHERE agent = ? AND auto = 1 AND asked_at > ?',
  );
  const executed = db.prepare<[string], { n: number }>(
    'SELECT count(*) AS n FROM decisions WHERE session_id = ? AND outcome IS NOT NULL',
  );
  const markWrong = db.prepare<[number, string, string | null, string]>(
    'UPDATE decisions SET wrong_at = ?, wrong_by = ?, wrong_reason = ? WHERE id = ? AND auto = 1 AND wrong_at IS NULL',
  );
  const past = db.prepare<[string, number], Row>(
    `${SELECT} WHERE d.project_id = ? AND d.asked_at > ? ORDER BY d.asked_at DESC LIMIT 20000`,
  );
  const get = (id: string): StoredDecision | null => {
    const row = byId.get(id);
    return row ? fromRow(row) : null;
  };
  return {
    get,
    insert(d: StoredDecision): void {
      const { action, reasons, wrong: _none, startedAt: _start, settledAt: _end, warned: _warned, ...columns } = d;
      insert.run({
        ...columns,
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
    /** The newest question of that session about exactly that action whose answer the agent has not got. */
    open(sessionId: string, actionHash: string): StoredDecision | null {
      const row = open.get(sessionId, actionHash);
      return row ? fromRow(row) : null;
    },
    undelivered: (sessionId: string) => undelivered.all(sessionId).map(fromRow),
    due: (now: number) => due.all(now).map(fromRow),
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
    answer: (id: string, state: DecisionState, now: number, by: string, reason: string | null): boolean =>
      answer.run(state, now, by, reason, id).changes === 1,
    /** What is shown of an action gets the person's answers. */
    setAction: (id: string, action: ActionView): void => void setAction.run(JSON.stringify(action), id),
    deliver: (id: string, now: number, toolUseId: string | null): boolean =>
      deliver.run(now, toolUseId, id).changes === 1,
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
    history(
      of: { agent: string; kind: string; sessionId: string | null },
      since: { failureOfKind: number; failures: number; hourAgo: number },
    ): History {
      const recent = lately.get(of.agent, since.failures);
      return {
        ranOfKind: ran.get(of.agent, of.kind)?.n ?? 0,
        failedOfKind: failed.get(of.agent, of.kind, since.failureOfKind)?.n ?? 0,
        finished: recent?.finished ?? 0,
        failed: recent?.failed ?? 0,
        autoInHour: autos.get(of.agent, since.hourAgo)?.n ?? 0,
        ofSession: of.sessionId === null ? 0 : (executed.get(of.sessionId)?.n ?? 0),
      };
    },

    /** False: it was no yes of the gate's own, or is marked already. */
    markWrong: (id: string, now: number, by: string, reason: string | null): boolean =>
      markWrong.run(now, by, reason, id).changes === 1,
  };
}
