import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { KEYS } from '../../ui/keyboard.ts';
import { closeDialog } from '../../ui.ts';

const ROWS: readonly [keys: string, what: string][] = [
  ['↓ ↑ or j k', 'next and previous card or row'],
  ['Home End', 'first and last'],
  ['Enter', 'open'],
  [KEYS.approve, 'approve the focused card (a critical one shows its second step)'],
  [KEYS.deny, 'deny it, with a reason'],
  ['n', 'write a prompt'],
  [KEYS.launch, 'launch what is written'],
  ['1 2 3', 'the tabs of a session'],
  ['/ n N', 'search a transcript, next and previous match'],
  ['j k n p c', 'in changes: files, hunks, comment on the focused line'],
  ['Esc', 'go back, close, hide'],
  ['?', 'this list'],
];

export function KeysDialog() {
  return (
    <Dialog title="Keys" onClose={closeDialog}>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1.5">
        {ROWS.map(([keys, what]) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="font-sans font-strong">{keys}</kbd>
            </dt>
            <dd className="text-ink-2">{what}</dd>
          </div>
        ))}
      </dl>
      <DialogActions>
        <Button onClick={closeDialog}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}
