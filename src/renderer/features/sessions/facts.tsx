import type { SessionDetail } from '../../../shared/contract/sessions.ts';
import { absolute, short } from '../../../shared/format.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { sessionCost } from '../../../shared/usage-words.ts';
import { Elapsed, Moment } from '../../ui/Time.tsx';

/** It runs only while the session does; of one that waits or has ended there is nothing to say. */
function timeBoxOf({ deadlineAt }: SessionDetail): [string, React.ReactNode][] {
  if (deadlineAt === null) return [];
  const until = (
    <span key="box" title={absolute(deadlineAt)}>
      until <Moment at={deadlineAt} />
    </span>
  );
  return [['Time box', until]];
}

/** What is known of a session, by name; null: unknown. */
export function factsOf(session: SessionDetail): [string, React.ReactNode][] {
  const { inputTokens, outputTokens } = session;
  const tokens =
    inputTokens === null && outputTokens === null
      ? null
      : `${short(inputTokens ?? 0)} in, ${short(outputTokens ?? 0)} out`;
  return [
    ['Started', session.startedAt === null ? 'not yet' : <Moment key="at" at={session.startedAt} />],
    [
      // What it waited for an answer or a limit is in it.
      session.endedAt === null ? 'Since its start' : 'From start to end',
      session.startedAt === null ? 'not yet' : <Elapsed key="for" from={session.startedAt} to={session.endedAt} />,
    ],
    ...timeBoxOf(session),
    ['Cost, at list price', sessionCost(session)],
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
