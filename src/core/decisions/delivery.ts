import type { GateAnswer, GateCall } from '../drivers/driver.ts';
import type { createBook, DecisionDeps } from './book.ts';
import { allowed, type createHolds, denied } from './holds.ts';
import { answerTo } from './questions.ts';
import type { StoredDecision } from './storage.ts';

const ASK_AGAIN = (id: string): string =>
  `A person has not answered yet (${id}). Do not look for another way to do this. Go on with other work, or end your turn: you will be told the answer. To try again, ask for exactly the same.`;

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
      if (!storage.deliver(decision.id, clock.now(), call.toolUseId)) return null;
      told(emit, 'decision.settled', decision.id);
      if (decision.action.questions) return answerTo(decision, decision.action.questions, call);
      if (decision.state === 'approved')
        return allowed(`${decision.tribunal === 'agreed' ? 'A tribunal' : 'A person'} approved this (${decision.id}).`);
      if (decision.state === 'expired') return denied(`Nobody answered in time, so this is denied (${decision.id}).`);
      return denied(`A person denied this: ${decision.answerReason ?? 'no reason was given'}.`);
    });
  }

  /** Why an approval no longer stands for that very call; null: it does. */
  function changed(decision: StoredDecision, call: GateCall): string | null {
    const session = deps.session(decision.sessionId);
    return session ? outgrown(decision, session, deps.classify(call, session)) : 'Its session has ended.';
  }

  async function hold(decision: StoredDecision, call: GateCall, signal: AbortSignal | null): Promise<GateAnswer> {
    const end = await holds.hold(decision.id, deps.limits().holdMs, signal);
    const now = reread(decision.id);
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

  return { deliver, hold };
}
