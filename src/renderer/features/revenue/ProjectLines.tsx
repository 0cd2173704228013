import type { ProjectLine } from '../../../shared/contract/revenue.ts';
import { cut } from '../../../shared/format.ts';
import { usd } from '../../../shared/money.ts';
import { totalWords } from '../../../shared/revenue-words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Table } from '../../ui/Table.tsx';

const HEAD = ['Project', 'Revenue', 'Agent cost', 'Net', 'Commits', 'Score', 'Uptime'];

/** Each project on one line: what it earned beside what its agents cost and did, for the last seven days. */
export function ProjectLines({ version }: { version: string }) {
  const { data, error } = useQuery('revenue.projects', {}, version);
  if (data?.length === 0) return null;
  return (
    <Part title="Projects, last seven days">
      <Problem text={error} />
      {data && (
        <Table name="Projects" head={HEAD}>
          {data.map((line) => (
            <tr key={line.projectId}>
              <th scope="row">{line.name}</th>
              {cellsOf(line).map((text, n) => (
                <td key={HEAD[n + 1]} className={text === 'unknown' || text === 'no source' ? 'text-ink-3' : ''}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      )}
      <p className="text-small text-ink-3">Agent cost is an estimate at list prices.</p>
    </Part>
  );
}

function cellsOf({
  revenue,
  sources,
  costMicroUsd,
  costUnknown,
  netMicroUsd,
  commits,
  meanScore,
  uptime,
}: ProjectLine): string[] {
  const part = revenue.unknown + revenue.incomplete > 0;
  return [
    sources === 0 ? 'no source' : totalWords(revenue),
    costMicroUsd === null ? 'unknown' : `${costUnknown > 0 ? 'at least ' : ''}${usd(costMicroUsd)}`,
    netMicroUsd === null ? 'unknown' : `${part ? 'at least ' : ''}${usd(netMicroUsd)}`,
    commits === null ? 'unknown' : String(commits),
    meanScore === null ? 'unknown' : cut(meanScore),
    uptime === null ? 'unknown' : `${(Math.floor(uptime * 10_000) / 100).toFixed(2)} %`,
  ];
}
