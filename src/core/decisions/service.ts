import type { Decision } from '../../shared/contract/decisions.ts';
import { TenureError } from '../../shared/errors.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import type { GateAnswer, GateCall } from '../drivers/driver.ts';
import type { Emit } from '../kernel/journal.ts';
import { redact } from '../kernel/redact.ts';
import { alreadyAnswered, createBook, type DecisionDeps, hashOf } from './book.ts';
import { createDelivery } from './delivery.ts';
import { allowed, createHolds, denied } from './holds.ts';
import type { GateSession } from './judge.ts';
import { answered, questionsIn } from './questions.ts';
import { createRecord } from './record.ts';
import { afterDeadline } from './routing.ts';
import type { StoredDecision } from './storage.ts';

export type Decisions = ReturnType<typeof createDecisions>;

/** Who answers when a tribunal does. */
const TRIBUNAL = 'tribunal';

/** Open questions of one session, and calls of it in judgement or held at once. */
const MOST_OPEN = 20;
const MOST_AT_ONCE = 40;
const TOO_MANY =
  'Too many questions of this session wait for an answer. Nothing more is asked until some are answered.';

export function createDecisions(deps: DecisionDeps) {
  const { journal, clock, log } = deps;
  const book = createBook(deps);
  const { storage, bindings, reread, told, voidIt, record, recordQuestion, convene, outgrown } = book;
  const holds = createHolds(clock);
  const { deliver, hold } = createDelivery(deps, book, holds);
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

  async function decide(sessionId: string, call: GateCall, signal: AbortSignal | null): Promise<GateAnswer> {
    const session = deps.session(sessionId);
    if (!session?.running) return denied('This session does not run (any more); nothing of it may run.');
    const action = deps.classify(call, session);
    const earlier = storage.open(sessionId, hashOf(action.canonical));
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

  /** Compare-and-set of a pending question; the loser of a race is told who was first. */
  function answer(id: string, state: 'approved' | 'denied' | 'expired', by: string, reason: string | null): Decision {
    const decision = journal.commit((emit) => {
      if (!storage.answer(id, state, clock.now(), by, reason)) throw alreadyAnswered(reread(id));
      if (by === TRIBUNAL) storage.agreed(id);
      return told(emit, 'decision.answered', id);
    });
    holds.answered(id);
    return decision;
  }

  /** @throws TenureError unless the question is pending and its time has not run out. */
  function pendingOne(id: string): StoredDecision {
    const decision = reread(id);
    if (decision.state !== 'pending') throw alreadyAnswered(decision);
    if (decision.deadline === null || clock.now() <= decision.deadline) return decision;
    const expired = runOut(decision);
    if (expired) throw alreadyAnswered({ ...decision, ...expired });
    return reread(id);
  }

  /** Nobody has answered in time: asked louder (null), or denied. */
  function runOut(decision: StoredDecision): Decision | null {
    const next = afterDeadline(decision.urgency, decision.escalations, clock.now(), deps.limits());
    if (next.step === 'deny') return answer(decision.id, 'expired', 'deadline', null);
    journal.commit((emit) => {
      if (storage.raise(decision.id, decision.escalations, next)) told(emit, 'decision.raised', decision.id);
    });
    return null;
  }

  /** Approves what still is as it was asked. @throws TenureError stale, and then the question is withdrawn. */
  async function approveAs(id: string, by: string, reason: string | null): Promise<Decision> {
    const now = await bindings.now(pendingOne(id));
    const stale = bindings.staleness(pendingOne(id), now);
    if (stale === null) return answer(id, 'approved', by, reason);
    const withdrawn = journal.commit((emit) => voidIt(emit, id, stale));
    holds.answered(id);
    if (!withdrawn) throw alreadyAnswered(reread(id));
    throw new TenureError(
      'stale',
      `${stale} The approval was not given; the agent will ask again if it still needs to.`,
    );
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
        return denied('The gate failed, so nothing may run. A person can see why in the log.');
      }
    },

    /**
     * @throws TenureError not_found, conflict (answered already), expired, refused (the second step is
     * missing) or stale (the action's session, level or work tree has changed; the question is withdrawn).
     */
    async approve(id: string, by: string, confirm: boolean): Promise<Decision> {
      const decision = pendingOne(id);
      if (decision.action.questions) {
        throw new TenureError(
          'refused',
          'The agent asks a question: it takes an answer, not an approval (decisions.answer).',
        );
      }
      if (decision.steps === 2 && !confirm) {
        throw new TenureError(
          'refused',
          `"${decision.action.summary}" is critical and takes two steps: look again, then approve with the confirmation (--confirm).`,
        );
      }
      return approveAs(id, by, null);
    },

    /**
     * @param answers one to each of the agent's questions, in their order.
     * @throws TenureError not_found, conflict, expired, invalid (their number) or refused (it is no question).
     */
    answer(id: string, by: string, answers: readonly string[]): Decision {
      const { action } = pendingOne(id);
      if (!action.questions) {
        throw new TenureError('refused', 'This is no question of the agent: approve or deny it.');
      }
      if (answers.some((text) => redact(text) !== text)) {
        throw new TenureError(
          'refused',
          'What looks like a credential stands in the answer, and answers are kept. Put it where the agent may read it, and answer with its name.',
        );
      }
      const questions = answered(action.questions, answers);
      const decision = journal.commit((emit) => {
        if (!storage.answer(id, 'approved', clock.now(), by, null)) throw alreadyAnswered(reread(id));
        storage.setAction(id, { ...action, questions });
        return told(emit, 'decision.answered', id);
      });
      holds.answered(id);
      return decision;
    },

    /** @throws TenureError not_found, conflict or expired. */
    deny(id: string, by: string, reason: string | null): Decision {
      pendingOne(id);
      return answer(id, 'denied', by, reason);
    },

    /** A tribunal agreed, where it still sits and one step is enough. @throws TenureError as `approve` does. */
    async tribunalAgreed(id: string, words: string): Promise<void> {
      const { tribunal, steps } = pendingOne(id);
      if (tribunal === 'sitting' && steps === 1) await approveAs(id, TRIBUNAL, words);
    },
    /** A tribunal did not agree, or could not: the person is asked now. */
    tribunalLeaves: (id: string): void =>
      journal.commit((emit) => void (storage.handOn(id) && told(emit, 'decision.raised', id))),

    /** Denies, or asks louder, what nobody answered in time; returns what is denied. */
    expireDue(): Decision[] {
      return storage.due(clock.now()).flatMap((due) => runOut(due) ?? []);
    },

    /** Tells of what has little time left, and of what the quiet hours kept quiet and no longer do. */
    remind(): void {
      const now = clock.now();
      for (const { id } of storage.toWarn(now))
        journal.commit((emit) => storage.warn(id) && told(emit, 'decision.raised', id));
      for (const { id } of storage.quietOver(now))
        journal.commit((emit) => storage.wake(id) && told(emit, 'decision.raised', id));
    },

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

    /** Inside the caller's commit: a session has ended. Questions and approvals nobody used are withdrawn, unseen ends are *unknown*. */
    closeSession(emit: Emit, sessionId: string, reason: string): void {
      for (const decision of storage.ofSession(sessionId)) {
        // An answer to a question has done its work where the agent was told it.
        const heard = decision.action.questions !== undefined && decision.toldAt !== null;
        const unused = decision.state === 'approved' && decision.deliveredAt === null && !heard;
        if (decision.state === 'pending' || unused) voidIt(emit, decision.id, reason);
      }
      settleUnknown(emit, sessionId);
    },

    settleUnknown,

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
    ...createRecord(deps, book),
    /** Is a caller waiting at the door for this answer right now? */
    isHeld: (id: string): boolean => holds.isHeld(id),
    /** The engine stops: held calls are deferred or told to ask again. */
    releaseAll: (): void => holds.releaseAll(),
  };
}
