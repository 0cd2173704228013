import { useState } from 'react';
import type { Usage } from '../../../shared/contract/usage.ts';
import { dollars } from '../../../shared/format.ts';
import { costWords, tokenWords } from '../../../shared/usage-words.ts';
import { Part } from '../../ui/Screen.tsx';
import { Table, TableToggle } from '../../ui/Table.tsx';

const WIDTH = 20;
const HEIGHT = 100;
const LABELS = 4;

type Day = Usage['byDay'][number];

/** Days as bars from zero. A day on which nothing ran is empty; one of which nothing is known is a gap that says so. */
export function DayChart({ days, today }: { days: readonly Day[]; today: string }) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Part title="Day by day" actions={<TableToggle on={asTable} onChange={setAsTable} />}>
      {asTable ? <DayTable days={days} /> : <Bars days={days} today={today} />}
    </Part>
  );
}

const sentenceOf = (day: Day): string => `${day.day}: ${costWords(day)}, ${day.runs} runs`;

function Bars({ days, today }: { days: readonly Day[]; today: string }) {
  const top = Math.max(0, ...days.map(({ costUsd }) => costUsd ?? 0));
  const every = Math.max(1, Math.ceil(days.length / LABELS));
  return (
    <figure className="card flex flex-col gap-1 p-3">
      <figcaption className="text-small text-ink-3">
        List price a day{days.some(({ costUsd }) => costUsd !== null) && `; the highest is ${dollars(top)}`}. Pale: at
        least that much. “?”: nothing is known of that day.
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH * days.length} ${HEIGHT}`}
        role="img"
        aria-label={
          days
            .filter(({ runs }) => runs > 0)
            .map(sentenceOf)
            .join('; ') || 'Nothing has run on these days.'
        }
        className="h-28 w-full"
        preserveAspectRatio="none"
      >
        {days.map((day, n) => (
          <Bar key={day.day} day={day} x={n * WIDTH} top={top} />
        ))}
        <line
          x1="0"
          x2={WIDTH * days.length}
          y1={HEIGHT}
          y2={HEIGHT}
          stroke="var(--line)"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <ol aria-hidden="true" className="flex text-small text-ink-3">
        {days.map((day, n) => (
          <li
            key={day.day}
            className="flex w-0 min-w-0 flex-1 justify-center overflow-visible whitespace-nowrap last:justify-end"
          >
            {day.costUsd === null
              ? '?'
              : day.day === today || (days.length - 1 - n) % every === 0
                ? day.day.slice(5)
                : ''}
          </li>
        ))}
      </ol>
    </figure>
  );
}

function Bar({ day, x, top }: { day: Day; x: number; top: number }) {
  const height = day.costUsd === null || top === 0 ? 0 : (day.costUsd / top) * (HEIGHT - 4);
  return (
    <g>
      <title>{sentenceOf(day)}</title>
      <rect x={x} y={0} width={WIDTH} height={HEIGHT} fill="transparent" />
      {height > 0 && (
        <rect
          x={x + 2}
          y={HEIGHT - Math.max(1.5, height)}
          width={WIDTH - 4}
          height={Math.max(1.5, height)}
          className={day.costUnknown > 0 ? 'fill-work/45' : 'fill-work'}
        />
      )}
    </g>
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
