import { lazy, Suspense, useState } from 'react';
import type { DecisionMetrics, Share } from '../../../shared/contract/history.ts';
import { took, whole } from '../../../shared/format.ts';
import { RISK_NAMES } from '../../../shared/words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Problem } from '../../ui/Field.tsx';
import { Facts } from '../../ui/Screen.tsx';
import { Table } from '../../ui/Table.tsx';

const Series = lazy(() => import('./Series.tsx').then((module) => ({ default: module.Series })));

const DAYS = 30;

/** `12 % of 340`; where nothing was counted there is no share. */
const shareWords = ({ rate, of }: Share): string | null =>
  rate === null ? null : `${Math.round(rate * 100)} % of ${whole(of)}`;
const time = (ms: number | null): string | null => (ms === null ? null : took(ms));

/** What the decisions of the last month say, folded until it is wanted; a warning stands above it. */
export function Figures({ version }: { version: string }) {
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery('analytics.metrics', { days: DAYS }, open ? version : 0);
  return (
    <>
      {data?.rubberStampWarning && (
        <p role="alert" className="card border-human-line p-3">
          {shareWords(data.rubberStamped)} approvals of the last {DAYS} days were given within two seconds: faster than
          a command can be read. A standing rule for what you always allow leaves the questions that need you.
        </p>
      )}
      <details className="card" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="px-3 py-2 font-strong">The last {DAYS} days in figures</summary>
        <div className="flex flex-col gap-4 px-3 pb-3">
          <Problem text={error} />
          {data && <Metrics metrics={data} />}
          {open && (
            <Suspense>
              <Series days={DAYS} version={version} />
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
