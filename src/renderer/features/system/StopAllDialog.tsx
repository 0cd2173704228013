import { useState } from 'react';
import type { StoppedSession } from '../../../shared/contract/sessions.ts';
import { count } from '../../../shared/format.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { closeDialog } from '../../ui.ts';

const isGone = ({ stopped, stillAlive }: StoppedSession): boolean => stopped && stillAlive.length === 0;

/** Stop all: the count before, and one by one what was stopped and what resisted after. */
export function StopAllDialog() {
  const open = useMirror((snapshot) => snapshot.sessions.filter(({ state }) => state !== 'ended').length);
  const stop = useAct('sessions.stopAll');
  const away = useAway();
  const [reports, setReports] = useState<readonly StoppedSession[] | null>(null);
  const run = async () => setReports((await stop.run({})) ?? reports);
  const left = reports?.filter((report) => !isGone(report)).length ?? 0;
  if (reports && left === 0)
    return (
      <Dialog title={reports.length === 0 ? 'Nothing was running' : 'Everything is stopped'} onClose={closeDialog}>
        <Reports reports={reports} />
        <DialogActions>
          <Button autoFocus onClick={closeDialog}>
            Close
          </Button>
        </DialogActions>
      </Dialog>
    );
  const what = count(left > 0 ? left : open, 'session');
  return (
    <Dialog grave title={left > 0 ? `${what} resisted` : `Stop ${what}?`} onClose={closeDialog}>
      {!reports && (
        <p className="text-ink-2">
          Everything they started is ended, and nothing new starts meanwhile. What was committed stays; what was not
          stays in the work trees.
        </p>
      )}
      <Problem text={stop.error} />
      {reports && <Reports reports={reports} />}
      {left > 0 && (
        <p className="text-ink-2">Everything is paused: nothing new starts until you resume it, no schedule either.</p>
      )}
      <DialogActions>
        <Button
          kind="bad"
          busy={stop.busy}
          why={away ?? (open === 0 ? 'Nothing runs any more.' : null)}
          onClick={() => void run()}
        >
          {stop.busy ? 'Stopping…' : left > 0 ? 'Try again' : `Stop ${what}`}
        </Button>
        <Button data-first onClick={closeDialog}>
          {reports ? 'Close' : 'Keep them'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Reports({ reports }: { reports: readonly StoppedSession[] }) {
  if (reports.length === 0) return null;
  return (
    <ul aria-label="What was stopped" tabIndex={0} className="flex max-h-64 flex-col gap-1.5 overflow-y-auto">
      {reports.map((report) => (
        <li key={report.id} className="flex items-baseline gap-2">
          <Mark shape={isGone(report) ? 'square' : 'diamond'} tone={isGone(report) ? 'mute' : 'bad'} />
          <span className="min-w-0 flex-1">
            <span className="block truncate">
              {report.project} <span className="text-ink-2">{report.prompt}</span>
            </span>
            {isGone(report) ? (
              <span className="text-small text-ink-3">gone</span>
            ) : (
              <span role="alert" className="text-small text-bad">
                {report.stillAlive.length > 0 ? `Still alive: pid ${report.stillAlive.join(', ')}. ` : ''}
                {report.problem ?? ''}
                {report.stillAlive.length === 0 && !report.problem && 'It did not stop in time.'}
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
