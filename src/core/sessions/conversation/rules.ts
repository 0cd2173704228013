import type { LineageKind } from '../../../shared/contract/follow-ups.ts';
import type { SessionState } from '../../../shared/contract/sessions.ts';

/** What an agent is told when a person goes on with an ended session without a prompt. */
export const GO_ON = 'Go on from where you left off.';

/** What an agent is told first when nobody knows whether it heard the last prompt. */
export const CUT_OFF = 'You were cut off. Go on with what you were told last, from where you left off.';

/** Prompts that may wait at one session. */
export const MOST_WAITING = 20;

/** How the next one of a kind is counted: 1, or one more where the session before was of that kind too. */
export const nthOf = (kind: LineageKind, before: { kind: LineageKind; nth: number } | null): number =>
  before?.kind === kind ? before.nth + 1 : 1;

/** Where a prompt for a session in that state goes. */
export function pathOf(state: SessionState): 'queue' | 'new session' {
  return state === 'ended' || state === 'evaluating' ? 'new session' : 'queue';
}

/** A forked agent has moved: its old paths belong to another session. */
export const forkPrompt = (prompt: string): string =>
  [
    prompt,
    '---',
    'This conversation is a copy: you now work in a new work tree, your current directory, on a branch of its own that begins at the last commit of the old one.',
    'Paths of the old work tree are not yours any more; use paths below the current directory. What was never committed there is not here.',
  ].join('\n\n');

/** Everything that has to be there to go on with a session. */
export interface Remains {
  sessionId: string;
  project: string;
  state: SessionState;
  /** It got as far as a conversation. */
  agentStarted: boolean;
  /** The agent still has the conversation. */
  remembered: boolean;
  /** The path of its own work tree that is not there any more; null: there, or it had none. */
  missingTree: string | null;
  /** Its branch that is not there any more; null: there, or not needed. */
  missingBranch: string | null;
  /** An open session that goes on with the same conversation, or works in the same tree. */
  occupant: string | null;
}

const ANEW = 'You can begin anew with the same prompt.';

/** Two agents in one tree, or in one conversation, would undo each other's work. */
export const takenBy = (occupant: string, sessionId: string): string =>
  `Session ${occupant} already goes on from where session ${sessionId} ended. Send the prompt to that one.`;

/** Why a session cannot be gone on with, or null. Names what is missing and what can be done instead. */
export function whyNotGoOn(remains: Remains, how: 'resume' | 'fork'): string | null {
  const { sessionId } = remains;
  if (remains.state === 'evaluating') return `Session ${sessionId} is being measured. Try again in a moment.`;
  if (remains.state !== 'ended') {
    const instead = how === 'fork' ? 'Fork it when it has ended.' : 'Send it a follow-up prompt instead.';
    return `Session ${sessionId} has not ended. ${instead}`;
  }
  if (!remains.agentStarted) return `Session ${sessionId} never got as far as a conversation. ${ANEW}`;
  if (!remains.remembered) {
    return `The agent's own record of the conversation of session ${sessionId} is gone. ${ANEW}`;
  }
  if (how === 'resume' && remains.missingTree !== null) {
    const fork = remains.missingBranch === null ? 'You can fork it from its branch, or begin' : 'You can begin';
    return `The work tree of session ${sessionId} (${remains.missingTree}) is gone. ${fork} anew with the same prompt.`;
  }
  if (how === 'fork' && remains.missingBranch !== null) {
    return `The branch of session ${sessionId} (${remains.missingBranch}) is gone. ${ANEW}`;
  }
  if (how === 'resume' && remains.occupant !== null) {
    return takenBy(remains.occupant, sessionId);
  }
  return null;
}
