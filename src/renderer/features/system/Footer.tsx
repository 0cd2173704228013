import { setPaused } from '../../actions.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror, useStale } from '../../mirror.ts';
import { hashOf, openWindow } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { keyWords } from '../../ui/keyboard.ts';
import { Sparkline } from '../../ui/Sparkline.tsx';
import { openDialog, toast } from '../../ui.ts';
import { cpuWords, figuresOf } from './figures.ts';

const SHOWN = 60;

/** The machine in three figures; leads to all that is known of it. */
export function Machine() {
  const samples = useMirror((snapshot) => snapshot.system);
  const stale = useStale();
  const recent = samples.slice(-SHOWN);
  return (
    <a href={hashOf('health')} className="block rounded-control">
      <dl className={`flex flex-wrap items-center gap-x-4 gap-y-1 ${stale ? 'stale' : ''}`}>
        {figuresOf(samples.at(-1)).map(({ name, value, words }) => (
          <div key={name} title={words} className="flex items-center gap-1.5">
            <dt className="text-ink-2">{name}</dt>
            <dd className={value === 'unknown' ? 'text-ink-3' : 'min-w-9 font-strong'}>{value}</dd>
            {name === 'CPU' && recent.some(({ cpu }) => cpu !== null) && (
              <dd className="flex">
                <Sparkline values={recent.map(({ cpu }) => cpu)} label={cpuWords(recent)} className="h-4 w-14" />
              </dd>
            )}
          </div>
        ))}
      </dl>
    </a>
  );
}

/** Pause all, Stop all, Settings. */
export function FooterActions() {
  const paused = useMirror((snapshot) => snapshot.paused);
  const open = useMirror((snapshot) => snapshot.sessions.filter(({ state }) => state !== 'ended').length);
  const pause = useAct('sessions.pauseAll');
  const away = useAway();
  const change = async () => {
    if (!(await pause.run({ paused: !paused }))) return;
    toast(paused ? 'Sessions start again.' : 'Paused: nothing new starts.', () => void setPaused(paused));
  };
  return (
    <>
      <Problem text={pause.error} />
      <nav aria-label="Actions" className="-mx-2 flex flex-wrap items-center">
        <Button kind="quiet" busy={pause.busy} why={away} onClick={() => void change()}>
          {paused ? 'Resume all' : 'Pause all'}
        </Button>
        <Button
          kind="quiet"
          why={away ?? (open === 0 ? 'No session is queued, parked or running.' : null)}
          onClick={() => openDialog({ kind: 'stop-all' })}
        >
          Stop all…
        </Button>
        <Button
          kind="quiet"
          className="ml-auto text-small"
          onClick={() => openDialog({ kind: 'palette' })}
          title="Every action, with its keys"
        >
          <span className="sr-only">Find any action, </span>
          {keyWords('mod+k')}
        </Button>
        <Button
          kind="quiet"
          onClick={() => openDialog({ kind: 'keys' })}
          aria-label="List of keys"
          title="List of keys"
        >
          ?
        </Button>
        <Button kind="quiet" onClick={() => openWindow(hashOf('settings'))}>
          Settings
        </Button>
      </nav>
    </>
  );
}
