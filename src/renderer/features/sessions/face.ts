import type { Session } from '../../../shared/contract/sessions.ts';
import { count } from '../../../shared/format.ts';
import { groupOf } from '../../../shared/state.ts';
import { doing, ended, OUTCOME_TONE } from '../../../shared/words.ts';
import { workWords } from '../../../shared/work-words.ts';
import type { MarkShape, Tone } from '../../ui/Mark.tsx';

/** A score at or under this is shown as failed work. */
const POOR = 2;

export interface Face {
  shape: MarkShape;
  tone: Tone;
  /** The second line: what it does, or how it ended. */
  words: string;
}

/**
 * How a session looks in a row: shape, colour and the words that say the same.
 * @param ahead how many are queued before it.
 * @param asks what it waits for an answer to, in one line.
 */
export function faceOf(session: Session, ahead = 0, asks: string | null = null, now = Date.now()): Face {
  const { stillAlive } = session;
  if (stillAlive.length > 0) {
    return {
      shape: 'square',
      tone: 'bad',
      words: `Still alive: ${count(stillAlive.length, 'process', 'processes')}, pid ${stillAlive.join(', ')}`,
    };
  }
  if (session.state !== 'ended') {
    // What it waits for says more than the problem that led there; the detail shows both.
    const told = session.waitingFor || session.held || session.stall;
    const words = told ? doing(session, ahead, now) : (session.problem ?? doing(session, ahead, now));
    if (session.state === 'queued') return { shape: 'ring', tone: 'mute', words };
    if (groupOf(session) === 'needs_input') {
      const more = session.pendingDecisions > 1 ? ` · ${session.pendingDecisions - 1} more` : '';
      return { shape: 'diamond', tone: 'human', words: asks !== null && !told ? `Asks: ${asks}${more}` : words };
    }
    if (session.stall) return { shape: 'diamond', tone: 'human', words };
    return { shape: 'dot', tone: 'work', words };
  }
  const words = [ended(session), workWords(session.work), session.problem].filter(Boolean).join(' · ');
  const score = session.evaluation?.score ?? null;
  const tone = session.outcome === null ? 'neutral' : OUTCOME_TONE[session.outcome];
  if (tone === 'bad' || (score !== null && score <= POOR)) return { shape: 'square', tone: 'bad', words };
  if (tone === 'neutral') return { shape: 'dash', tone: 'mute', words };
  return { shape: 'dot', tone: 'trust', words };
}
