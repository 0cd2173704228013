import { useEffect, useRef } from 'react';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { useItemKeys } from '../../hooks/use-item-keys.ts';
import { Button } from '../../ui/Button.tsx';
import { ReasonList } from './Reasons.tsx';

interface CriticalStepProps {
  decision: Decision;
  busy: boolean;
  why: string | null;
  onApprove: () => void;
  onCancel: () => void;
}

/** The second step of a critical approval: names what cannot be undone; its button is where none was. */
export function CriticalStep({ decision, busy, why, onApprove, onCancel }: CriticalStepProps) {
  const step = useRef<HTMLFieldSetElement>(null);
  const answers = useRef<HTMLDivElement>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    cancel.current?.focus({ preventScroll: true });
    // The command stays in sight above the question about it, as far as there is room; its answers always do.
    for (const part of [step.current?.closest('[data-item]'), step.current, answers.current]) {
      part?.scrollIntoView({ block: 'nearest' });
    }
  }, []);
  useItemKeys(step, (event) => {
    if (event.key !== 'Escape') return false;
    onCancel();
    return true;
  });
  return (
    <fieldset ref={step} className="appear flex flex-col gap-2 rounded-control border border-bad bg-bad-soft p-2.5">
      <legend className="sr-only">Second step</legend>
      <p className="font-strong text-bad">This cannot be taken back</p>
      <ReasonList reasons={decision.reasons} />
      <p>
        It runs exactly as shown, in <span className="font-mono text-[0.75rem] break-all">{decision.action.cwd}</span>.
      </p>
      <div ref={answers} className="flex scroll-my-3 flex-wrap justify-between gap-2">
        <Button ref={cancel} onClick={onCancel}>
          Go back
        </Button>
        <Button kind="bad" className="arm-once" busy={busy} why={why} onClick={onApprove}>
          {busy ? 'Approving…' : 'Approve for good'}
        </Button>
      </div>
    </fieldset>
  );
}
