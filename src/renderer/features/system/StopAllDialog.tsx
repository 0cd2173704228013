import { useState } from 'react';
import type { StopReport } from '../../../shared/contract/sessions.ts';
import { count } from '../../../shared/format.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Problem } from '../../ui/Field.tsx';
import { closeDialog, say } from '../../ui.ts';

/** Stop all, with the count before and whatever resisted after. */
export function StopAllDialog() {
  const open = useMirror((snapshot) => snapshot.sessions.filter(({ state }) => state !== 'ended').length);
  const stop = useAct('sessions.stopAll');
  const away = useAway();
  const [left, setLeft] = useState<readonly StopReport[]>([]);
  const run = async () => {
    const reports = await stop.run({});
    if (!reports) return;
    const resisted = reports.filter((report) => !report.stopped);
    say(`${count(reports.length - resisted.length, 'session')} stopped.`);
    if (resisted.length === 0) closeDialog();
    else setLeft(resisted);
  };
  const pids = left.flatMap((report) => report.stillAlive);
  return (
    <Dialog title={`Stop ${count(open, 'session')}?`} onClose={closeDialog}>
      <p className="text-ink-2">
        Everything they started is ended. What was committed stays; what was not stays in the work trees.
      </p>
      <Problem text={stop.error} />
      <Problem
        text={
          left.length > 0 ? `${count(left.length, 'session')} resisted; still alive: pid ${pids.join(', ')}.` : null
        }
      />
      <DialogActions>
        <Button
          kind="bad"
          busy={stop.busy}
          why={away ?? (open === 0 ? 'Nothing runs any more.' : null)}
          onClick={() => void run()}
        >
          {stop.busy ? 'Stopping…' : `Stop ${count(open, 'session')}`}
        </Button>
        <Button onClick={closeDialog}>Keep them</Button>
      </DialogActions>
    </Dialog>
  );
}
