import type { Decision } from '../../../shared/contract/decisions.ts';
import { settled } from '../../../shared/words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { Problem } from '../../ui/Field.tsx';
import { ActButton } from '../system/ActButton.tsx';

/** The way back, while the agent has not got the answer. */
export function Undo({ decision }: { decision: Pick<Decision, 'id' | 'undoable'> }) {
  const undo = useAct('decisions.undo');
  if (!decision.undoable) return null;
  return (
    <>
      <ActButton kind="quiet" busy={undo.busy} onClick={() => void undo.run({ id: decision.id })}>
        Undo
      </ActButton>
      <Problem text={undo.error} />
    </>
  );
}

/** How it was answered and, while the agent has not got the answer, the way back. */
export function Answered({ decision }: { decision: Decision }) {
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-2 pt-1 text-ink-2">
      <p>{settled(decision)}</p>
      <Undo decision={decision} />
    </div>
  );
}
