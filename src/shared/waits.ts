import type { Snapshot } from './contract/system.ts';
import { count } from './format.ts';
import { LEVEL_WORDS } from './policy.ts';

/** Sessions that were paused, or could not go on, and ask whether they may; and such as are silent for long. */
const askingOf = ({ sessions }: Pick<Snapshot, 'sessions'>): number =>
  sessions.filter(({ held, stall }) => held || stall).length;

/** How many things wait for the person, and which: `2 decisions`, `a promotion to Moderate`. */
export function waitsOf(snapshot: Pick<Snapshot, 'decisions' | 'sessions' | 'services' | 'trust'>): {
  total: number;
  words: string[];
} {
  const decisions = snapshot.decisions.filter((decision) => decision.state === 'pending').length;
  const promotion = snapshot.trust.promotion?.state === 'open' ? snapshot.trust.promotion : null;
  const asking = askingOf(snapshot);
  const restarts = snapshot.services.filter(({ restarting }) => restarting?.state === 'proposed').length;
  return {
    total: decisions + asking + restarts + (promotion ? 1 : 0),
    words: [
      ...(decisions > 0 ? [count(decisions, 'decision')] : []),
      ...(asking > 0 ? [count(asking, 'session')] : []),
      ...(restarts > 0 ? [count(restarts, 'restart')] : []),
      ...(promotion ? [`a promotion to ${LEVEL_WORDS[promotion.to].name}`] : []),
    ],
  };
}
