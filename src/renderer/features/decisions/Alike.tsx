import { useMemo, useState } from 'react';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { count } from '../../../shared/format.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';

interface AlikeProps {
  decision: Decision;
  busy: boolean;
  why: string | null;
}

/** The same question again, from this or other sessions: one answer for all of them, each checked by itself. */
export function Alike({ decision, busy, why }: AlikeProps) {
  const decisions = useMirror((snapshot) => snapshot.decisions);
  const act = useAct('decisions.answerAlike');
  const others = useMemo(
    () =>
      decision.alike === null
        ? 0
        : decisions.filter((one) => one.alike === decision.alike && one.state === 'pending').length - 1,
    [decisions, decision.alike],
  );
  const [sure, setSure] = useState(false);
  const grave = decision.risk === 'high';
  if (others < 1) return null;
  const all = async () => {
    const result = await act.run({ id: decision.id, answer: 'approve', ...(grave && { acknowledge: true }) });
    if (!result) return;
    const missed = result.refused.length === 0 ? '' : ` ${result.refused.map((one) => one.why).join(' ')}`;
    say(`${count(result.answered.length, 'question')} approved.${missed}`);
  };
  return (
    <div className="flex flex-wrap items-center gap-2 text-ink-2">
      <p>
        {others === 1
          ? 'Another question of this project is the very same.'
          : `${count(others, 'other question')} of this project are the very same.`}
      </p>
      {grave && !sure ? (
        <Button className="arm" busy={busy || act.busy} why={why} onClick={() => setSure(true)}>
          Approve all {others + 1}
        </Button>
      ) : (
        // Another button than the first one: its place is new, so that a double click does not reach it.
        <Button
          key="sure"
          className={grave ? 'arm-once' : 'arm'}
          busy={busy || act.busy}
          why={why}
          onClick={() => void all()}
        >
          {grave ? `Approve all ${others + 1}: really` : `Approve all ${others + 1}`}
        </Button>
      )}
      {grave && sure && (
        <Button autoFocus onClick={() => setSure(false)}>
          Go back
        </Button>
      )}
      <Problem text={act.error} />
    </div>
  );
}
