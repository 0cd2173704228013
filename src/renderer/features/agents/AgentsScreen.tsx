import type { AgentView } from '../../../shared/contract/agents.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Part, Screen } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Moment } from '../../ui/Time.tsx';
import { openDialog } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';
import { AgentDetail } from './AgentDetail.tsx';
import { Anomalies } from './Anomalies.tsx';
import { EventLine } from './EventLine.tsx';
import { TierChip } from './TierChip.tsx';
import { Trend } from './Trend.tsx';

/** All agents with what they have earned, or one of them. */
export function AgentsScreen({ id }: { id: string | null }) {
  return id === null ? <AgentList /> : <AgentDetail key={id} id={id} />;
}

function AgentList() {
  const changes = useMirror((snapshot) => snapshot.agents.changes);
  const { data, error } = useQuery('agents.list', {}, changes);
  const anomalies = useQuery('agents.anomalies', { all: true, limit: 30 }, changes);
  return (
    <Screen title="Agents" actions={<ActButton onClick={() => openDialog({ kind: 'score-rules' })}>Rules…</ActButton>}>
      <Problem text={error ?? anomalies.error} />
      {!data && !error && <Skeleton rows={4} label="Looking for agents" />}
      {anomalies.data && anomalies.data.length > 0 && <Anomalies anomalies={anomalies.data} withAgent />}
      {data?.length === 0 && (
        <Nothing>
          No agent was seen yet. Each product and model gets a score of its own with its first session: by what was
          measured of its work, never by what it says.
        </Nothing>
      )}
      {data && data.length > 0 && (
        <Part title={data.length === 1 ? 'One agent' : `${data.length} agents`}>
          <ul className="card divide-y divide-line">
            {data.map((agent) => (
              <Row key={agent.id} agent={agent} />
            ))}
          </ul>
        </Part>
      )}
    </Screen>
  );
}

function Row({ agent }: { agent: AgentView }) {
  const [newest] = agent.newest;
  return (
    <li className="lazy-row relative flex flex-col gap-1 px-3 py-2 hover:bg-sunken/45">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <a href={hashOf('agents', agent.id)} className="min-w-40 flex-1 font-strong wrap-anywhere">
          {agent.id}
          <span className="absolute inset-0" aria-hidden="true" />
        </a>
        {agent.anomalies > 0 && (
          <span className="rounded-full bg-human-soft px-1.5 text-small text-human">{agent.anomalies} to look at</span>
        )}
        <Trend trend={agent.trend} />
        <span className="w-10 text-right font-strong tabular-nums">
          {agent.score}
          <span className="sr-only"> of 1000</span>
        </span>
        <span className="w-28">
          <TierChip tier={agent.tier} />
        </span>
      </div>
      {newest && (
        <p className="flex min-w-0 items-baseline gap-2 text-small text-ink-3">
          <Moment at={newest.at} className="shrink-0" />
          <EventLine event={newest} />
        </p>
      )}
    </li>
  );
}
