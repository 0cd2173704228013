import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';

/** What came of the recommendation of a session that was measured; nothing, where nothing was to come of it. */
export function NextStepLine({ id, measured }: { id: string; measured: string }) {
  const after = useMirror(({ sessions }) => sessions.find(({ lineage }) => lineage?.from === id)?.id);
  const { data } = useQuery('followOn.next', { id }, `${measured} ${after}`);
  if (!data) return null;
  return (
    <p className={`text-small ${data.asks ? 'text-human' : 'text-ink-2'}`}>
      {data.asks ? 'What comes next is yours to say. ' : data.sessionId === null && 'Nothing was started. '}
      {data.reason}{' '}
      {data.sessionId !== null && (
        <a href={hashOf('sessions', data.sessionId)} className="link">
          The next session
        </a>
      )}
    </p>
  );
}
