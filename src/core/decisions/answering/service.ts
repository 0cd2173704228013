import type { DecisionAct } from '../../../shared/contract/answering.ts';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { DENY_WORDS, type DenyReason } from '../../../shared/deny-words.ts';
import { TenureError } from '../../../shared/errors.ts';
import { absolute } from '../../../shared/format.ts';
import type { Emit } from '../../kernel/journal.ts';
import { redact } from '../../kernel/redact.ts';
import type { createBook, DecisionDeps } from '../book.ts';
import type { createHolds } from '../holds.ts';
import { answered } from '../questions.ts';
import { afterDeadline } from '../routing.ts';
import type { StoredDecision } from '../row.ts';
import { alreadyAnswered } from './answered.ts';
import { createActStorage } from './storage.ts';

/** Who answers when a tribunal does, and when nobody does. */
const TRIBUNAL = 'tribunal';
const DEADLINE = 'deadline';
/** A snoozed question is heard of again so long before it runs out, at the least; milliseconds. */
const LEAST_LEFT_MS = 60_000;

/** What a person, a tribunal or the clock says to a question; each is a compare-and-set and on record. */
export function createAnswering(
  deps: DecisionDeps,
  { storage, bindings, reread, told, voidIt }: ReturnType<typeof createBook>,
  holds: ReturnType<typeof createHolds>,
) {
  const { journal, clock } = deps;
  const acts = createActStorage(deps.db);
  /** Inside a commit. */
  const note = (id: string, by: string, act: DecisionAct['act'], detail: string | null): void =>
    acts.add(id, { at: clock.now(), by, act, detail });

  /** Compare-and-set of a pending question; the loser of a race is told who was first. */
  function answer(
    id: string,
    state: 'approved' | 'denied' | 'expired',
    by: string,
    reason: string | null,
    code: DenyReason | null = null,
  ): Decision {
    const decision = journal.commit((emit) => {
      if (!storage.answer(id, state, clock.now(), by, reason, code)) throw alreadyAnswered(reread(id));
      if (by === TRIBUNAL) storage.agreed(id);
      note(id, by, state, code === null || code === 'other' ? reason : [code, reason].filter(Boolean).join(': '));
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
    const next = afterDeadline(decision.urgency, decision.escalations, clock.now(), deps.limits(), decision.begins);
    if (next.step === 'deny') return answer(decision.id, 'expired', DEADLINE, null);
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

  /**
   * @throws TenureError not_found, conflict (answered already), expired, refused (the second step is
   * missing) or stale (the action's session, level, work tree or what it runs has changed; the question is withdrawn).
   */
  async function approve(id: string, by: string, confirm: boolean): Promise<Decision> {
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
  }

  /**
   * @param code the kind of the no; `other` takes a reason in words.
   * @throws TenureError not_found, conflict, expired or invalid.
   */
  function deny(id: string, by: string, reason: string | null, code: DenyReason | null = null): Decision {
    pendingOne(id);
    if (code === 'other' && reason === null)
      throw new TenureError('invalid', `"${DENY_WORDS.other.short}" says nothing by itself: give the reason in words.`);
    return answer(id, 'denied', by, reason, code);
  }

  return {
    approve,
    deny,

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
        note(id, by, 'answered', null);
        return told(emit, 'decision.answered', id);
      });
      holds.answered(id);
      return decision;
    },

    /**
     * Answers a question and every other that asks the very same, once; each is checked by itself.
     * @throws TenureError as `approve` and `deny` for the one that was named; the others are reported.
     */
    async answerAlike(
      id: string,
      by: string,
      given: { answer: 'approve' | 'deny'; reason: string | null; code: DenyReason | null },
    ): Promise<{ answered: string[]; refused: { id: string; why: string }[] }> {
      const one = async (each: string): Promise<Decision> =>
        given.answer === 'approve' ? approve(each, by, false) : deny(each, by, given.reason, given.code);
      const { alike } = pendingOne(id);
      const others = alike === null ? [] : storage.alike(alike).filter((other) => other !== id);
      await one(id);
      const result = { answered: [id], refused: [] as { id: string; why: string }[] };
      for (const other of others) {
        try {
          await one(other);
          result.answered.push(other);
        } catch (error) {
          if (!(error instanceof TenureError)) throw error;
          result.refused.push({ id: other, why: error.message });
        }
      }
      return result;
    },

    /** @throws TenureError not_found, conflict: the agent has the answer, nobody has answered, or its time is over. */
    undo(id: string, by: string): Decision {
      return journal.commit((emit) => {
        const { undoable, state, deadline } = reread(id);
        if (!undoable)
          throw new TenureError(
            'conflict',
            state === 'pending'
              ? 'There is nothing to take back: nobody has answered.'
              : 'The answer cannot be taken back: the agent has it, or no person gave it.',
          );
        if (!storage.takeBack(id, clock.now()))
          throw new TenureError(
            'conflict',
            `The time of this question ran out${deadline === null ? '' : ` at ${absolute(deadline)}`}; its answer stays.`,
          );
        note(id, by, 'undone', state);
        return told(emit, 'decision.raised', id);
      });
    },

    /**
     * Keeps a question to the badge for that long; its deadline stays.
     * @returns epoch ms at which it is heard of again. @throws TenureError not_found, conflict, expired.
     */
    snooze(id: string, by: string, ms: number): number {
      const { deadline } = pendingOne(id);
      const last = deadline === null ? Number.POSITIVE_INFINITY : deadline - LEAST_LEFT_MS;
      const until = Math.min(clock.now() + ms, last);
      if (until <= clock.now())
        throw new TenureError('conflict', 'Too little of its time is left for that: it is denied when it runs out.');
      journal.commit((emit) => {
        if (!storage.quieten(id, until)) throw alreadyAnswered(reread(id));
        note(id, by, 'snoozed', `until ${absolute(until)}`);
        told(emit, 'decision.raised', id);
      });
      return until;
    },

    /**
     * A person ends what runs: final from now on, whatever is reported of it later (T-059).
     * @throws TenureError not_found, conflict: it does not run.
     */
    abort(id: string, by: string): StoredDecision {
      return journal.commit((emit) => {
        if (!storage.end(id, 'aborted', clock.now())) {
          reread(id);
          throw new TenureError('conflict', 'Only what is executing can be aborted, and this is not (any more).');
        }
        note(id, by, 'abort_asked', null);
        told(emit, 'decision.settled', id);
        return reread(id);
      });
    },
    /** How the abort went: the processes are gone, or some resisted. */
    abortEnded: (id: string, by: string, stillAlive: readonly number[]): void =>
      journal.commit(() =>
        note(
          id,
          by,
          stillAlive.length === 0 ? 'abort_done' : 'abort_resisted',
          stillAlive.length === 0 ? null : `still alive: ${stillAlive.join(', ')}`,
        ),
      ),
    /** Inside the caller's commit: its session ended while this ran. */
    endedWith(emit: Emit, decision: StoredDecision, as: 'aborted' | 'timed_out'): void {
      if (storage.end(decision.id, as, clock.now())) told(emit, 'decision.settled', decision.id);
    },

    /**
     * The agent says how a proposal of its own went. That it went well is a claim, and no claim of an agent is
     * evidence: its end stays unknown. That it failed is believed. @throws TenureError conflict: it does not run.
     */
    reported(id: string, ok: boolean): void {
      journal.commit((emit) => {
        const { sessionId, toolUseId, startedAt } = reread(id);
        const settled =
          startedAt !== null &&
          toolUseId !== null &&
          storage.settle(ok ? 'unknown' : 'failed', clock.now(), sessionId, toolUseId);
        if (!settled)
          throw new TenureError('conflict', 'Only what was let through and has not ended can be reported on.');
        note(id, 'agent', 'reported', ok ? 'completed' : 'failed');
        told(emit, 'decision.settled', id);
      });
    },

    /** @throws TenureError not_found. */
    acts: (id: string): DecisionAct[] => acts.of(reread(id).id),
    noteWrong: (id: string, by: string, reason: string | null): void => note(id, by, 'marked_wrong', reason),

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

    nextDeadline: storage.nextDeadline,

    /** Tells of what has little time left, and of what was kept quiet and no longer is. */
    remind(): void {
      const now = clock.now();
      for (const { id } of storage.toWarn(now))
        journal.commit((emit) => storage.warn(id) && told(emit, 'decision.raised', id));
      for (const { id } of storage.quietOver(now))
        journal.commit((emit) => storage.wake(id) && told(emit, 'decision.raised', id));
    },
  };
}
