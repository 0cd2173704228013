import type { FollowUp } from '../../../shared/contract/follow-ups.ts';
import type { Message } from '../../drivers/driver.ts';
import type { Emit } from '../../kernel/journal.ts';
import type { SessionDeps } from '../ports.ts';
import type { SessionStorage } from '../storage.ts';
import type { ConversationStorage, StoredFollowUp } from './storage.ts';

export interface PromptDeps extends Pick<SessionDeps, 'journal' | 'clock' | 'log'> {
  storage: SessionStorage;
  conversation: ConversationStorage;
  emitView(emit: Emit, type: 'session.changed', id: string): void;
}

/** What the contract shows of a stored follow-up. */
export const followUpOf = (stored: StoredFollowUp): FollowUp => {
  const { messageId: _m, opens: _o, sentIn: _s, ...view } = stored;
  return view;
};

/**
 * The delivery of prompts to a running agent. Each is written down as sent before it is sent, and is done
 * when its turn is over; what was sent to a run that was cut off is sent again under its own id, which the
 * agent takes only once.
 */
export function createPrompts(deps: PromptDeps) {
  const { journal, clock, conversation, emitView } = deps;

  /** Writes and tells, unless nothing has changed. */
  function note(id: string, work: () => boolean): void {
    journal.commit((emit) => {
      if (work()) emitView(emit, 'session.changed', id);
    });
  }

  return {
    /** The next prompt for this run, already noted as sent; null: none, or it cannot be noted now. */
    next(id: string): Message | null {
      const run = deps.storage.get(id)?.nonce;
      const found = run === undefined ? null : conversation.next(id, run);
      if (found === null || run === undefined) return null;
      try {
        note(id, () => conversation.send(found.id, run, clock.now()));
        return { id: found.messageId, text: found.prompt };
      } catch (error) {
        deps.log.error({ err: error, sessionId: id }, 'a prompt could not be noted as sent, so it waits');
        return null;
      }
    },

    /** The next one was sent to a run that was cut off: nobody knows whether the agent has it. */
    isUncertain(id: string): boolean {
      const run = deps.storage.get(id)?.nonce;
      const found = run === undefined ? null : conversation.next(id, run);
      return found !== null && found.state !== 'queued';
    },

    /** The agent told what became of a message. */
    heard(id: string, messageId: string, state: 'taken' | 'done'): void {
      note(id, () => conversation[state](id, messageId));
    },

    /** The run came to its natural end: whatever was sent in it has been worked through. */
    settle(id: string): void {
      const run = deps.storage.get(id)?.nonce;
      if (run !== undefined) note(id, () => conversation.doneIn(id, run) > 0);
    },

    /** The agent lost the conversation and begins anew with the first prompt: all after it is told again. */
    beganAnew: (id: string): void => note(id, () => conversation.beginAnew(id)),

    waiting: (id: string): number => conversation.waiting(id),
    /** The conversation of which a new session takes a copy; null: it begins one of its own. */
    forkOf: (id: string): string | null => conversation.lineage(id)?.forkOf ?? null,
    /** The session that this one follows. */
    before: (id: string): string | null => conversation.lineage(id)?.from ?? null,
  };
}

export type Prompts = ReturnType<typeof createPrompts>;
