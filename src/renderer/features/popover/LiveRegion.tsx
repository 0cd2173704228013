import { useEffect, useRef } from 'react';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { brief, RISK_NAMES } from '../../../shared/words.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useMirror } from '../../mirror.ts';
import { say, useUi } from '../../ui.ts';

const SOON_MS = 60_000;

/** Says aloud what a screen reader's user would otherwise have to find: politely, but for the last minute. */
export function LiveRegion() {
  const said = useUi((state) => state.said);
  const decisions = useMirror((snapshot) => snapshot.decisions);
  const heard = useRef<Set<string> | null>(null);

  useEffect(() => {
    const pending = decisions.filter(({ state }) => state === 'pending');
    const fresh = heard.current === null ? [] : pending.filter(({ id }) => !heard.current?.has(id));
    heard.current = new Set(pending.map(({ id }) => id));
    const [first] = fresh;
    if (first) say(fresh.length === 1 ? question(first) : `${fresh.length} new questions. ${question(first)}`);
  }, [decisions]);

  return (
    <>
      {/* What opens above the page hides from a screen reader what does not name itself live. */}
      <div role="status" aria-live="polite" className="sr-only">
        {/* The key makes the same sentence news again. */}
        <span key={said.n}>{said.text}</span>
      </div>
      <LastMinute decisions={decisions} />
    </>
  );
}

function LastMinute({ decisions }: { decisions: readonly Decision[] }) {
  const id = useClock((now) => decisions.find((decision) => isExpiring(decision, now))?.id ?? '');
  const decision = decisions.find((one) => one.id === id);
  return (
    <div role="alert" aria-live="assertive" className="sr-only">
      {decision && <>Less than a minute left: {question(decision)}</>}
    </div>
  );
}

function isExpiring({ state, deadline }: Decision, now: number): boolean {
  return state === 'pending' && deadline !== null && deadline > now && deadline - now < SOON_MS;
}

function question({ project, risk, action }: Decision): string {
  return `${project} asks: ${brief(action)}. ${RISK_NAMES[risk]} risk.`;
}
