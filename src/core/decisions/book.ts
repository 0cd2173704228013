import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Decision, DecisionState } from '../../shared/contract/decisions.ts';
import type { SessionSource } from '../../shared/contract/sessions.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Level } from '../../shared/policy.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import type { GateCall } from '../drivers/driver.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { verdictOf } from './rules.ts';
import { createDecisionStorage, type StoredDecision, viewOf } from './storage.ts';

/** What the gate must know of a session; gathered at each call, so that a lowered level holds at once. */
export interface GateSession {
  id: string;
  projectId: string;
  project: string;
  /** The effective level now. */
  level: Level;
  source: SessionSource;
  /** False once it has ended or is being ended. A parked one is open. */
  open: boolean;
  /** An agent of it runs now; only then may anything be asked. */
  running: boolean;
  cwd: string;
  /** The repository that was registered; `cwd` is it or a work tree of it. */
  projectPath: string;
  branch: string | null;
  verifyCommand: string | null;
}

export interface DecisionDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Both in milliseconds. */
  limits(): { holdMs: number; deadlineMs: number };
  session(id: string): GateSession | null;
  /** What the action would really do. */
  classify(call: GateCall, session: GateSession): ClassifiedAction;
  /** A fingerprint of a work tree, to which an approval is bound. */
  mark(cwd: string): Promise<string>;
  /** True when this call is the only one of its turn, so that the run may end here and be resumed. */
  mayDefer(sessionId: string, call: GateCall): boolean;
}

export const hashOf = (canonical: string): string => createHash('sha256').update(canonical).digest('hex');

/** The book of decisions: what is written down, told, withdrawn, and what still holds. */
export function createBook(deps: DecisionDeps) {
  const { journal, clock, ids } = deps;
  const storage = createDecisionStorage(deps.db);

  function reread(id: string): StoredDecision {
    const found = storage.get(id);
    if (!found) throw new TenureError('not_found', `There is no decision "${id}".`);
    return found;
  }

  function told(
    emit: Emit,
    type: 'decision.recorded' | 'decision.answered' | 'decision.settled',
    id: string,
  ): Decision {
    const decision = viewOf(reread(id));
    emit({ type, body: { decision } });
    return decision;
  }

  /** Withdraws a question: what it was bound to has changed or ended. */
  function voidIt(emit: Emit, id: string, reason: string): void {
    if (storage.withdraw(id, clock.now(), reason)) told(emit, 'decision.answered', id);
  }

  /** What still binds an approval: null, or the sentence why it no longer holds. */
  async function staleness(decision: StoredDecision): Promise<string | null> {
    const session = deps.session(decision.sessionId);
    if (!session?.open) return 'Its session has ended.';
    if (session.level !== decision.level) {
      return `The level is now ${session.level}; this was asked at ${decision.level}.`;
    }
    if (decision.treeMark !== null && (await deps.mark(session.cwd)) !== decision.treeMark) {
      return 'The work tree has changed since this was asked.';
    }
    return null;
  }

  async function record(session: GateSession, call: GateCall, action: ClassifiedAction): Promise<StoredDecision> {
    const { verdict, steps, reasons } = verdictOf({
      level: session.level,
      risk: action.risk,
      actionReasons: action.reasons,
      source: session.source,
      hardDeny: action.hardDeny,
      // No agent has a tier and there is no tribunal yet: nobody is eligible, nobody votes.
      eligible: false,
      tribunal: null,
      irreversible: action.irreversible,
    });
    const treeMark = verdict === 'ask' ? await deps.mark(session.cwd) : null;
    const now = clock.now();
    const state: DecisionState = verdict === 'ask' ? 'pending' : verdict === 'allow' ? 'allowed' : 'refused';
    const id = ids.next('dec');
    return journal.commit((emit) => {
      storage.insert({
        id,
        sessionId: session.id,
        projectId: session.projectId,
        project: session.project,
        action: { tool: action.tool, summary: action.summary, detail: action.detail, cwd: action.cwd },
        risk: action.risk,
        level: session.level,
        verdict,
        state,
        reasons,
        steps,
        askedAt: now,
        deadline: verdict === 'ask' ? now + deps.limits().deadlineMs : null,
        answeredAt: verdict === 'ask' ? null : now,
        answeredBy: verdict === 'ask' ? null : 'gate',
        answerReason: null,
        outcome: null,
        toolUseId: call.toolUseId,
        agentId: call.agentId,
        actionHash: hashOf(action.canonical),
        treeMark,
        deliveredAt: null,
      });
      told(emit, 'decision.recorded', id);
      return reread(id);
    });
  }

  return { storage, reread, told, voidIt, staleness, record };
}

export function alreadyAnswered(decision: Decision): TenureError {
  const when = decision.answeredAt === null ? '' : ` at ${new Date(decision.answeredAt).toISOString()}`;
  if (decision.state === 'expired') {
    return new TenureError(
      'expired',
      `This question ran out${when} and counts as denied; it can no longer be answered.`,
    );
  }
  const by = decision.answeredBy === null ? '' : ` by ${decision.answeredBy}`;
  const why = decision.answerReason === null ? '' : `: ${decision.answerReason}`;
  return new TenureError('conflict', `This question was already ${decision.state}${by}${when}${why}.`);
}
