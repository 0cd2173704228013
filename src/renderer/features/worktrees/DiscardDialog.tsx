import { useState } from 'react';
import type { WorkPreview } from '../../../shared/contract/worktrees.ts';
import { lossWords } from '../../../shared/work-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';

interface DiscardDialogProps {
  sessionId: string;
  preview: WorkPreview;
  onClose: () => void;
  /** It was tried: what is shown may be old. */
  onDone: () => void;
}

/** Asks before a tree and its branch go, naming what would be lost with them. */
export function DiscardDialog({ sessionId, preview, onClose, onDone }: DiscardDialogProps) {
  const { loss, tree, branch, uncommitted } = preview;
  const lost = lossWords(loss);
  const [agreed, setAgreed] = useState(lost === null);
  const discard = useAct('worktrees.discard');
  const away = useAway();
  const run = async () => {
    const work = await discard.run({ sessionId, confirm: loss });
    onDone();
    if (!work) return;
    say('Its work tree and branch are gone.');
    onClose();
  };
  return (
    <Dialog grave title={lost === null ? 'Remove the work tree?' : 'Discard this work?'} onClose={onClose}>
      <p className="text-ink-2">
        {tree !== null && 'The work tree'}
        {tree !== null && branch !== null && ' and '}
        {branch !== null && (
          <>
            the branch <code className="wrap-anywhere">{branch}</code>
          </>
        )}{' '}
        {lost === null
          ? 'can go without a loss: every commit is on another branch, and every file is committed.'
          : `hold ${lost}. That cannot be brought back.`}{' '}
        {tree !== null && 'Files that git ignores go along.'}
      </p>
      {uncommitted.length > 0 && (
        <ul aria-label="Uncommitted files" className="command max-h-32">
          {uncommitted.map((path) => (
            <li key={path}>{path}</li>
          ))}
        </ul>
      )}
      {lost !== null && (
        <Check checked={agreed} onChange={setAgreed}>
          Lose {lost}.
        </Check>
      )}
      <Problem text={discard.error} />
      <DialogActions>
        <Button
          kind={lost === null ? 'primary' : 'bad'}
          busy={discard.busy}
          why={away ?? (agreed ? null : 'Agree to what is lost first.')}
          onClick={() => void run()}
        >
          {discard.busy ? 'Removing…' : lost === null ? 'Remove it' : 'Discard it'}
        </Button>
        <Button data-first onClick={onClose}>
          Leave it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
