import { Fragment, type ReactNode, useState } from 'react';
import type { ModelPerformance, Rate, Spawn, SpawnCounts } from '../../../shared/contract/telemetry.ts';
import { dollars, percent, span } from '../../../shared/format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Select } from '../../ui/Select.tsx';
import { Table } from '../../ui/Table.tsx';
import { Moment } from '../../ui/Time.tsx';

const EVERY = 'every';

const SOURCE_WORDS: Readonly<Record<Spawn['source'], string>> = {
  'user-override': 'your choice',
  'project-default': "project's setting",
  suggestion: 'suggested',
  'caste-default': "role's setting",
  fallback: "agent's own choice",
  unknown: 'not recorded',
};

const rateWords = (success: Rate | null): string =>
  success === null
    ? 'none finished'
    : `${percent(success.rate)} of ${success.n}, ${percent(success.low)} to ${percent(success.high)}`;

/** How each model has done: every spawn is one row of the record, its rate over finished ones alone. */
export function TelemetryPart({ days, version }: { days: number; version: string }) {
  const [role, setRole] = useState(EVERY);
  const range = { days, ...(role !== EVERY && { caste: role }) };
  const all = useQuery('telemetry.summary', { days }, version);
  const { data, error } = useQuery('telemetry.summary', range, version);
  const routing = useQuery('telemetry.routing', range, version);
  const roles = new Set(all.data?.models.flatMap(({ byCaste }) => byCaste.map(({ caste }) => caste)));
  const isKnown = all.data && all.data.models.length > 0;
  return (
    <>
      <Problem text={error ?? routing.error} />
      {data && data.lost.count > 0 && (
        <p className="text-human">
          {data.lost.count} spawns could not be recorded since the start. {data.lost.problem}
        </p>
      )}
      {data && isKnown && (
        <>
          <Part
            title="How models have done"
            actions={
              <Select
                aria-label="Role"
                value={role}
                options={[[EVERY, 'Every role'], ...[...roles].sort().map((one) => [one, one] as const)]}
                onChange={setRole}
              />
            }
          >
            <Models models={data.models} />
            <p className="text-small text-ink-3">
              Success is over finished runs, with the range in which it lies at 95 %. Blocked: a question, a stop, a
              login or a limit kept it from finishing. Hard tasks go to large models: compare inside one kind of task.
            </p>
          </Part>
          {routing.data && (
            <Part title="What chose the model">
              <Counted name="What chose the model" first="Chosen by">
                {routing.data.bySource.map((counts) => (
                  <Row key={counts.source} name={SOURCE_WORDS[counts.source]} counts={counts} />
                ))}
              </Counted>
            </Part>
          )}
          <Part title="Last runs">
            <Recent spawns={data.recent} />
          </Part>
        </>
      )}
    </>
  );
}

const COUNTS = ['Success', 'Done', 'Failed', 'Blocked', 'Unknown', 'Running', 'Mean price', 'Mean time'];

/** A table of counts, wider than a narrow screen. */
function Counted({ name, first, children }: { name: string; first: string; children: ReactNode }) {
  return (
    <Table name={name} head={[first, ...COUNTS]} firstStays>
      {children}
    </Table>
  );
}

function Models({ models }: { models: readonly ModelPerformance[] }) {
  return (
    <Counted name="How models have done" first="Model">
      {models.map((model) => (
        <Fragment key={model.model}>
          <Row name={<span className="font-strong">{model.model}</span>} counts={model} />
          {model.byTaskClass.length > 1 &&
            model.byTaskClass.map((part) => (
              <Row
                key={part.taskClass}
                name={<span className="pl-3 text-ink-2">{part.taskClass}</span>}
                counts={part}
              />
            ))}
        </Fragment>
      ))}
    </Counted>
  );
}

function Row({ name, counts }: { name: ReactNode; counts: SpawnCounts }) {
  return (
    <tr>
      <th scope="row" className="sticky left-0 max-w-40 bg-surface font-normal wrap-anywhere">
        {name}
      </th>
      <td className="whitespace-nowrap">{rateWords(counts.success)}</td>
      <td>{counts.completed}</td>
      <td>{counts.failed}</td>
      <td>{counts.blocked}</td>
      <td>{counts.unknown}</td>
      <td>{counts.running}</td>
      <td>{counts.meanCostUsd === null ? 'unknown' : dollars(counts.meanCostUsd)}</td>
      <td className="whitespace-nowrap">{counts.meanDurationMs === null ? 'unknown' : span(counts.meanDurationMs)}</td>
    </tr>
  );
}

function Recent({ spawns }: { spawns: readonly Spawn[] }) {
  return (
    <ul className="card divide-y divide-line">
      {spawns.map((spawn) => (
        <li key={spawn.id} className="px-3 py-1.5">
          <p className="wrap-anywhere">
            {spawn.task.replace(/\.$/, '')}
            <span className="text-ink-2">, {outcomeWords(spawn)}</span>
          </p>
          <p className="text-small text-ink-3">
            {spawn.caste} · {spawn.model} ({SOURCE_WORDS[spawn.source]}) · asked by {spawn.askedBy} ·{' '}
            <Moment at={spawn.startedAt} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function outcomeWords({ outcome, firstOutcome }: Spawn): string {
  if (outcome === null) return 'running';
  return firstOutcome === outcome ? outcome : `${outcome} (reported as ${firstOutcome})`;
}
