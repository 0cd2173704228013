import type { Session } from '../../../shared/contract/sessions.ts';

export interface Composing {
  placeholder: string;
  /** What the button says when there is a prompt. */
  verb: string;
  /** Why nothing can be sent now; null: it can. */
  why: string | null;
  /** It has ended: what is sent begins a session that goes on with it. */
  ended: boolean;
  /** Nothing can be gone on with, or it is better not to: the same task can be begun anew. */
  anew: 'only' | 'also' | null;
}

/** What a prompt would do in the state that the session is in. */
export function composing({
  state,
  pendingDecisions,
  claudeVersion,
  evaluation,
}: Pick<Session, 'state' | 'pendingDecisions' | 'claudeVersion' | 'evaluation'>): Composing {
  const open = { why: null, ended: false, anew: null };
  switch (state) {
    case 'queued':
      return { ...open, verb: 'Queue', placeholder: 'Said after its first turn' };
    case 'starting':
    case 'working':
      return pendingDecisions > 0
        ? { ...open, verb: 'Queue', placeholder: 'It waits for your answer; this is said after it' }
        : { ...open, verb: 'Queue', placeholder: 'Said at the end of its turn' };
    case 'parked':
      return { ...open, verb: 'Queue', placeholder: 'Said when it goes on' };
    case 'evaluating':
      return {
        verb: 'Send',
        placeholder: 'Its work is being measured',
        why: 'Its work is being measured. Try again in a moment.',
        ended: false,
        anew: null,
      };
    case 'ended': {
      const ended = { why: null, ended: true };
      // It never got as far as a conversation.
      if (claudeVersion === null) return { ...ended, anew: 'only', verb: 'Begin anew', placeholder: 'The same prompt' };
      const anew = evaluation?.recommendation === 'retry' ? 'also' : null;
      return { ...ended, anew, verb: 'Send', placeholder: 'Go on with this conversation' };
    }
  }
}
