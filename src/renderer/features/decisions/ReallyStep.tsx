import { useEffect, useRef } from 'react';
import { Button } from '../../ui/Button.tsx';
import { KEYS } from '../../ui/keyboard.ts';

interface ReallyStepProps {
  busy: boolean;
  why: string | null;
  onApprove: () => void;
  onCancel: () => void;
}

/** The second word that a high risk takes, in the card: its button cannot be met by the click before. */
export function ReallyStep({ busy, why, onApprove, onCancel }: ReallyStepProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus({ preventScroll: true }), []);
  return (
    <fieldset className="appear flex flex-wrap items-center gap-2">
      <legend className="sr-only">The risk is high: approve a second time</legend>
      <Button kind="primary" className="arm-once" busy={busy} why={why} onClick={onApprove}>
        {busy ? 'Approving…' : 'Approve: really'}
      </Button>
      <Button ref={cancel} onClick={onCancel}>
        Go back
      </Button>
      <kbd className="ml-auto text-small text-ink-3">{KEYS.approve}</kbd>
    </fieldset>
  );
}
