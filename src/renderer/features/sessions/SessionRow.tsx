import { type MouseEvent, memo, useRef } from 'react';
import type { Session } from '../../../shared/contract/sessions.ts';
import { sessionCost } from '../../../shared/usage-words.ts';
import { brief } from '../../../shared/words.ts';
import { call, sentenceOf } from '../../api.ts';
import { useItemKeys } from '../../hooks/use-item-keys.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { isCommand, leaveItem } from '../../ui/keyboard.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Score } from '../../ui/Score.tsx';
import { Elapsed, Moment } from '../../ui/Time.tsx';
import { putAway, toast } from '../../ui.ts';
import { WatchButton } from '../supervision/WatchButton.tsx';
import { faceOf } from './face.ts';
import { openTerminal } from './open-terminal.ts';
import { PaceLine } from './PaceLine.tsx';
import { StopButton } from './StopButton.tsx';

interface SessionRowProps {
  session: Session;
  /** How many are queued before it. */
  ahead: number;
  /** It is the one that is shown beside the list. */
  current?: boolean;
}

/** Who, what now, how long, how much. The whole row opens the session; with the command key, its work tree in a terminal. */
export const SessionRow = memo(function SessionRow({ session, ahead, current = false }: SessionRowProps) {
  const asks = useMirror(({ decisions }) => {
    if (session.pendingDecisions === 0) return null;
    const open = decisions.find(({ sessionId, state }) => sessionId === session.id && state === 'pending');
    return open ? brief(open.action) : null;
  });
  const { shape, tone, words } = faceOf(session, ahead, asks);
  const row = useRef<HTMLLIElement>(null);
  useItemKeys(row, (event) => {
    if (isCommand(event) && event.key === 'Enter') {
      void openTerminal(session);
      return true;
    }
    if (isCommand(event) || event.altKey) return false;
    if (event.key === 'e' && session.state === 'ended' && !row.current?.closest('.split-list')) {
      leaveItem(row.current);
      putAway([session.id], session.project);
    } else if (event.key === 'h' && session.stall) void snooze(session);
    else return false;
    return true;
  });
  const open = (event: MouseEvent) => {
    if (!isCommand(event)) return;
    event.preventDefault();
    void openTerminal(session);
  };
  return (
    <li
      ref={row}
      data-item
      className="lazy-row relative flex min-h-11.5 items-center gap-3 px-3 py-1 hover:bg-sunken/45 has-[a:focus-visible]:bg-sunken/45 has-[a[aria-current]]:bg-sunken"
    >
      <Mark shape={shape} tone={tone} />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <a
            href={hashOf('sessions', session.id)}
            dir="auto"
            onClick={open}
            aria-current={current || undefined}
            aria-label={`${session.project}: ${words}`}
            className="truncate font-strong outline-none after:absolute after:inset-0.5 after:rounded-control focus-visible:after:outline-2 focus-visible:after:outline-trust"
          >
            {session.project}
          </a>
          <Score evaluation={session.evaluation} />
        </div>
        <p className={`truncate ${session.stillAlive.length > 0 ? 'text-bad' : 'text-ink-2'}`} title={words}>
          {words}
        </p>
      </div>
      {/* What it waits for, and until when, is worth more room than figures that stand still. */}
      {!session.waitingFor && !session.held && !session.stall && (
        <>
          {session.pace && <PaceLine pace={session.pace} />}
          <Figures session={session} />
        </>
      )}
      <span className="contents [.split-list_&]:hidden">
        <WatchButton session={session} />
      </span>
      {session.state !== 'ended' && <StopButton session={session} />}
    </li>
  );
});

async function snooze({ id, project }: Session): Promise<void> {
  try {
    await call('sessions.snooze', { id });
    toast(`${project} has 10 minutes more.`);
  } catch (error) {
    toast(sentenceOf(error));
  }
}

function Figures({ session }: { session: Session }) {
  const { startedAt, endedAt } = session;
  const cost = sessionCost(session);
  return (
    <div className="shrink-0 text-right text-ink-2">
      {endedAt !== null ? (
        <p>
          <Moment at={endedAt} />
        </p>
      ) : (
        <p>{startedAt === null ? <Moment at={session.createdAt} /> : <Elapsed from={startedAt} to={null} />}</p>
      )}
      {cost !== null && (
        <p className={endedAt === null ? '' : 'text-ink-3'} title="Estimate at list price">
          {cost}
        </p>
      )}
    </div>
  );
}
