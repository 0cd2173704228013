import { useDeferredValue, useMemo, useState } from 'react';
import type { Session } from '../../../shared/contract/sessions.ts';
import { whole } from '../../../shared/format.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useKept } from '../../hooks/use-kept.ts';
import { useProgressive } from '../../hooks/use-progressive.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { isOneOf, isText, recall, remember } from '../../remembered.ts';
import { hashOf, type SessionTab } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Chips } from '../../ui/Chips.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Nothing } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Terminals } from '../imports/Terminals.tsx';
import { TerminalView } from '../imports/TerminalView.tsx';
import { terminalIn } from '../imports/terminal-id.ts';
import { LaunchButton } from '../launch/LaunchButton.tsx';
import { aheadOf, layoutOf } from '../popover/layout.ts';
import { GROUPINGS, type Grouping, together } from './grouping.ts';
import { SessionDetailView } from './SessionDetail.tsx';
import { SessionRow } from './SessionRow.tsx';

const PAGE = 200;
const MOST = 1_000;
const FIRST = 20;
const GROUPING_NAMES: readonly (readonly [Grouping, string])[] = [
  ['state', 'By state'],
  ['project', 'By project'],
  ['time', 'By day'],
];
const isGrouping = isOneOf(GROUPINGS);

/** All sessions at the left, the chosen one at the right. */
export function SessionsScreen({ id, tab }: { id: string | null; tab: SessionTab }) {
  const terminal = terminalIn(id);
  return (
    <div
      className="split"
      data-chosen={id !== null || undefined}
      data-wide={(id !== null && tab !== 'overview') || undefined}
    >
      <SessionList id={id} />
      <div className="split-detail">
        {id === null ? (
          <p className="m-auto text-ink-3">Choose a session to see what it did.</p>
        ) : (
          <>
            <a href={hashOf('sessions')} className={`split-back link ${terminal === null ? '' : 'px-6'}`}>
              All sessions
            </a>
            {terminal === null ? (
              <SessionDetailView key={id} id={id} tab={tab} />
            ) : (
              <TerminalView key={id} id={terminal} />
            )}
          </>
        )}
      </div>
    </div>
  );
}

function SessionList({ id }: { id: string | null }) {
  const mirrored = useMirror((snapshot) => snapshot.sessions);
  const [filter, setFilter] = useKept('sessions', isText, '');
  const [limit, setLimit] = useState(PAGE);
  const wanted = useDeferredValue(filter.trim());
  const older = useQuery('sessions.list', { limit, ...(wanted && { text: wanted.slice(0, 500) }) });
  const sessions = useMemo(() => {
    const known = new Set(mirrored.map((session) => session.id));
    return [...mirrored, ...(older.data ?? []).filter((session) => !known.has(session.id))];
  }, [mirrored, older.data]);
  const ahead = useMemo(() => aheadOf(mirrored), [mirrored]);
  const found = useMemo(() => inOrder(sessions.filter((session) => matches(session, filter))), [sessions, filter]);
  const [by, setBy] = useState<Grouping>(() => recall('sessionsBy', isGrouping, 'state'));
  const today = useClock((now) => new Date(now).setHours(0, 0, 0, 0));
  const shown = useProgressive(found, FIRST);
  const groups = useMemo(() => together(shown, by, today), [shown, by, today]);
  const group = (next: Grouping) => {
    setBy(next);
    remember('sessionsBy', next);
  };
  const isCut = older.data?.length === limit;
  // The page is about the chosen one, where there is one.
  const [Title, Group] = id === null ? (['h1', 'h2'] as const) : (['h2', 'h3'] as const);
  return (
    <div className="split-list gap-3 px-4 py-5">
      <Title className="px-1 text-title font-strong">Sessions</Title>
      <input
        type="search"
        aria-label="Filter sessions"
        placeholder="Filter by project, prompt or outcome"
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
        className="field"
      />
      <Chips label="Group by" options={GROUPING_NAMES} value={by} onChange={group} className="-ml-1" />
      <Problem text={older.error} />
      {found.length === 0 && older.loading ? (
        <Skeleton rows={5} label="Looking for sessions" />
      ) : found.length === 0 ? (
        <Nothing act={!filter && <LaunchButton />}>{filter ? 'No session matches.' : 'No session yet.'}</Nothing>
      ) : (
        groups.map(({ title, sessions: of }) => (
          <section key={title} aria-label={title} className="flex flex-col gap-1.5">
            <Group className="flex justify-between gap-3 px-1 text-ink-2">
              <span className="truncate font-strong">{title}</span>
              <span>{of.length}</span>
            </Group>
            <ul className="card divide-y divide-line overflow-clip">
              {of.map((session) => (
                <SessionRow
                  key={session.id}
                  session={session}
                  ahead={ahead.get(session.id) ?? 0}
                  current={session.id === id}
                />
              ))}
            </ul>
          </section>
        ))
      )}
      {isCut && limit < MOST && (
        <Button className="self-center" busy={older.loading} onClick={() => setLimit(MOST)}>
          Show older
        </Button>
      )}
      {isCut && limit === MOST && (
        <p className="px-1 text-small text-ink-3">The newest {whole(MOST)}. The filter finds older ones.</p>
      )}
      <Terminals id={id} filter={filter} />
    </div>
  );
}

function matches({ project, prompt, outcome, branch, id }: Session, filter: string): boolean {
  const words = filter.trim().toLowerCase();
  return words === '' || [project, prompt, outcome, branch, id].some((text) => text?.toLowerCase().includes(words));
}

function inOrder(sessions: readonly Session[]): Session[] {
  const { needs_input, working, completed } = layoutOf(sessions, []);
  const byId = new Map(sessions.map((session) => [session.id, session]));
  return [...needs_input, ...working, ...completed].flatMap((id) => byId.get(id) ?? []);
}
