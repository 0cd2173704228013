import type { Session } from '../../../shared/contract/sessions.ts';
import { clockTime } from '../../../shared/format.ts';
import { doing, HELD_WORDS } from '../../../shared/words.ts';

/** Why a session does not simply work, in words. */
export interface Watched {
  title: string;
  /** What was seen, a sentence each. */
  evidence: readonly string[];
  /** What happens next by itself, or what is asked. */
  next: string;
}

/** What is to be told of a session that waits, is held or is silent; null: it simply works. */
export function watchedOf(session: Session, now = Date.now()): Watched | null {
  const { state, held, stall, waitingFor, problem } = session;
  if (held && state === 'parked') {
    const next = 'Nothing of it runs. Let it go on in the same conversation and work tree, or stop it.';
    return { title: HELD_WORDS[held.reason], evidence: held.evidence, next };
  }
  if (stall && state !== 'ended') {
    const next =
      stall.endsAt === null
        ? 'Nothing ends it but you and its time box.'
        : `It is ended at ${clockTime(stall.endsAt)} unless it speaks or you give it more time.`;
    return { title: `Silent since ${clockTime(stall.lastLineAt)}`, evidence: stall.evidence, next };
  }
  if (waitingFor && state === 'queued') {
    return { title: doing(session, 0, now), evidence: problem === null ? [] : [problem], next: nextOf(session) };
  }
  return null;
}

function nextOf({ waitingFor, attempt }: Session): string {
  const again = attempt > 1 ? ` It has been tried ${attempt} times in a row.` : '';
  switch (waitingFor) {
    case 'quota':
      return `Then a short check proves whether the limit is over, and it goes on by itself.${again}`;
    case 'memory':
      return 'It starts by itself when there is room for one more session.';
    case 'transient':
      return `It is tried again by itself.${again}`;
    default:
      return 'It goes on by itself, in the same conversation and work tree.';
  }
}
