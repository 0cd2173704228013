import type { Decision } from '../../shared/contract/decisions.ts';
import { TenureError } from '../../shared/errors.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import type { GateAnswer, GateCall } from '../drivers/driver.ts';
import type { Emit } from '../kernel/journal.ts';
import { createAnswering } from './answering/service.ts';
import { createBook, type DecisionDeps, hashOf } from './book.ts';
import { createDelivery } from './delivery.ts';
import { allowed, createHolds, denied } from './holds.ts';
import type { GateSession } from './judge.ts';
import { questionsIn } from './questions.ts';
import { createRecord } from './record.ts';
import { type StoredDecision, viewOf } from './row.ts';

export type Decisions = ReturnType<typeof createDecisions>;

/** Open questions of one session, and calls of it in judgement or held at once. */
const MOST_OPEN = 20;
const MOST_AT_ONCE = 40;
const TOO_MANY =
  'Too many questions of this session wait for an answer. Nothing more is asked until some are answered.';

export function createDecisions(deps: DecisionDeps) {
  const { journal, clock, log } = deps;
  const book = createBook(deps);
  const { storage, bindings, told, voidIt, record, recordQuestion, convene, outgrown } = book;
  const holds = createHolds(clock);
  const answering = createAnswering(deps, book, holds);
  const { endedWith, noteWrong, ...answers } = answering;
  const { deliver, hold, final } = createDelivery(deps, book, holds);
  const asking = new Map<string, number>();

  /** A question that was asked already and still stands for this call at this level; another is withdrawn. */
  async function stillAsked(
    earlier: StoredDecision,
    session: GateSession,
    action: ClassifiedAction,
  ): Promise<StoredDecision | null> {
    if (earlier.action.questions) return earlier;
    const moved = earlier.level === session.level ? null : 'The level has changed since it was asked.';
    const effect = await bindings.effect(session, action.tool);
    const why = moved ?? outgrown(earlier, session, action) ?? bindings.drift(earlier, effect);
    if (why === null) return earlier;
    journal.commit((emit) => voidIt(emit, earlier.id, why));
    holds.answered(earlier.id);
    return null;
  }

  /** Another call of the very same waits for that answer: each has a question of its own, and they are answered together. */
  const isTaken = ({ id, toolUseId }: StoredDecision, call: GateCall): boolean =>
    toolUseId !== call.toolUseId && holds.isHeld(id);

  /** The question that a call comes back to: its own, or the newest of the very same that no other call waits for. */
  function openFor(sessionId: string, action: ClassifiedAction, call: GateCall): StoredDecision | undefined {
    const open = storage.open(sessionId, hashOf(action.canonical));
    const own = open.find(({ toolUseId }) => toolUseId !== null && toolUseId === call.toolUseId);
    return own ?? open.find((one) => !isTaken(one, call));
  }

  async function decide(sessionId: string, call: GateCall, signal: AbortSignal | null): Promise<GateAnswer> {
    const session = deps.session(sessionId);
    if (!session?.running) return denied('This session does not run (any more); nothing of it may run.');
    const action = deps.classify(call, session);
    const found = openFor(sessionId, action, call);
    const earlier = found && (await final(found, signal));
    if (earlier && earlier.state !== 'pending') {
      const answer = await deliver(earlier, call);
      if (answer) return answer;
    }
    const standing = earlier?.state === 'pending' ? await stillAsked(earlier, session, action) : null;
    if (!standing && storage.pendingCount(sessionId) >= MOST_OPEN) return denied(TOO_MANY);
    const questions = questionsIn(call);
    const decision =
      standing ?? (questions ? recordQuestion(session, call, action, questions) : await record(session, call, action));
    if (!decision) return denied('The session was stopped or its level changed while this was looked at. Ask again.');
    if (decision.verdict === 'allow') return allowed(decision.reasons[0]?.text ?? 'Allowed.');
    if (decision.verdict === 'deny') return denied(decision.reasons.map((reason) => reason.text).join(' '));
    if (!standing && decision.tribunal === 'sitting') convene(decision, session, action);
    return hold(decision, call, signal);
  }

  /** Runs `work` unless this session has too many calls in judgement already: a flood ends here. */
  async function bounded(sessionId: string, work: () => Promise<GateAnswer>): Promise<GateAnswer> {
    const now = asking.get(sessionId) ?? 0;
    if (now >= MOST_AT_ONCE) return denied(TOO_MANY);
    asking.set(sessionId, now + 1);
    try {
      return await work();
    } finally {
      const left = (asking.get(sessionId) ?? 1) - 1;
      if (left > 0) asking.set(sessionId, left);
      else asking.delete(sessionId);
    }
  }

  /** Inside the caller's commit: nobody saw how these ended (traps.md T-061). */
  function settleUnknown(emit: Emit, sessionId: string): void {
    for (const decision of storage.unsettled(sessionId)) {
      if (decision.toolUseId && storage.settle('unknown', clock.now(), sessionId, decision.toolUseId)) {
        told(emit, 'decision.settled', decision.id);
      }
    }
  }

  return {
    /**
     * One tool call through the gate. Never throws: a gate that fails answers deny (traps.md T-050, T-051).
     * @param signal aborted when the caller no longer waits.
     */
    async ask(sessionId: string, call: GateCall, signal: AbortSignal | null): Promise<GateAnswer> {
      try {
        return await bounded(sessionId, () => decide(sessionId, call, signal));
      } catch (error) {
        log.error({ err: error, sessionId, tool: call.tool }, 'the gate failed and denied');
        // Told, so that an agent whose work tree has gone knows why nothing runs any more.
        if (error instanceof TenureError) return denied(`${error.message} So nothing may run.`);
        return denied('The gate failed, so nothing may run. A person can see why in the log.');
      }
    },

    ...answers,

    /** A tool reported back. False: no decision let this call through. */
    settle(sessionId: string, toolUseId: string, ok: boolean): boolean {
      return journal.commit((emit) => {
        const decision = storage.byToolUse(sessionId, toolUseId);
        if (!decision) return false;
        if (storage.settle(ok ? 'ran' : 'failed', clock.now(), sessionId, toolUseId))
          told(emit, 'decision.settled', decision.id);
        return decision.state === 'allowed' || decision.state === 'approved';
      });
    },

    /** What was let through did not run after all, by no fault of its agent: something else was in its way. */
    calledOff(sessionId: string, toolUseId: string): void {
      journal.commit((emit) => {
        const decision = storage.byToolUse(sessionId, toolUseId);
        if (decision) endedWith(emit, decision, 'aborted');
      });
    },

    /**
     * Inside the caller's commit: a session has ended. Questions and approvals nobody used are withdrawn.
     * @param as how what still ran ended, where that is known; otherwise nobody saw it.
     */
    closeSession(emit: Emit, sessionId: string, reason: string, as: 'aborted' | 'timed_out' | null = null): void {
      for (const decision of storage.ofSession(sessionId)) {
        // An answer to a question has done its work where the agent was told it.
        const heard = decision.action.questions !== undefined && decision.toldAt !== null;
        const unused = decision.state === 'approved' && decision.deliveredAt === null && !heard;
        if (decision.state === 'pending' || unused) voidIt(emit, decision.id, reason);
      }
      if (as !== null) for (const decision of storage.unsettled(sessionId)) endedWith(emit, decision, as);
      settleUnknown(emit, sessionId);
    },

    settleUnknown,

    /** The newest decision on exactly that call of a session; null: nothing was asked or recorded. */
    openOf(sessionId: string, call: GateCall): Decision | null {
      const session = deps.session(sessionId);
      const own = call.toolUseId === null ? null : storage.byToolUse(sessionId, call.toolUseId);
      const found = own ?? (session && storage.open(sessionId, hashOf(deps.classify(call, session).canonical))[0]);
      return found ? viewOf(found) : null;
    },
    /** By which call a decision was asked, and whether another call is the very same. @throws TenureError not_found. */
    callOf(id: string): { toolUseId: string | null; isSame(call: GateCall): boolean } {
      const { toolUseId, actionHash, sessionId } = book.reread(id);
      const session = deps.session(sessionId);
      const isSame = (call: GateCall): boolean =>
        session !== null && hashOf(deps.classify(call, session).canonical) === actionHash;
      return { toolUseId, isSame };
    },

    /** Wakes whoever is held on questions of a session that has just been closed. */
    wakeSession(sessionId: string): void {
      for (const decision of storage.ofSession(sessionId)) holds.answered(decision.id);
    },

    /** The agent is told all open answers in a prompt, but the one of a call that asks again by itself. */
    tell(sessionId: string, exceptToolUseId: string | null): void {
      journal.commit(() => {
        for (const { id, toolUseId } of storage.undelivered(sessionId)) {
          if (exceptToolUseId === null || toolUseId !== exceptToolUseId) storage.tell(id, clock.now());
        }
      });
    },
    /** The run that was told was cut off: nobody knows whether the agent heard, so it is told again. */
    untell: (sessionId: string): void => journal.commit(() => storage.untell(sessionId)),

    /** Answered questions whose answer the agent has not got yet, oldest first. */
    undelivered: (sessionId: string): StoredDecision[] => storage.undelivered(sessionId),
    ...createRecord(deps, book, noteWrong),
    /** Is a caller waiting at the door for this answer right now? */
    isHeld: (id: string): boolean => holds.isHeld(id),
    /** The engine stops: held calls are deferred or told to ask again. */
    releaseAll: (): void => holds.releaseAll(),
  };
}
