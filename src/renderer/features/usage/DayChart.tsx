import { useState } from 'react';
import type { Usage } from '../../../shared/contract/usage.ts';
import { count, dayWords, dollars } from '../../../shared/format.ts';
import { costWords, tokenWords } from '../../../shared/usage-words.ts';
import { BarChart } from '../../ui/chart/BarChart.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Table, TableToggle } from '../../ui/Table.tsx';

const LABELS = 4;

type Day = Usage['byDay'][number];

/** Days as bars from zero. A day on which nothing ran is empty; one of which nothing is known is a gap that says so. */
export function DayChart({ days, today }: { days: readonly Day[]; today: string }) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Part
      title="Day by day"
      actions={
        <span className="-mr-2">
          <TableToggle on={asTable} onChange={setAsTable} />
        </span>
      }
    >
      {asTable ? <DayTable days={days} /> : <Bars days={days} today={today} />}
    </Part>
  );
}

const wordsOf = (day: Day): string => `${nameOf(day.day)}: ${costWords(day)}, ${count(day.runs, 'run')}`;

/** `2026-11-20` as it is said. */
const nameOf = (day: string): string => dayWords(new Date(`${day}T12:00`).getTime());

function Bars({ days, today }: { days: readonly Day[]; today: string }) {
  const top = Math.max(0, ...days.map(({ costUsd }) => costUsd ?? 0));
  const every = Math.max(1, Math.ceil(days.length / LABELS));
  const known = days.some(({ costUsd }) => costUsd !== null);
  return (
    <BarChart
      caption={`List price a day${known ? `; the highest is ${dollars(top)}` : ''}.`}
      of="that day"
      bars={days.map((day, n) => ({
        key: day.day,
        height: day.costUsd === null ? null : top === 0 ? 0 : day.costUsd / top,
        atLeast: day.costUnknown > 0,
        words: wordsOf(day),
        label: day.day === today || (days.length - 1 - n) % every === 0 ? nameOf(day.day) : '',
      }))}
    />
  );
}

function DayTable({ days }: { days: readonly Day[] }) {
  return (
    <Table name="Days" head={['Day', 'Runs', 'In', 'Out', 'List price']}>
      {days.toReversed().map((day) => (
        <tr key={day.day}>
          <th scope="row">{day.day}</th>
          <td>{day.runs}</td>
          <td>{tokenWords(day.inputTokens, day.tokensUnknown)}</td>
          <td>{tokenWords(day.outputTokens, day.tokensUnknown)}</td>
          <td className="w-full">{costWords(day)}</td>
        </tr>
      ))}
    </Table>
  );
}
