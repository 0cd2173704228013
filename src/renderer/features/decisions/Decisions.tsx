import { useDeferredValue, useMemo, useState } from 'react';
import type { HistoryFilter } from '../../../shared/contract/history.ts';
import { whole } from '../../../shared/format.ts';
import { RISKS, type Risk } from '../../../shared/policy.ts';
import { RISK_NAMES } from '../../../shared/words.ts';
import { useKept } from '../../hooks/use-kept.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { isOneOf, isText } from '../../remembered.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { FilterBar } from '../../ui/FilterBar.tsx';
import { Nothing, Screen } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { layoutOf } from '../popover/layout.ts';
import { Alerts } from './Alerts.tsx';
import { AskCard } from './AskCard.tsx';
import { DecisionItem } from './DecisionItem.tsx';
import { Export } from './Export.tsx';
import { Figures } from './Figures.tsx';
import { CHIPS } from './history.ts';
import { Linked } from './Linked.tsx';
import { Safety } from './Safety.tsx';

const PAGE = 50;
/** More of what waits is unfolded on demand: the history below stays within reach. */
const SHOWN_WAITING = 10;

/** What the bar narrows by is texts alone. */
const isFilter = (value: unknown): value is HistoryFilter =>
  typeof value === 'object' && value !== null && Object.values(value).every(isText);

/**
 * Every decision: what waits first, then the history as filtered, newest first. With the id of a
 * session its alone; that of a decision, as links have it, narrows nothing. Give it the id as its key.
 */
