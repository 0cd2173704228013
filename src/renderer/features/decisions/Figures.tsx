import { lazy, Suspense, useState } from 'react';
import type { DecisionMetrics, Share } from '../../../shared/contract/history.ts';
import { took, whole } from '../../../shared/format.ts';
import { RISK_NAMES } from '../../../shared/words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Chips } from '../../ui/Chips.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Facts } from '../../ui/Screen.tsx';
import { Table } from '../../ui/Table.tsx';

const Series = lazy(() => import('./Series.tsx').then((module) => ({ default: module.Series })));

const RANGES = [
  ['1', 'day'],
  ['7', '7 days'],
  ['30', '30 days'],
] as const;
type Range = (typeof RANGES)[number][0];

/** `12 % of 340`; where nothing was counted there is no share. */
const shareWords = ({ rate, of }: Share): string | null =>
  rate === null ? null : `${Math.round(rate * 100)} % of ${whole(of)}`;
const time = (ms: number | null): string | null => (ms === null ? null : took(ms));

/** What the decisions of late say, of a month unless a person wants less, folded until then; a warning stands above it. */
export function Figures({ version }: { version: string }) {
  const [open, setOpen] = useState(false);
  const [range, setRange] = useState<Range>('30');
  const days = Number(range);
  const last = `last ${RANGES.find(([name]) => name === range)?.[1]}`;
  const { data, error } = useQuery('analytics.metrics', { days }, `${range} ${open ? version : ''}`);
  return (
    <>
      {data?.rubberStampWarning && (
        <p role="alert" className="card border-human-line p-3">
          {shareWords(data.rubberStamped)} approvals of the {last} were given within two seconds: faster than a command
          can be read. A standing rule for what you always allow leaves the questions that need you.
        </p>
      )}
      <details className="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="px-3 py-2 font-strong">The {last} in figures</summary>
        <div className="flex flex-col gap-4 px-3 pb-3">
          <Chips label="Range" options={RANGES} value={range} onChange={setRange} className="-ml-2" />
          <Problem text={error} />
          {data && <Metrics metrics={data} />}
          {open && range !== '1' && (
            <Suspense>
              <Series days={days} version={version} />
            </Suspense>
          )}
        </div>
      </details>
    </>
  );
}

function Metrics({ metrics }: { metrics: DecisionMetrics }) {
  const { execution, answering } = metrics;
  return (
    <>
      <Facts
        facts={[
          ['Decisions', whole(metrics.total)],
          ['Reached you', shareWords(metrics.asked)],
          ['You said no', shareWords(metrics.rejected)],
          ['Ended well', shareWords(metrics.succeeded)],
          ['Answered within (half, 95 %)', answering.n === 0 ? null : `${time(answering.p50)}, ${time(answering.p95)}`],
          ['Ran for (half, 95 %)', execution.n === 0 ? null : `${time(execution.p50)}, ${time(execution.p95)}`],
          ['Approved in under 2 s', shareWords(metrics.rubberStamped)],
          ['Let through unasked, found wrong', shareWords(metrics.falsePositives)],
          ['Critical and refused', whole(metrics.violations.safety)],
          ['Ran into a limit', whole(metrics.violations.constraint + metrics.violations.rateLimit)],
          ['Answered by the tribunal', shareWords(metrics.tribunal)],
          ['Left to you by the tribunal, approved', shareWords(metrics.overruled)],
        ]}
      />
      {metrics.byTool.length > 0 && (
        <Table
          name="By tool"
          head={['Tool', 'Decisions', 'Reached you', 'Unasked, as eligible', 'Failed']}
          className="overflow-x-auto"
        >
          {metrics.byTool.map(({ tool, n, asked, auto, failed }) => (
            <tr key={tool}>
              <th scope="row">{tool}</th>
              <td>{whole(n)}</td>
              <td>{whole(asked)}</td>
              <td>{whole(auto)}</td>
              <td>{whole(failed)}</td>
            </tr>
          ))}
        </Table>
      )}
      {metrics.answeringByRisk.length > 0 && (
        <p className="text-ink-2">
          Half of your answers came within{' '}
          {metrics.answeringByRisk
            .map(({ risk, spread }) => `${time(spread.p50)} (${RISK_NAMES[risk].toLowerCase()}, ${spread.n})`)
            .join(', ')}
          .
        </p>
      )}
    </>
  );
}
