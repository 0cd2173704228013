import { whyNot } from '../../../shared/can.ts';
import type { Session } from '../../../shared/contract/sessions.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { toast } from '../../ui.ts';

/** Ends a session and everything it started; says what would not end. */
export function StopButton({ session, kind = 'quiet' }: { session: Session; kind?: 'quiet' | 'plain' }) {
  const stop = useAct('sessions.stop');
  const away = useAway();
  const stopping = stop.busy || session.phase === 'stopping';
  const run = async () => {
    const report = await stop.run({ id: session.id });
    if (!report) return;
    toast(
      report.stopped
        ? `${session.project} has stopped.`
        : `${session.project} did not stop; still alive: pid ${report.stillAlive.join(', ')}.`,
    );
  };
  return (
    <>
      {stop.error && (
        <span role="alert" className="max-w-40 text-small text-bad">
          {stop.error}
        </span>
      )}
      <Button
        kind={kind}
        className="relative text-small"
        busy={stopping}
        why={away ?? whyNot('session.stop', session.state)}
        aria-label={stopping ? `Stopping ${session.project}` : `Stop ${session.project}`}
        onClick={() => void run()}
      >
        {stopping ? 'Stopping…' : 'Stop'}
      </Button>
    </>
  );
}
