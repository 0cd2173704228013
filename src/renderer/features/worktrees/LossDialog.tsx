import { type ReactNode, useState } from 'react';
import type { Loss } from '../../../shared/contract/worktrees.ts';
import { lossWords } from '../../../shared/work-words.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Problem } from '../../ui/Field.tsx';

interface LossDialogProps {
  title: string;
  loss: Loss;
  /** What the button says, and how grave it looks. */
  does: string;
  kind: 'primary' | 'bad';
  busy: boolean;
  error: string | null;
  onAgreed: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before a work tree goes; what is lost with it has to be agreed to, named. */
export function LossDialog({ title, loss, does, kind, busy, error, onAgreed, onClose, children }: LossDialogProps) {
  const lost = lossWords(loss);
  const [agreed, setAgreed] = useState(lost === null);
  const away = useAway();
  return (
    <Dialog grave title={title} onClose={onClose}>
      {children}
      {lost !== null && (
        <Check checked={agreed} onChange={setAgreed}>
          Lose {lost}.
        </Check>
      )}
      <Problem text={error} />
      <DialogActions>
        <Button
          kind={kind}
          busy={busy}
          why={away ?? (agreed ? null : 'Agree to what is lost first.')}
          onClick={onAgreed}
        >
          {busy ? 'Removing…' : does}
        </Button>
        <Button data-first onClick={onClose}>
          Leave it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
