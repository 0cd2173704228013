import type { Attention, Urgency } from '../../shared/attention.ts';
import type { ActionView, Decision, DecisionOutcome, DecisionState, Reason } from '../../shared/contract/decisions.ts';
import type { Form } from '../../shared/contract/standing.ts';
import type { DenyReason } from '../../shared/deny-words.ts';
import type { Level, Risk } from '../../shared/policy.ts';

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
  answer_code: DenyReason | null;
  alike: string | null;
  ended_as: 'aborted' | 'timed_out' | null;
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
  begins: Attention | null;
  tribunal: Decision['tribunal'];
  auto: 0 | 1;
  wrong_at: number | null;
  wrong_by: string | null;
  wrong_reason: string | null;
}

/** The gate's own yes starts at once, a person's when the agent comes for it. */
const startOf = (row: Row): number | null =>
  row.state === 'allowed' ? row.asked_at : row.state === 'approved' ? row.delivered_at : null;

/** Who answers when no person does. */
const NOBODY = /^(?:gate|deadline|tribunal)$/u;
const isUndoable = (row: Row): boolean =>
  (row.state === 'approved' || row.state === 'denied') &&
  row.verdict === 'ask' &&
  row.delivered_at === null &&
  row.told_at === null &&
  row.answered_by !== null &&
  !NOBODY.test(row.answered_by);

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
  answerCode: row.answer_code,
  alike: row.alike,
  undoable: isUndoable(row),
  outcome: row.ended_as ?? row.outcome,
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
  ...(row.begins !== null && { begins: row.begins }),
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
