import { useState } from 'react';
import { useAct } from '../../hooks/use-act.ts';
import { useLink, useMirror } from '../../mirror.ts';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Moment } from '../../ui/Time.tsx';
import { ActButton } from './ActButton.tsx';

/** What is to be known about the program itself: away, paused, notices. One quiet line each. */
export function Strips({ retry }: { retry: () => void }) {
  return (
    <>
      <Offline retry={retry} />
      <Paused />
      <Notices />
    </>
  );
}

function Strip({ shape, tone, children }: { shape: MarkShape; tone: Tone; children: React.ReactNode }) {
  return (
    <div className="appear flex items-start gap-2.5 rounded-control bg-sunken px-2.5 py-1.5">
      <span className="flex h-4.5 items-center">
        <Mark shape={shape} tone={tone} />
      </span>
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2">{children}</div>
    </div>
  );
}

function Offline({ retry }: { retry: () => void }) {
  const link = useLink();
  if (link.state !== 'offline') return null;
  return (
    <Strip shape="square" tone="bad">
      <p role="alert" className="flex-1">
        Offline since <Moment at={link.since} />. Figures are from before.
      </p>
      <button type="button" className="link" onClick={retry}>
        Try now
      </button>
    </Strip>
  );
}

function Paused() {
  const paused = useMirror((snapshot) => snapshot.paused);
  const resume = useAct('sessions.pauseAll');
  if (!paused) return null;
  return (
    <Strip shape="dash" tone="human">
      <p className="flex-1" title="What runs keeps running">
        Paused: nothing new starts.
      </p>
      <ActButton
        kind="quiet"
        className="link min-h-0 border-0 p-0"
        busy={resume.busy}
        onClick={() => void resume.run({ paused: false })}
      >
        Resume
      </ActButton>
    </Strip>
  );
}

function Notices() {
  const notices = useMirror((snapshot) => snapshot.notices);
  const [all, setAll] = useState(false);
  if (notices.length === 0) return null;
  return (
    <Strip shape="square" tone="human">
      <div className="min-w-0 flex-1 wrap-anywhere">
        {(all ? notices : notices.slice(0, 1)).map((notice) => (
          <p key={notice} className={all ? '' : 'line-clamp-1'} title={all ? undefined : notice}>
            {notice}
          </p>
        ))}
      </div>
      <button type="button" className="link self-start" aria-expanded={all} onClick={() => setAll(!all)}>
        {all ? 'Less' : notices.length > 1 ? `All ${notices.length}` : 'More'}
      </button>
    </Strip>
  );
}