export function Decisions({ id: named }: { id: string | null }) {
  const sessionId = named?.startsWith('ses_') ? named : null;
  const mirrored = useMirror((snapshot) => snapshot.decisions);
  const projects = useMirror((snapshot) => snapshot.projects);
  // A link to one question narrows nothing, whatever the list was narrowed to.
  const kept = named === null ? 'decisions' : null;
  const [chip, setChip] = useKept(kept && `${kept}.stage`, isOneOf(Object.keys(CHIPS)), 'All');
  const [filter, setFilter] = useKept<HistoryFilter>(kept, isFilter, {});
  const [limit, setLimit] = useState(PAGE);
  const wanted = useDeferredValue(filter);
  const stages = CHIPS[chip];
  const asked = useMemo(
    () => ({ ...wanted, ...(stages && { stages: [...stages] }), ...(sessionId !== null && { sessionId }) }),
    [wanted, stages, sessionId],
  );
  // What is mirrored changes with every decision: then the page is asked for again.
  const version = mirrored.map(({ id, state, outcome, wrong }) => `${id}${state}${outcome}${wrong?.at}`).join();
  const { data, error, loading } = useQuery('decisions.page', { ...asked, limit }, version);
  const waiting = useMemo(
    () =>
      layoutOf([], sessionId === null ? mirrored : mirrored.filter((decision) => decision.sessionId === sessionId))
        .needs_you,
    [mirrored, sessionId],
  );
  const past = data?.decisions.filter(({ id }) => !waiting.includes(id)) ?? [];
  const narrow = (change: Partial<HistoryFilter>) => {
    setLimit(PAGE);
    setFilter((now) => Object.fromEntries(Object.entries({ ...now, ...change }).filter(([, value]) => value !== '')));
  };
  const showsWaiting = chip === 'All' || chip === 'Pending';
  // What the filters leave of it, as far as the page that they found tells.
  const narrowed = Object.keys(filter).length > 0;
  const found = narrowed ? waiting.filter((id) => data?.decisions.some((one) => one.id === id)) : waiting;
  return (
    <Screen title="Decisions" actions={<Export filter={asked} total={data?.total ?? 0} />}>
      {sessionId !== null && <OfSession id={sessionId} />}
      {named?.startsWith('dec_') && !waiting.includes(named) && <Linked id={named} version={version} />}
      {showsWaiting && found.length > 0 && <Waiting ids={found} named={named} />}
      {sessionId === null && (
        <>
          <Alerts />
          <Figures version={version} />
          <Safety />
        </>
      )}
      <FilterBar
        chips={{
          label: 'Filter by what became of it',
          options: Object.keys(CHIPS).map((name) => [name, name]),
          value: chip,
          onPick: (name) => {
            setLimit(PAGE);
            setChip(name);
          },
        }}
        search={{
          label: 'Filter decisions',
          placeholder: 'Filter by command, reason or project',
          text: filter.text ?? '',
          onType: (text) => narrow({ text }),
        }}
        choices={[
          {
            label: 'Project',
            value: filter.projectId,
            options: projects.map(({ id, name }) => [id, name]),
            onPick: (projectId) => narrow({ projectId }),
          },
          {
            label: 'Tool',
            value: filter.tool,
            options: (data?.tools ?? []).map((name) => [name, name]),
            onPick: (tool) => narrow({ tool }),
          },
          {
            label: 'Agent',
            value: filter.agent,
            options: (data?.agents ?? []).map((name) => [name, name]),
            onPick: (agent) => narrow({ agent }),
          },
          {
            label: 'Risk',
            value: filter.risk,
            options: RISKS.map((risk) => [risk, RISK_NAMES[risk]]),
            onPick: (risk) => narrow({ risk: risk as Risk }),
          },
        ]}
        found={
          data &&
          `${data.total === 1 ? 'One decision' : `${whole(data.total)} decisions`}${showsWaiting && found.length > 0 ? `, ${whole(found.length)} waiting above` : ''}`
        }
      />
      <Problem text={error} />
      {!data && !error && <Skeleton rows={8} label="Reading the decisions" />}
      {data?.total === 0 && (
        <Nothing>
          {chip === 'All' && Object.keys(filter).length === 0 && sessionId === null
            ? 'The gate has decided nothing yet. It does with the first tool call of a session.'
            : 'No decision matches.'}
        </Nothing>
      )}
      {past.length > 0 && (
        <ul className="card divide-y divide-line" aria-busy={loading}>
          {past.map((decision) => (
            <DecisionItem key={decision.id} decision={decision} />
          ))}
        </ul>
      )}
      {data && data.total > data.decisions.length && limit < 1_000 && (
        <Button className="self-center" busy={loading} onClick={() => setLimit((now) => Math.min(1_000, now * 2))}>
          Show more
        </Button>
      )}
    </Screen>
  );
}

/** The questions, the first of them and the one that a link names; the others on demand. */
function Waiting({ ids, named }: { ids: readonly string[]; named: string | null }) {
  const decisions = useMirror((snapshot) => snapshot.decisions);
  const [all, setAll] = useState(false);
  const shown = all ? ids : ids.filter((id, at) => at < SHOWN_WAITING || id === named);
  const others = ids.length - shown.length;
  return (
    <div className="flex flex-col gap-2">
      {shown.map((id) => {
        const decision = decisions.find((one) => one.id === id);
        return decision && <AskCard key={id} decision={decision} />;
      })}
      {others > 0 && (
        <Button className="self-center" onClick={() => setAll(true)}>
          Show {whole(others)} more that {others === 1 ? 'waits' : 'wait'}
        </Button>
      )}
    </div>
  );
}

/** Whose decisions alone are shown, and the way to all of them. */
function OfSession({ id }: { id: string }) {
  const session = useMirror((snapshot) => snapshot.sessions.find((one) => one.id === id));
  return (
    <p className="card flex flex-wrap items-baseline gap-x-4 gap-y-1 p-3 text-ink-2">
      <span className="min-w-0 flex-1 truncate">
        Only those of{' '}
        <a className="link" href={hashOf('sessions', id)}>
          {session ? `${session.project}: ${session.prompt}` : id}
        </a>
      </span>
      <a className="link" href={hashOf('decisions')}>
        Show all
      </a>
    </p>
  );
}
