import type { Session } from '../../../shared/contract/sessions.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { say } from '../../ui.ts';

/** What a person can do for a session beside stopping it, in a word and in a sentence; null: nothing. */
function actOf({ state, waitingFor, held, stall, project }: Session): {
  does: 'sessions.goOn' | 'sessions.snooze';
  word: string;
  label: string;
  done: string;
} | null {
  if (state === 'queued' && waitingFor) {
    return { does: 'sessions.goOn', word: 'Start now', label: `Start now: ${project}`, done: `${project} starts.` };
  }
  if (held) {
    return { does: 'sessions.goOn', word: 'Go on', label: `Let ${project} go on`, done: `${project} goes on.` };
  }
  if (stall) {
    const done = `${project} has 10 minutes more.`;
    return { does: 'sessions.snooze', word: 'Snooze', label: `Snooze ${project} for 10 minutes`, done };
  }
  return null;
}

/** Starts what waits, lets go on what is held, gives time to what is silent; nothing for any other session. */
export function WatchButton({ session, kind = 'quiet' }: { session: Session; kind?: 'quiet' | 'plain' | 'primary' }) {
  const goOn = useAct('sessions.goOn');
  const snooze = useAct('sessions.snooze');
  const away = useAway();
  const act = actOf(session);
  if (!act) return null;
  const { busy, error, run } = act.does === 'sessions.goOn' ? goOn : snooze;
  const click = async () => {
    if (await run({ id: session.id })) say(act.done);
  };
  return (
    <>
      {error && (
        <span role="alert" className="max-w-40 text-small text-bad">
          {error}
        </span>
      )}
      <Button
        kind={kind}
        className="relative text-small"
        busy={busy}
        why={away}
        aria-label={act.label}
        title={act.label}
        onClick={() => void click()}
      >
        {act.word}
      </Button>
    </>
  );
}
