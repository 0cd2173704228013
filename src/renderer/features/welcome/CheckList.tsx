import { useState } from 'react';
import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { CheckRow } from '../system/CheckRow.tsx';

const AGAIN_MS = 5_000;

/** Some of the checks of `tenure doctor`, looked at again and again while one of them is not well. */
export function CheckList({ only }: { only: readonly string[] }) {
  const [well, setWell] = useState(false);
  // Once all is well, nothing is looked at any more.
  const tick = useClock((now) => (well ? 0 : Math.floor(now / AGAIN_MS)));
  const { data, error, loading, reload } = useQuery('system.doctor', { only: [...only] }, well ? 0 : tick);
  const isWell = data?.every(({ state }) => state === 'ok') ?? false;
  if (isWell !== well) setWell(isWell);
  return (
    <>
      <Problem text={error} />
      {!data && !error && <Skeleton rows={only.length} label="Looking" />}
      {data && (
        <ul aria-live="polite" className="card divide-y divide-line">
          {data.map((check) => (
            <CheckRow key={check.name} check={check} />
          ))}
        </ul>
      )}
      {data && !well && (
        <Button kind="quiet" className="-ml-2 self-start" busy={loading} onClick={reload}>
          Look again
        </Button>
      )}
    </>
  );
}
