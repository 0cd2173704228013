import { useState } from 'react';
import { csv, csvTime } from '../../../shared/csv.ts';
import { dayWords } from '../../../shared/format.ts';
import { usd } from '../../../shared/money.ts';
import { totalWords } from '../../../shared/revenue-words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { BarChart } from '../../ui/chart/BarChart.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { saveCsv } from '../../ui/save.ts';
import { Table, TableToggle } from '../../ui/Table.tsx';

const WEEKS = 12;

/** Calendar weeks as bars from zero; a week of which nothing is known is a gap and says so. */
export function WeekChart({ version }: { version: string }) {
  const { data, error } = useQuery('revenue.weeks', { count: WEEKS }, version);
  const [asTable, setAsTable] = useState(false);
  return (
    <Part
      title="Week by week"
      actions={
        <span className="-mr-2 flex">
          <TableToggle on={asTable} onChange={setAsTable} />
          <Button kind="quiet" onClick={() => data && saveCsv('revenue-weeks.csv', csvOf(data))}>
            Export CSV
          </Button>
        </span>
      }
    >
      <Problem text={error} />
      {data && (asTable ? <WeekTable weeks={data} /> : <Bars weeks={data} />)}
    </Part>
  );
}

type Weeks = NonNullable<ReturnType<typeof useQuery<'revenue.weeks'>>['data']>;

const nameOf = (weeks: Weeks, n: number): string => {
  const week = weeks[n];
  if (!week) return '';
  return n === weeks.length - 1 ? 'this week' : `week of ${dayWords(week.from)}`;
};

function Bars({ weeks }: { weeks: Weeks }) {
  const top = Math.max(0, ...weeks.map(({ total }) => total.microUsd ?? 0));
  const known = weeks.some(({ total }) => total.microUsd !== null);
  return (
    <BarChart
      caption={`Dollars a week, Monday to Sunday${known ? `; the highest is ${usd(top)}` : ''}.`}
      of="that week"
      bars={weeks.map(({ from, total }, n) => ({
        key: from,
        // A week below zero has no height but says so in words.
        height: total.microUsd === null ? null : Math.max(0, total.microUsd) / Math.max(1, top),
        atLeast: total.unknown + total.incomplete > 0,
        words: `${nameOf(weeks, n)}: ${totalWords(total)}`,
        label: (weeks.length - 1 - n) % 3 === 0 ? dayWords(from) : '',
      }))}
    />
  );
}

function WeekTable({ weeks }: { weeks: Weeks }) {
  return (
    <Table name="Weeks" head={['Week', 'Revenue']}>
      {weeks.toReversed().map((week, n) => (
        <tr key={week.from}>
          <th scope="row">{nameOf(weeks, weeks.length - 1 - n)}</th>
          <td className="w-full">{totalWords(week.total)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** A week a line; of what is not known the cell is empty, never a zero. */
const csvOf = (weeks: Weeks): string =>
  csv(
    ['week', 'usd', 'sources_unknown', 'sources_incomplete'],
    weeks.map(({ from, total: { microUsd, unknown, incomplete } }) => [
      csvTime(from),
      microUsd === null ? null : microUsd / 1_000_000,
      unknown,
      incomplete,
    ]),
  );
