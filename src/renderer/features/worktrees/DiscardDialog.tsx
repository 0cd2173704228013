import type { WorkPreview } from '../../../shared/contract/worktrees.ts';
import { lossWords } from '../../../shared/work-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { say } from '../../ui.ts';
import { LossDialog } from './LossDialog.tsx';

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
  const discard = useAct('worktrees.discard');
  const run = async () => {
    const work = await discard.run({ sessionId, confirm: loss });
    onDone();
    if (!work) return;
    say('Its work tree and branch are gone.');
    onClose();
  };
  return (
    <LossDialog
      title={lost === null ? 'Remove the work tree?' : 'Discard this work?'}
      loss={loss}
      does={lost === null ? 'Remove it' : 'Discard it'}
      kind={lost === null ? 'primary' : 'bad'}
      busy={discard.busy}
      error={discard.error}
      onAgreed={() => void run()}
      onClose={onClose}
    >
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
    </LossDialog>
  );
}
