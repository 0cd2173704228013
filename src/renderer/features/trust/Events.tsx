import { useState } from 'react';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { Table } from '../../ui/Table.tsx';
import { Moment } from '../../ui/Time.tsx';
import { SourceLink } from './SourceLink.tsx';

const PAGE = 25;
const MOST = 500;
const KINDS = {
  session: 'Session',
  score: 'Score',
  rating: 'Rating',
  severe: 'Severe',
  level: 'Level',
  promotion: 'Promotion',
  verdict: 'Alert',
  shadow: 'Shadow',
} as const;

/** Everything that trust rests on, newest first, each with where it comes from. */
export function Events({ version }: { version: string }) {
  const [limit, setLimit] = useState(PAGE);
  const { data, error, loading } = useQuery('trust.events', { limit, offset: 0 }, version);
  return (
    <Part title="Every event">
      <Problem text={error} />
      {data?.length === 0 && <Nothing>Nothing has happened yet. The first session begins the record.</Nothing>}
      {data && data.length > 0 && (
        <Table name="Events" head={['When', 'Level', 'Kind', 'What', 'From where']}>
          {data.map(({ at, kind, level, text, source }, n) => (
            <tr key={n}>
              <td>
                <Moment at={at} />
              </td>
              <td>{LEVEL_WORDS[level].name}</td>
              <td className={kind === 'severe' ? 'text-bad' : ''}>{KINDS[kind]}</td>
              <td className="w-full min-w-52 wrap-anywhere">{text}</td>
              <td>
                <SourceLink source={source} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {data && data.length === limit && limit < MOST && (
        <Button className="self-start" busy={loading} onClick={() => setLimit(Math.min(MOST, limit * 4))}>
          Show more
        </Button>
      )}
    </Part>
  );
}
