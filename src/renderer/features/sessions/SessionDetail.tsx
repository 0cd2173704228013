import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import type { Session, SessionDetail } from '../../../shared/contract/sessions.ts';
import { sessionCost } from '../../../shared/usage-words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf, SESSION_TABS, type SessionTab } from '../../route.ts';
import { Problem } from '../../ui/Field.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { preloaded } from '../../ui/preloaded.tsx';
import { Score } from '../../ui/Score.tsx';
import { Facts, Part } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Elapsed } from '../../ui/Time.tsx';
import { Composer } from '../conversation/Composer.tsx';
import { Grounds, Verdict } from '../evaluation/EvaluationPanel.tsx';
import { Marked } from '../review/Marked.tsx';
import { useScreenKeys } from '../review/use-screen-keys.ts';
import { WatchedCard } from '../supervision/WatchedCard.tsx';
import { ModelChoiceLine } from '../telemetry/ModelChoiceLine.tsx';
import { AfterSession } from '../worktrees/AfterSession.tsx';
import { Asked, Open } from './Asked.tsx';
import { faceOf } from './face.ts';
import { factsOf } from './facts.tsx';
import { PaceLine } from './PaceLine.tsx';
import { StopButton } from './StopButton.tsx';

const Transcript = preloaded(async () => (await import('./Transcript.tsx')).Transcript);
const Changes = preloaded(async () => (await import('../review/Changes.tsx')).Changes);

const TAB_NAMES: Readonly<Record<SessionTab, string>> = {
  overview: 'Overview',
  transcript: 'Transcript',
  changes: 'Changes',
};

/** Everything about one session: what was asked, what it said and did, what it changed, what that is worth. */
export function SessionDetailView({ id, tab }: { id: string; tab: SessionTab }) {
  const live = useMirror((snapshot) => snapshot.sessions.find((session) => session.id === id));
  const asked = useMirror((snapshot) =>
    snapshot.decisions
      .filter(({ sessionId }) => sessionId === id)
      .map(({ state }) => state)
      .join(),
  );
  const version = live ? `${live.state} ${live.outcome} ${live.evaluation?.id} ${asked}` : asked;
  const { data, error, loading } = useQuery('sessions.get', { id }, version);
  useEffect(() => {
    // Whoever looks at a session is likely to go on to its other tabs.
    // A failure shows when the tab itself is opened.
    void Promise.allSettled([Transcript.preload(), Changes.preload()]);
  }, []);
  const page = useRef<HTMLDivElement>(null);
  const byKey = useRef<SessionTab | null>(null);
  /** The focus goes along with a key, so that the next Tab is in what was gone to and not in the list of sessions. */
  const enter = (): void => {
    const body = page.current?.querySelector<HTMLElement>('.workspace, .session-overview');
    if (!body || byKey.current !== tab) return;
    byKey.current = null;
    body.focus({ preventScroll: true });
  };
  useEffect(enter);
  const open = (name: SessionTab) => () => {
    byKey.current = name;
    window.location.hash = hashOf('sessions', id, name);
    if (name === tab) enter();
  };
  useScreenKeys(Object.fromEntries(SESSION_TABS.map((name, n) => [String(n + 1), open(name)])));
  if (!data)
    return (
      <div className="flex flex-col gap-3 p-6">
        <h1 className={error ? 'text-title font-strong' : 'sr-only'}>Session</h1>
        {error ? <Problem text={error} /> : <Skeleton rows={6} label="Reading the session" />}
      </div>
    );
  // The live one has the beginning of a long prompt only.
  const session: SessionDetail = live ? { ...data, ...live, prompt: data.prompt } : data;
  return (
    <div ref={page} aria-busy={loading} className="session">
      <Head session={session} />
      <Tabs id={id} current={tab} />
      <WatchedCard session={session} />
      <Problem text={error} />
      <Suspense fallback={<p className="late p-6 text-ink-2">Loading…</p>}>{bodyOf(tab, session)}</Suspense>
      <Composer session={session} />
    </div>
  );
}

function bodyOf(tab: SessionTab, session: SessionDetail): ReactNode {
  const { id, state } = session;
  switch (tab) {
    case 'overview':
      return <Overview session={session} />;
    case 'transcript':
      return (
        <Transcript
          id={id}
          grows={state !== 'ended'}
          version={`${state} ${session.turns} ${session.activity}`}
          path={session.transcriptPath}
          cwd={session.worktree ?? ''}
        />
      );
    case 'changes':
      return <Changes session={session} />;
  }
}

/**
 * The parts of the first tab, in the order in which a person asks: does it wait for me, what was it to do, what is
 * that worth, what do I do with it; then what the agent says of itself, and what all of that rests on.
 */
function Overview({ session }: { session: SessionDetail }) {
  const { id, prompt, evaluation, evidence, resultText } = session;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, this is read and scrolls.
    <div role="group" aria-label="Overview" tabIndex={0} className="session-overview">
      <Open decisions={session.decisions} />
      <Part title="Prompt">
        <p className="card max-h-28 overflow-y-auto p-3 whitespace-pre-wrap wrap-anywhere select-text">{prompt}</p>
      </Part>
      <Verdict sessionId={id} evaluation={evaluation} />
      <AfterSession session={session} />
      {resultText && (
        <Part
          title="What the agent says"
          actions={<span className="text-small text-ink-3">a claim, not a measurement</span>}
        >
          <p className="card max-h-80 overflow-y-auto p-3 whitespace-pre-wrap wrap-anywhere select-text">
            <Marked text={resultText} wanted="" />
          </p>
        </Part>
      )}
      {evidence && <Grounds sessionId={id} evaluation={evaluation} evidence={evidence} />}
      <Asked decisions={session.decisions} />
      <Part title="Facts">
        <Facts facts={factsOf(session)} />
        <ModelChoiceLine sessionId={id} projectId={session.projectId} />
      </Part>
    </div>
  );
}

/** What holds for every tab: state, time, cost, stop. */
function Head({ session }: { session: Session }) {
  const { shape, tone, words } = faceOf(session);
  const { startedAt, endedAt } = session;
  const cost = sessionCost(session);
  return (
    <header className="session-head">
      <h1 className="max-w-full truncate text-title font-strong" title={session.project}>
        {session.project}
      </h1>
      <Score evaluation={session.evaluation} />
      <span className="flex min-w-0 items-center gap-2 text-ink-2">
        <Mark shape={shape} tone={tone} />
        {/* How it ended is read whole; what changes all the time must not move the page. */}
        <span
          className={session.state === 'ended' ? 'line-clamp-4 wrap-anywhere select-text' : 'truncate'}
          title={words}
        >
          {words}
        </span>
      </span>
      <span className="ml-auto flex shrink-0 items-center gap-3 text-ink-2">
        {session.pace && <PaceLine pace={session.pace} />}
        {startedAt !== null && <Elapsed from={startedAt} to={endedAt} />}
        {cost !== null && <span title="Estimate at list price">{cost}</span>}
        {session.state !== 'ended' && <StopButton session={session} kind="plain" />}
      </span>
    </header>
  );
}

function Tabs({ id, current }: { id: string; current: SessionTab }) {
  return (
    <nav aria-label="Session" className="tabs">
      {SESSION_TABS.map((name, n) => (
        <a
          key={name}
          href={hashOf('sessions', id, name)}
          aria-current={name === current ? 'page' : undefined}
          title={`${TAB_NAMES[name]} ( ${n + 1} )`}
        >
          {TAB_NAMES[name]}
        </a>
      ))}
    </nav>
  );
}
