import { useState } from 'react';
import type { WorkPreview } from '../../../shared/contract/worktrees.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { say } from '../../ui.ts';

interface PushDialogProps {
  sessionId: string;
  preview: WorkPreview;
  onClose: () => void;
}

/** Names the remote and the branch before work leaves this machine. */
export function PushDialog({ sessionId, preview, onClose }: PushDialogProps) {
  const { remotes } = preview;
  const [remote, setRemote] = useState(remotes.find((name) => name === 'origin') ?? remotes[0] ?? '');
  const [branch, setBranch] = useState(preview.branch ?? '');
  const [opened, setOpened] = useState<{ url: string; note: string | null } | null>(null);
  const push = useAct('worktrees.push');
  const request = useAct('worktrees.openPullRequest');
  const away = useAway();
  const busy = push.busy || request.busy;
  const why = away ?? (branch.trim() === '' ? 'Name the branch first.' : null);
  const to = { sessionId, remote, branch: branch.trim(), confirm: true as const };
  const pushIt = async () => {
    const pushed = await push.run(to);
    if (!pushed) return;
    say(`Pushed to ${pushed.remote} as ${pushed.branch}.`);
    onClose();
  };
  const openIt = async () => {
    const answer = await request.run(to);
    if (answer) setOpened(answer);
  };
  return (
    <Dialog title="Push this work?" onClose={onClose}>
      <p className="text-ink-2">
        Its commits leave this machine: everybody who can read the remote can read them. Nothing there is overwritten.
      </p>
      <div className="flex flex-wrap gap-3">
        <Field label="Remote">
          {(control) => (
            <Select {...control} value={remote} options={remotes.map((name) => [name, name])} onChange={setRemote} />
          )}
        </Field>
        <div className="min-w-48 flex-1">
          <Field label="Branch there">
            {(control) => (
              <input
                {...control}
                value={branch}
                onChange={(event) => setBranch(event.target.value)}
                spellCheck={false}
                autoComplete="off"
                className="field font-mono text-[0.75rem]"
              />
            )}
          </Field>
        </div>
      </div>
      <Problem text={push.error ?? request.error} />
      {opened && (
        <p role="status" className="wrap-anywhere select-text">
          {opened.note ?? 'The pull request is open.'}{' '}
          <a href={opened.url} target="_blank" rel="noreferrer" className="underline">
            {opened.url}
          </a>
        </p>
      )}
      <DialogActions>
        <Button kind="primary" busy={busy} why={why} onClick={() => void pushIt()}>
          {push.busy ? 'Pushing…' : `Push to ${remote}`}
        </Button>
        <Button busy={busy} why={why} onClick={() => void openIt()}>
          {request.busy ? 'Opening…' : 'Push and open a pull request'}
        </Button>
        <Button onClick={onClose}>{opened ? 'Close' : 'Not now'}</Button>
      </DialogActions>
    </Dialog>
  );
}
