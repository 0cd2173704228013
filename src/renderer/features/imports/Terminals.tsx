import type { TerminalSession } from '../../../shared/contract/imports.ts';
import { count, short } from '../../../shared/format.ts';
import { TERMINAL_WORDS } from '../../../shared/words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useWhileSeen } from '../../hooks/use-while-seen.ts';
import { hashOf } from '../../route.ts';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Moment } from '../../ui/Time.tsx';
import { TERMINAL } from './terminal-id.ts';

const LOOK_MS = 10_000;

const FACES: Readonly<Record<TerminalSession['status'], readonly [MarkShape, Tone]>> = {
  working: ['dot', 'work'],
  waiting: ['diamond', 'human'],
  idle: ['ring', 'mute'],
  ended: ['dash', 'mute'],
  unknown: ['dash', 'mute'],
};

/** Claude Code sessions that the person started in a terminal, asked for again while somebody looks. */
export function useTerminals() {
  const query = useQuery('imports.list', {});
  useWhileSeen(query.reload, LOOK_MS);
  return query;
}

interface TerminalsProps {
  /** The one that is shown beside the list. */
  id: string | null;
  filter: string;
}

/** The group of what runs outside Tenure: to be seen, not measured and not to be stopped here. */
export function Terminals({ id, filter }: TerminalsProps) {
  const { data } = useTerminals();
  const words = filter.trim().toLowerCase();
  const found = (data?.sessions ?? []).filter(({ project, title, branch }) =>
    [project, title, branch].some((text) => text?.toLowerCase().includes(words)),
  );
  if (!data || (found.length === 0 && !data.elsewhere)) return null;
  return (
    <section aria-labelledby="in-a-terminal" className="flex flex-col gap-2">
      <h2 id="in-a-terminal" className="px-1 font-strong">
        In a terminal
      </h2>
      <p className="px-1 text-small text-ink-3">
        Started outside Tenure: seen, but not measured, and to be stopped only there.
        {data.problem && ` ${data.problem}`}
      </p>
      {found.length > 0 && (
        <ul className="card divide-y divide-line overflow-clip">
          {found.map((session) => (
            <Row key={session.id} session={session} current={id === `${TERMINAL}${session.id}`} />
          ))}
        </ul>
      )}
      {data.elsewhere !== null && data.elsewhere > 0 && (
        <p className="px-1 text-small text-ink-3">
          {count(data.elsewhere, 'more runs', 'more run')} in folders of no project here.
        </p>
      )}
    </section>
  );
}

function Row({ session, current }: { session: TerminalSession; current: boolean }) {
  const [shape, tone] = FACES[session.status];
  const words = TERMINAL_WORDS[session.status];
  const { inputTokens, outputTokens, lastActivityAt } = session;
  const tokens = inputTokens === null || outputTokens === null ? null : short(inputTokens + outputTokens);
  return (
    <li
      data-item
      className="lazy-row relative flex min-h-11.5 items-center gap-3 px-3 py-1 hover:bg-sunken/45 has-[a:focus-visible]:bg-sunken/45 has-[a[aria-current]]:bg-sunken"
    >
      <Mark shape={shape} tone={tone} />
      <div className="min-w-0 flex-1">
        <a
          href={hashOf('sessions', `${TERMINAL}${session.id}`)}
          aria-current={current || undefined}
          aria-label={`${session.project}, in a terminal: ${words}`}
          className="block truncate font-strong outline-none after:absolute after:inset-0.5 after:rounded-control focus-visible:after:outline-2 focus-visible:after:outline-trust"
        >
          {session.project}
        </a>
        <p className="truncate text-ink-2" title={session.title ?? undefined}>
          {words}
          {session.waitingFor && ` for ${session.waitingFor}`}
          {session.title && ` · ${session.title}`}
        </p>
      </div>
      <div className="shrink-0 text-right text-ink-2">
        {lastActivityAt !== null && <Moment at={lastActivityAt} className="block" />}
        <span
          className="text-ink-3"
          title={tokens === null ? 'Not all of its record has been read' : 'Tokens in and out'}
        >
          {tokens === null ? 'tokens unknown' : `${tokens} tokens`}
        </span>
      </div>
    </li>
  );
}
