import { useMemo } from 'react';
import { eventWords, movedWords, tasksWords, whyWords } from '../../../shared/agent-words.ts';
import type { AgentEvent, AgentView } from '../../../shared/contract/agents.ts';
import { rightsWords, TIER_RIGHTS, TOP_SCORE } from '../../../shared/tiers.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Chart } from '../../ui/chart/Chart.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Facts, Part, Screen } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Table } from '../../ui/Table.tsx';
import { HeldFor, Moment } from '../../ui/Time.tsx';
import { Anomalies } from './Anomalies.tsx';
import { chartOf } from './chart.ts';
import { TierChip } from './TierChip.tsx';

const RANGE = { 'of 1000': [0, TOP_SCORE] } as const;

/** One agent: where it stands and why, what it may do, its score over time and everything that moved it. */
export function AgentDetail({ id }: { id: string }) {
  const changes = useMirror((snapshot) => snapshot.agents.changes);
  const { data, error } = useQuery('agents.get', { id }, changes);
  const chart = useMemo(() => (data ? chartOf(data.chart) : null), [data]);
  return (
    <Screen
      title={id}
      actions={
        <a href={hashOf('agents')} className="link">
          All agents
        </a>
      }
    >
      <Problem text={error} />
      {!data && !error && <Skeleton rows={6} label="Reading the record" />}
      {data && (
        <>
          {data.anomalies.length > 0 && <Anomalies anomalies={data.anomalies} />}
          <Standing agent={data.agent} />
          {chart && (
            <Part title="Score over time">
              <Chart title={`Score of ${id}`} {...chart} range={RANGE}>
                Nothing was seen yet.
              </Chart>
            </Part>
          )}
          <Events events={data.events} />
        </>
      )}
    </Screen>
  );
}

function Standing({ agent }: { agent: AgentView }) {
  const tasks = TIER_RIGHTS[agent.tier].tasks;
  return (
    <Part title="Where it stands">
      <Facts
        facts={[
          ['Score', `${agent.score} of 1000`],
          ['Tier', <TierChip key="tier" tier={agent.tier} />],
          ['The gate reads', agent.effective],
          [`${TIER_RIGHTS[agent.earned].name} earned`, <HeldFor key="since" since={agent.since} />],
          ['Tasks', tasksWords(agent)],
          ['Given tasks at once', tasks === null ? 'any number' : tasks],
          ['Version', agent.version],
          ['Last seen', <Moment key="last" at={agent.lastAt} />],
        ]}
      />
      <ul className="flex flex-col gap-0.5 text-ink-2">
        {whyWords(agent).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        <li>It may {rightsWords(agent.tier).join('; ')}. What a person launches is bound by none of this.</li>
      </ul>
    </Part>
  );
}

function Events({ events }: { events: readonly AgentEvent[] }) {
  return (
    <Part title="What was seen">
      <Table name="What was seen" head={['When', 'What', 'Moved', 'Score', 'Why']}>
        {events.map((event) => (
          <tr key={event.seq}>
            <td className="whitespace-nowrap text-ink-3">
              <Moment at={event.at} />
            </td>
            <th scope="row" className="font-strong whitespace-nowrap">
              {eventWords(event.kind)}
            </th>
            <td className={`tabular-nums ${event.after < event.before ? 'text-bad' : 'text-trust'}`}>
              {movedWords(event)}
            </td>
            <td className="tabular-nums">{event.after}</td>
            <td className="w-full wrap-anywhere">
              {event.text}
              {event.sessionId && (
                <a href={hashOf('sessions', event.sessionId)} className="link ml-2">
                  Session
                </a>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </Part>
  );
}
