import { useState } from 'react';
import type { Loss, TreeUse } from '../../../shared/contract/worktrees.ts';
import { lossWords } from '../../../shared/work-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';

interface RemoveDialogProps {
  tree: TreeUse & { loss: Loss };
  onClose: () => void;
  /** It was tried: what is shown may be old. */
  onDone: () => void;
}

/** Asks before a folder goes about which no session can be asked, naming what would be lost with it. */
export function RemoveDialog({ tree, onClose, onDone }: RemoveDialogProps) {
  const { path, keeps, loss } = tree;
  const lost = lossWords(loss);
  const [agreed, setAgreed] = useState(lost === null);
  const remove = useAct('worktrees.remove');
  const away = useAway();
  const run = async () => {
    const gone = await remove.run({ path, confirm: loss });
    onDone();
    if (!gone) return;
    say('The work tree is gone.');
    onClose();
  };
  return (
    <Dialog grave title="Remove this work tree?" onClose={onClose}>
      <p className="text-ink-2">
        {keeps} <code className="wrap-anywhere">{path}</code>
      </p>
      {lost !== null && (
        <Check checked={agreed} onChange={setAgreed}>
          Lose {lost}.
        </Check>
      )}
      <Problem text={remove.error} />
      <DialogActions>
        <Button
          kind="bad"
          busy={remove.busy}
          why={away ?? (agreed ? null : 'Agree to what is lost first.')}
          onClick={() => void run()}
        >
          {remove.busy ? 'Removing…' : 'Remove it'}
        </Button>
        <Button data-first onClick={onClose}>
          Leave it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
