import type { Session, SessionDetail } from '../../../shared/contract/sessions.ts';
import { absolute, dollars, short } from '../../../shared/format.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Problem } from '../../ui/Field.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Score } from '../../ui/Score.tsx';
import { Facts, Nothing, Part } from '../../ui/Screen.tsx';
import { Elapsed, Moment } from '../../ui/Time.tsx';
import { DecisionCard } from '../decisions/DecisionCard.tsx';
import { DecisionItem } from '../decisions/DecisionItem.tsx';
import { EvidenceView } from './EvidenceView.tsx';
import { faceOf } from './face.ts';
import { StopButton } from './StopButton.tsx';
import { Transcript } from './Transcript.tsx';

/** Everything about one session: what was asked, what it did, what it is worth and why. */
export function SessionDetailView({ id }: { id: string }) {
  const live = useMirror((snapshot) => snapshot.sessions.find((session) => session.id === id));
  const asked = useMirror((snapshot) =>
    snapshot.decisions
      .filter(({ sessionId }) => sessionId === id)
      .map(({ state }) => state)
      .join(),
  );
  const version = live ? `${live.state} ${live.outcome} ${live.evaluation?.id} ${asked}` : asked;
  const { data, error, loading } = useQuery('sessions.get', { id }, version);
  if (!data)
    return <div className="p-6">{error ? <Problem text={error} /> : <p className="late text-ink-2">Loading…</p>}</div>;
  const session: SessionDetail = live ? { ...data, ...live } : data;
  return (
    <div aria-busy={loading} className="flex flex-col gap-6 px-6 py-5">
      <Head session={session} />
      <Problem text={error} />
      <Part title="Prompt">
        <p className="card max-h-60 overflow-y-auto p-3 whitespace-pre-wrap wrap-anywhere select-text">
          {session.prompt}
        </p>
      </Part>
      {session.resultText && (
        <Part
          title="What the agent says"
          actions={<span className="text-small text-ink-3">a claim, not a measurement</span>}
        >
          <p className="card p-3 whitespace-pre-wrap wrap-anywhere select-text">{session.resultText}</p>
        </Part>
      )}
      {session.evidence && <EvidenceView evidence={session.evidence} evaluation={session.evaluation} />}
      <Part title="Facts">
        <Facts facts={factsOf(session)} />
      </Part>
      <Asked decisions={session.decisions} />
      <Transcript
        id={id}
        version={`${session.state} ${session.turns} ${session.activity}`}
        path={session.transcriptPath}
      />
    </div>
  );
}

function Head({ session }: { session: Session }) {
  const { shape, tone, words } = faceOf(session);
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <h1 className="text-title font-strong">{session.project}</h1>
      <Score evaluation={session.evaluation} />
      <span className="flex items-center gap-2 text-ink-2">
        <Mark shape={shape} tone={tone} />
        {words}
      </span>
      <span className="ml-auto flex items-center gap-2">
        {session.state !== 'ended' && <StopButton session={session} kind="plain" />}
      </span>
    </header>
  );
}

function Asked({ decisions }: { decisions: SessionDetail['decisions'] }) {
  const mirrored = useMirror((snapshot) => snapshot.decisions);
  const current = decisions.map((decision) => mirrored.find(({ id }) => id === decision.id) ?? decision);
  return (
    <Part title="Decisions" actions={<span className="text-ink-2">{current.length}</span>}>
      {current.length === 0 && <Nothing>Nothing was asked of the gate so far.</Nothing>}
      {current
        .filter(({ state }) => state === 'pending')
        .map((decision) => (
          <DecisionCard key={decision.id} decision={decision} />
        ))}
      {current.some(({ state }) => state !== 'pending') && (
        <ul className="card divide-y divide-line">
          {current
            .filter(({ state }) => state !== 'pending')
            .map((decision) => (
              <DecisionItem key={decision.id} decision={decision} />
            ))}
        </ul>
      )}
    </Part>
  );
}

function factsOf(session: SessionDetail): [string, React.ReactNode][] {
  const { inputTokens, outputTokens } = session;
  const tokens =
    inputTokens === null && outputTokens === null
      ? null
      : `${short(inputTokens ?? 0)} in, ${short(outputTokens ?? 0)} out`;
  return [
    ['Started', session.startedAt === null ? 'not yet' : <Moment key="at" at={session.startedAt} />],
    [
      'Ran for',
      session.startedAt === null ? 'not yet' : <Elapsed key="for" from={session.startedAt} to={session.endedAt} />,
    ],
    [
      'Time box',
      session.deadlineAt === null ? null : (
        <span key="box" title={absolute(session.deadlineAt)}>
          until <Moment at={session.deadlineAt} />
        </span>
      ),
    ],
    ['Cost, at list price', session.costUsd === null ? null : dollars(session.costUsd)],
    ['Tokens', tokens],
    ['Turns', session.turns],
    ['Level at launch', LEVEL_WORDS[session.level].name],
    ['Launched by', session.source === 'person' ? 'you' : 'its schedule'],
    ['Agent', [session.agent, session.claudeVersion].filter(Boolean).join(' ')],
    ['Model', session.model ?? "the agent's own choice"],
    ['Branch', session.branch],
    ['Work tree', session.worktree],
    ['Session', session.id],
    ['Agent session', session.agentSessionId],
  ];
}
