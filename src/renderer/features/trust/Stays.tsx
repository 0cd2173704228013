import type { LevelInterval } from '../../../shared/contract/trust.ts';
import { cutShort } from '../../../shared/format.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { CAUSE_WORDS } from '../../../shared/trust-words.ts';
import { whoWords } from '../../../shared/words.ts';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { Table } from '../../ui/Table.tsx';
import { Moment } from '../../ui/Time.tsx';
import { SourceLink } from './SourceLink.tsx';

/** Every stay at a level: how long, how long the machine ran, how it began and by whom. */
export function Stays({ intervals }: { intervals: readonly LevelInterval[] }) {
  return (
    <Part title="Time at each level">
      {intervals.length === 0 ? (
        <Nothing>No interval is known.</Nothing>
      ) : (
        <Table name="Intervals" head={['Level', 'From', 'To', 'Days it ran', 'How', 'Why', 'From where']}>
          {intervals.map(({ level, enteredAt, leftAt, by, cause, reason, source, days }, n) => (
            <tr key={n}>
              <th scope="row">{LEVEL_WORDS[level].name}</th>
              <td>
                <Moment at={enteredAt} />
              </td>
              <td>{leftAt === null ? 'now' : <Moment at={leftAt} />}</td>
              <td>{cutShort(days)}</td>
              <td className={cause === 'override' || cause === 'fall' ? 'text-human' : ''}>
                {CAUSE_WORDS[cause]}
                <span className="block text-small text-ink-3">{whoWords(by)}</span>
              </td>
              <td className="w-full min-w-52">{reason}</td>
              <td>
                <SourceLink source={source} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Part>
  );
}
