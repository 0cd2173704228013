import { useState } from 'react';
import { dayWords } from '../../../shared/format.ts';
import { usd } from '../../../shared/money.ts';
import { totalWords } from '../../../shared/revenue-words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Table, TableToggle } from '../../ui/Table.tsx';
import { barsOf } from './weeks.ts';

const WEEKS = 12;
const WIDTH = 48;
const HEIGHT = 100;

/** Calendar weeks as bars from zero; a week of which nothing is known is a gap and says so. */
export function WeekChart({ version }: { version: string }) {
  const { data, error } = useQuery('revenue.weeks', { count: WEEKS }, version);
  const [asTable, setAsTable] = useState(false);
  return (
    <Part title="Week by week" actions={<TableToggle on={asTable} onChange={setAsTable} />}>
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
  const bars = barsOf(weeks);
  const top = Math.max(0, ...weeks.map(({ total }) => total.microUsd ?? 0));
  const words = weeks.map(({ total }, n) => `${nameOf(weeks, n)}: ${totalWords(total)}`).join('; ');
  return (
    <figure className="card flex flex-col gap-1 p-3">
      <figcaption className="text-small text-ink-3">
        Dollars a week, Monday to Sunday
        {weeks.some(({ total }) => total.microUsd !== null) && `; the highest is ${usd(top)}`}.
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH * bars.length} ${HEIGHT}`}
        role="img"
        aria-label={words}
        className="h-28 w-full"
        preserveAspectRatio="none"
      >
        {bars.map(({ from, height, atLeast }, n) => (
          <g key={from}>
            <title>
              {nameOf(weeks, n)}: {weeks[n] ? totalWords(weeks[n].total) : 'unknown'}
            </title>
            <rect x={n * WIDTH} y={0} width={WIDTH} height={HEIGHT} fill="transparent" />
            {height !== null && (
              <rect
                x={n * WIDTH + 6}
                y={(1 - height) * (HEIGHT - 4)}
                width={WIDTH - 12}
                height={Math.max(1.5, height * (HEIGHT - 4)) + (height === 0 ? 0 : 4)}
                className={atLeast ? 'fill-work/45' : 'fill-work'}
              />
            )}
          </g>
        ))}
        <line
          x1="0"
          x2={WIDTH * bars.length}
          y1={HEIGHT}
          y2={HEIGHT}
          stroke="var(--line)"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <ol aria-hidden="true" className="flex text-small text-ink-3">
        {bars.map(({ from, height }, n) => (
          <li key={from} className="min-w-0 flex-1 text-center">
            {height === null ? '?' : (bars.length - 1 - n) % 3 === 0 ? dayWords(from) : ''}
          </li>
        ))}
      </ol>
      <p className="text-small text-ink-3">Pale: at least that much. “?”: nothing is known of that week.</p>
    </figure>
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
