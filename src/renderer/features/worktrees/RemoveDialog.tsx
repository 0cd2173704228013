import type { Loss, TreeUse } from '../../../shared/contract/worktrees.ts';
import { useAct } from '../../hooks/use-act.ts';
import { say } from '../../ui.ts';
import { LossDialog } from './LossDialog.tsx';

interface RemoveDialogProps {
  tree: TreeUse & { loss: Loss };
  onClose: () => void;
  /** It was tried: what is shown may be old. */
  onDone: () => void;
}

/** Asks before a folder goes about which no session can be asked. */
export function RemoveDialog({ tree, onClose, onDone }: RemoveDialogProps) {
  const { path, keeps, loss } = tree;
  const remove = useAct('worktrees.remove');
  const run = async () => {
    const gone = await remove.run({ path, confirm: loss });
    onDone();
    if (!gone) return;
    say('The work tree is gone.');
    onClose();
  };
  return (
    <LossDialog
      title="Remove this work tree?"
      loss={loss}
      does="Remove it"
      kind="bad"
      busy={remove.busy}
      error={remove.error}
      onAgreed={() => void run()}
      onClose={onClose}
    >
      <p className="text-ink-2">
        {keeps} <code className="wrap-anywhere">{path}</code>
      </p>
    </LossDialog>
  );
}
