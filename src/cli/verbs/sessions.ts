import { type Session, type SessionDetail, SessionState } from '../../shared/contract/sessions.ts';
import { absolute, elapsed, short, when } from '../../shared/format.ts';
import { LEVEL_WORDS } from '../../shared/policy.ts';
import { sessionCost } from '../../shared/usage-words.ts';
import { doing, ended, scored } from '../../shared/words.ts';
import { workWords } from '../../shared/work-words.ts';
import { projectFilter } from '../project-ref.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { defineVerb, oneOf, wholeNumber } from '../verb.ts';
import { decisionTable } from './decisions.ts';

/** What it does, or how it ended and what that was worth. */
export function stateOf(session: Session, now: number): string {
  if (session.state !== 'ended') return doing(session, 0, now);
  return [ended(session), scored(session), workWords(session.work)].filter(Boolean).join(' · ');
}

function tookOf(session: Session, now: number): string {
  if (session.startedAt === null) return '–';
  return elapsed((session.endedAt ?? now) - session.startedAt);
}

export const sessions = defineVerb({
  name: 'sessions',
  summary: 'List sessions, the newest first.',
  options: {
    project: { type: 'string', value: '<project>', help: 'only of that project' },
    state: { type: 'string', value: '<state>', help: `only in that state: ${SessionState.options.join(', ')}` },
    limit: { type: 'string', value: '<number>', help: 'the newest so many; default 50' },
  },
  example: 'tenure sessions --project shop --limit 10',
  async run(cli, _given, values) {
    const state = oneOf(values.state, 'state', SessionState.options);
    const limit = wholeNumber(values.limit, 'limit', 1, 1_000) ?? 50;
    const found = await cli.call('sessions.list', {
      limit,
      ...(state !== undefined && { state }),
      ...(await projectFilter(cli, values.project)),
    });
    const now = cli.now();
    const rows = found.map((s) => [s.id, s.project, when(s.createdAt, now), tookOf(s, now), stateOf(s, now)]);
    const empty = 'No sessions. "tenure run <project>" launches one.';
    return { json: found, text: table(['id', 'project', 'launched', 'took', 'state'], rows, empty) };
  },
});

/** The command that moves it forward, where a person can. */
function canDo({ id, state, waitingFor, held, stall }: Session): string | null {
  if (held) return `"tenure go-on ${id}" lets it go on, "tenure stop ${id}" ends it`;
  if (state === 'queued' && waitingFor) return `"tenure go-on ${id}" starts it now`;
  return stall ? `"tenure snooze ${id}" gives it 10 minutes more` : null;
}

/** A session as a page for a person. */
export function describeSession(session: SessionDetail, now: number): string {
  const { evaluation, evidence } = session;
  const tokens =
    session.inputTokens === null || session.outputTokens === null
      ? 'unknown'
      : `${short(session.inputTokens)} in, ${short(session.outputTokens)} out`;
  const known = sessionCost(session);
  const cost = known === null ? 'cost unknown' : `${known} (estimate)`;
  const agent = [session.agent, session.claudeVersion, session.model].filter(Boolean).join(' ');
  const alive = session.stillAlive.length > 0 ? `processes ${session.stillAlive.join(', ')}` : null;
  return paragraphs(
    list([
      ['Session', `${session.id} on ${oneLine(session.project)}`],
      ['State', oneLine(stateOf(session, now))],
      ['Why', session.held && session.held.evidence.map(oneLine).join(' ')],
      ['Silent', session.stall && session.stall.evidence.map(oneLine).join(' ')],
      ['Can do', canDo(session)],
      ['Problem', session.problem && readable(session.problem)],
      ['Still alive', alive],
      ['Level', LEVEL_WORDS[session.level].name],
      ['Agent', oneLine(agent)],
      [
        'Launched',
        `${absolute(session.createdAt)} by ${session.source === 'person' ? 'you' : 'its schedule'}, took ${tookOf(session, now)}`,
      ],
      ['Branch', session.branch && oneLine(session.branch)],
      ['Work tree', session.worktree && oneLine(session.worktree)],
      ['Tokens', `${tokens}, ${cost}`],
      ['Prompt', oneLine(session.prompt)],
    ]),
    session.resultText && `The agent said:\n${readable(session.resultText)}`,
    evaluation && [readable(evaluation.reason), ...(evidence?.steps ?? []).map((s) => `- ${readable(s)}`)].join('\n'),
    session.decisions.length > 0 ? decisionTable(session.decisions, now, '') : null,
  );
}

export const session = defineVerb({
  name: 'session',
  summary: 'Show one session with its decisions, its measured work and its evaluation.',
  takes: ['session'],
  example: 'tenure session ses_k3v9 --json',
  async run(cli, [id = '']) {
    const detail = await cli.call('sessions.get', { id });
    return { json: detail, text: describeSession(detail, cli.now()) };
  },
});
