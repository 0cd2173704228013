import { useState } from 'react';
import { RANGES, type Range, type ResourcePoint } from '../../../shared/contract/resources.ts';
import { bytes, percent, when } from '../../../shared/format.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useKept } from '../../hooks/use-kept.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { isOneOf } from '../../remembered.ts';
import { Button } from '../../ui/Button.tsx';
import { Chips } from '../../ui/Chips.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Facts, Part } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Table, TableToggle } from '../../ui/Table.tsx';
import { copyText } from '../../ui.ts';
import { figuresOf } from '../system/figures.ts';
import { Chart } from './Chart.tsx';
import { csvOf, type Flow } from './chart.ts';
import { ResourceAlerts } from './ResourceAlerts.tsx';
import { Thresholds } from './Thresholds.tsx';

const NAMES: Readonly<Record<Range, string>> = { '1h': '1 hour', '24h': '24 hours', '7d': '7 days' };
const WORDS: Readonly<Record<Range, string>> = { '1h': 'the last hour', '24h': 'the last day', '7d': 'the last week' };
const FRESH_MS = 60_000;
const FLOWS: readonly (readonly [Flow, string])[] = [
  ['received', 'Network in'],
  ['sent', 'Network out'],
  ['read', 'Disk read'],
  ['written', 'Disk written'],
];

/** This machine: what it does now, what it did, and what is told about it. */
export function Resources() {
  const sample = useMirror((snapshot) => snapshot.system.at(-1));
  const notices = useMirror((snapshot) => snapshot.notices.length);
  const minute = useClock((now) => Math.floor(now / FRESH_MS));
  const [range, setRange] = useKept<Range>('machine.range', isOneOf(RANGES), '1h');
  const [asTable, setAsTable] = useState(false);
  const { data, error } = useQuery('resources.history', { range }, `${minute} ${range}`);
  const state = useQuery('resources.state', {}, `${minute} ${notices}`);
  const now = minute * FRESH_MS;
  // Where reading the counters would start a program, they are read only while somebody looks.
  const onlyWhileSeen = data?.points.some(({ cpu, received }) => cpu !== null && received === null) ?? false;
  return (
    <>
      <Part title="This machine">
        <Facts
          facts={[
            ['Memory pressure', state.data?.pressure ?? null],
            ...figuresOf(sample).map(
              ({ name, value, words }) =>
                [
                  name,
                  <span key={name} title={words}>
                    {value}
                  </span>,
                ] as const,
            ),
          ]}
        />
        <div className="-ml-2 flex flex-wrap items-center">
          <Chips label="Range" options={RANGES.map((name) => [name, NAMES[name]])} value={range} onChange={setRange} />
          <span className="ml-auto">
            <TableToggle on={asTable} onChange={setAsTable} />
          </span>
          <Button kind="quiet" onClick={() => data && void copyText(csvOf(data.points), 'The table')}>
            Copy CSV
          </Button>
        </div>
        <Problem text={error ?? state.error} />
        {!data && !error && <Skeleton rows={6} label="Reading the history of the machine" />}
        {data && asTable && <FigureTable points={data.points} now={now} />}
        {data && !asTable && (
          <div className="card flex flex-col gap-3 p-3">
            <Chart title="CPU" series="cpu" points={data.points} range={WORDS[range]} now={now} />
            <Chart title="Memory" series="memory" points={data.points} range={WORDS[range]} now={now} />
            <Chart title="Disk" series="disk" points={data.points} range={WORDS[range]} now={now} />
            <div className="grid grid-cols-[repeat(auto-fit,minmax(15rem,1fr))] gap-3">
              {FLOWS.map(([series, title]) => (
                <Chart key={series} title={title} series={series} points={data.points} range={WORDS[range]} now={now} />
              ))}
            </div>
            <p className="flex flex-wrap justify-between gap-x-3 text-small text-ink-3">
              <span>{when(data.from, now)}</span>
              <span>From 0; to 100 % where nothing else stands. A gap was not measured.</span>
              <span>now</span>
            </p>
            {onlyWhileSeen && (
              <p className="text-small text-ink-3">
                Where reading the traffic of network and disk would start a program, as on a Mac, it is measured only
                while this page is open.
              </p>
            )}
          </div>
        )}
      </Part>
      {state.data && <Thresholds thresholds={state.data.thresholds} />}
      <ResourceAlerts version={`${minute} ${notices}`} />
    </>
  );
}

function FigureTable({ points, now }: { points: readonly ResourcePoint[]; now: number }) {
  const cell = (value: number | null) => (value === null ? 'not measured' : percent(value));
  const rate = (value: number | null) => (value === null ? 'not measured' : `${bytes(value)}/s`);
  return (
    <Table
      name="Figures"
      head={['Time', 'CPU', 'CPU, highest', 'Memory', 'Disk', ...FLOWS.map(([, title]) => title)]}
      className="card max-h-96 overflow-auto"
    >
      {points.toReversed().map(({ at, cpu, cpuMax, memory, disk, ...flows }) => (
        <tr key={at}>
          <th scope="row">{when(at, now)}</th>
          <td>{cell(cpu)}</td>
          <td>{cell(cpuMax)}</td>
          <td>{cell(memory)}</td>
          <td>{cell(disk)}</td>
          {FLOWS.map(([series]) => (
            <td key={series}>{rate(flows[series])}</td>
          ))}
        </tr>
      ))}
    </Table>
  );
}
