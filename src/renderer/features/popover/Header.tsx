import { useEffect, useState } from 'react';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { setPrivate } from '../../actions.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Ladder } from '../../ui/Ladder.tsx';
import { HeldFor } from '../../ui/Time.tsx';

/** The level and how long it has been held; opens the whole record. */
export function Header() {
  const level = useMirror((snapshot) => snapshot.trust.level);
  const since = useMirror((snapshot) => snapshot.trust.since);
  const demo = useMirror((snapshot) => snapshot.engine.demo);
  return (
    <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
      <Ladder level={level} />
      <h1 className="text-title font-strong">{LEVEL_WORDS[level].name}</h1>
      <p className="text-ink-2">
        <HeldFor since={since} />
      </p>
      {demo && (
        <span
          className="rounded-[4px] bg-sunken px-1.5 text-small text-ink-2"
          title="Demo data in a directory of its own; it never counts as trust"
        >
          Demo
        </span>
      )}
      <span className="-mr-1.5 ml-auto flex">
        <PrivateButton />
        <PinButton />
        <WindowLink />
      </span>
    </div>
  );
}

/** For a screen that others see: what is told outside of these pages names nothing. */
function PrivateButton() {
  const on = useMirror((snapshot) => snapshot.engine.private);
  const away = useAway();
  const words = on
    ? 'Private: notifications and the menubar name nothing'
    : 'Private mode, for a screen that others see';
  return (
    <Button
      kind="quiet"
      className="px-1.5"
      aria-label="Private"
      aria-pressed={on}
      title={words}
      why={away}
      onClick={() => void setPrivate(!on)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4">
        <path
          d="M1.8 8c1.6-2.7 3.7-4 6.2-4s4.6 1.3 6.2 4c-1.6 2.7-3.7 4-6.2 4S3.4 10.7 1.8 8ZM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.3"
          strokeLinejoin="round"
        />
        {on && <path d="M3 13 13 3" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />}
      </svg>
    </Button>
  );
}

/** Keeps the popover open while the person works elsewhere; a page in a browser stays anyway. */
function PinButton() {
  const [pinned, setPinned] = useState(false);
  // Told also when it is drawn anew (the page was loaded again, or somebody signed in): what it shows is so.
  useEffect(() => window.tenure?.pin(pinned), [pinned]);
  if (!window.tenure) return null;
  return (
    <Button
      kind="quiet"
      className="px-1.5"
      aria-label="Keep open"
      aria-pressed={pinned}
      title="Keep open"
      onClick={() => setPinned(!pinned)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4">
        <path
          d="M5.5 2.5h5M6.5 2.5v4.2L4.6 9.2v.8h6.8v-.8L9.5 6.7V2.5M8 10v3.7"
          fill={pinned ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth="1.3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    </Button>
  );
}

function WindowLink() {
  return (
    <a href={hashOf('trust')} title="Open the larger window" className="button button-quiet px-1.5">
      <span className="sr-only">Open the larger window</span>
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4">
        <path
          d="M9.5 2.5h4v4M13.5 2.5l-6 6M6.5 3.5h-3a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1v-3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    </a>
  );
}
