import { DENY_WORDS } from '../../shared/deny-words.ts';
import type { GateAnswer, GateCall } from '../drivers/driver.ts';
import type { createBook, DecisionDeps } from './book.ts';
import { allowed, type createHolds, denied } from './holds.ts';
import { answerTo } from './questions.ts';
import type { StoredDecision } from './row.ts';

const ASK_AGAIN = (id: string): string =>
  `A person has not answered yet (${id}). Do not look for another way to do this. Go on with other work, or end your turn: you will be told the answer. To try again, ask for exactly the same.`;

/** A no in the words that reach the agent. */
function noOf({ answerCode, answerReason }: StoredDecision): string {
  const kind = answerCode === null ? '' : DENY_WORDS[answerCode].told;
  if (answerReason !== null) return `${kind} ${answerReason}.`.trim().replace(/([.!?])\.$/u, '$1');
  return kind === '' ? 'no reason was given.' : kind;
}

/** How an answer gets to the agent: held back for it, handed over once, and only while it stands. */
export function createDelivery(
  deps: DecisionDeps,
  { storage, bindings, reread, told, voidIt, outgrown }: ReturnType<typeof createBook>,
  holds: ReturnType<typeof createHolds>,
) {
  const { journal, clock } = deps;

  /** Hands an answered question's answer to the agent, once. Null: it no longer holds, ask afresh. */
  async function deliver(decision: StoredDecision, call: GateCall): Promise<GateAnswer | null> {
    const now = decision.state === 'approved' ? await bindings.now(decision) : null;
    return journal.commit((emit) => {
      const stale =
        decision.state === 'approved' ? (bindings.staleness(decision, now) ?? changed(decision, call)) : null;
      if (stale !== null) {
        voidIt(emit, decision.id, stale);
        return null;
      }
      if (!storage.deliver(decision.id, decision.state, clock.now(), call.toolUseId)) return null;
      told(emit, 'decision.settled', decision.id);
      if (decision.action.questions) return answerTo(decision, decision.action.questions, call);
      if (decision.state === 'approved')
        return allowed(`${decision.tribunal === 'agreed' ? 'A tribunal' : 'A person'} approved this (${decision.id}).`);
      if (decision.state === 'expired') return denied(`Nobody answered in time, so this is denied (${decision.id}).`);
      return denied(`A person denied this: ${noOf(decision)}`);
    });
  }

  /** Why an approval no longer stands for that very call; null: it does. */
  function changed(decision: StoredDecision, call: GateCall): string | null {
    const session = deps.session(decision.sessionId);
    return session ? outgrown(decision, session, deps.classify(call, session)) : 'Its session has ended.';
  }

  /**
   * The decision once its answer can no longer be taken back: a person has a moment to think better of it.
   * Pending, when that is what they did or the caller goes meanwhile.
   */
  async function final(decision: StoredDecision, signal: AbortSignal | null): Promise<StoredDecision> {
    let now = decision;
    for (;;) {
      const left = now.undoable ? (now.answeredAt ?? 0) + deps.limits().undoMs - clock.now() : 0;
      if (left <= 0) return now;
      const end = await holds.hold(now.id, left, signal);
      now = reread(now.id);
      if (end === 'caller_gone' || end === 'engine_stops') return { ...now, state: 'pending' };
    }
  }

  async function hold(decision: StoredDecision, call: GateCall, signal: AbortSignal | null): Promise<GateAnswer> {
    const until = clock.now() + deps.limits().holdMs;
    let end = await holds.hold(decision.id, deps.limits().holdMs, signal);
    let now = await final(reread(decision.id), signal);
    // An answer was taken back: the question waits on, as long as it may.
    while (end === 'answered' && now.state === 'pending' && clock.now() < until) {
      end = await holds.hold(decision.id, until - clock.now(), signal);
      now = await final(reread(decision.id), signal);
    }
    if (now.state === 'void')
      return denied(`${now.answerReason ?? 'This no longer holds.'} Ask again if it is still needed.`);
    if (now.state !== 'pending') {
      const answer = await deliver(now, call);
      return answer ?? denied('What was approved has changed since. Ask again if it is still needed.');
    }
    if (end === 'caller_gone') return denied('The caller has gone.');
    return deps.mayDefer(decision.sessionId, call)
      ? { permission: 'defer', reason: `A person will answer (${decision.id}).` }
      : denied(ASK_AGAIN(decision.id));
  }

  return { deliver, hold, final };
}
