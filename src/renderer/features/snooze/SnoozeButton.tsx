import { lazy, Suspense, useRef, useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Mishap } from '../../ui/Mishap.tsx';

const SnoozeBubble = lazy(() => import('./SnoozeBubble.tsx').then((module) => ({ default: module.SnoozeBubble })));

interface SnoozeButtonProps {
  busy: boolean;
  why: string | null;
  deadline: number | null;
  onSnooze: (ms: number) => void;
}

/** Later: asks until when. */
export function SnoozeButton({ busy, why, deadline, onSnooze }: SnoozeButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        ref={button}
        kind="quiet"
        busy={busy}
        why={why}
        aria-haspopup="dialog"
        aria-expanded={open}
        title="Keep it quiet until later (H: for 15 minutes)"
        onClick={() => setOpen(true)}
      >
        Snooze…
      </Button>
      {open && (
        <Mishap>
          <Suspense fallback={null}>
            <SnoozeBubble anchor={button} deadline={deadline} onSnooze={onSnooze} onClose={() => setOpen(false)} />
          </Suspense>
        </Mishap>
      )}
    </>
  );
}
