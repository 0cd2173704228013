import { useEffect, useRef, useState } from 'react';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { brief, RISK_NAMES } from '../../../shared/words.ts';
import { useNow } from '../../hooks/use-now.ts';
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
      <div role="status" className="sr-only">
        {/* The key makes the same sentence news again. */}
        <span key={said.n}>{said.text}</span>
      </div>
      <LastMinute decisions={decisions} />
    </>
  );
}

function LastMinute({ decisions }: { decisions: readonly Decision[] }) {
  const asking = decisions.some(({ state, deadline }) => state === 'pending' && deadline !== null);
  return (
    <div role="alert" className="sr-only">
      {asking && <Expiring decisions={decisions} />}
    </div>
  );
}

function Expiring({ decisions }: { decisions: readonly Decision[] }) {
  const now = useNow();
  const [told, setTold] = useState<readonly string[]>([]);
  const soon = decisions.find(
    ({ id, state, deadline }) =>
      state === 'pending' && deadline !== null && deadline > now && deadline - now < SOON_MS && !told.includes(id),
  );
  if (soon) setTold([...told, soon.id]);
  const last = decisions.find(({ id, state }) => state === 'pending' && id === told.at(-1));
  return last ? <>Less than a minute left: {question(last)}</> : null;
}

function question({ project, risk, action }: Decision): string {
  return `${project} asks: ${brief(action)}. ${RISK_NAMES[risk]} risk.`;
}
