import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Facts, Part, Screen } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Moment } from '../../ui/Time.tsx';
import { LoadNow } from '../resources/LoadNow.tsx';
import { Resources } from '../resources/Resources.tsx';
import { TopProcesses } from '../resources/TopProcesses.tsx';
import { DiskUse } from '../worktrees/DiskUse.tsx';
import { CheckRow } from './CheckRow.tsx';

/** Everything Tenure needs, each with its state in words and what to do about it. */
export function Health() {
  const engine = useMirror((snapshot) => snapshot.engine);
  const { data, error, loading, reload } = useQuery('system.doctor', {});
  return (
    <Screen
      title="Health"
      actions={
        <Button busy={loading} onClick={reload}>
          {loading ? 'Checking…' : 'Check again'}
        </Button>
      }
    >
      <Problem text={error} />
      {!data && !error && <Skeleton rows={6} label="Checking" />}
      {data && (
        <ul className="card divide-y divide-line">
          {data.map((check) => (
            <CheckRow key={check.name} check={check} done={reload} />
          ))}
        </ul>
      )}
      <Resources />
      <LoadNow />
      <TopProcesses />
      <DiskUse />
      <Part title="The engine">
        <Facts
          facts={[
            ['Version', engine.version],
            ['Host', engine.host],
            ['Process', engine.pid],
            ['Running since', <Moment key="since" at={engine.startedAt} />],
          ]}
        />
      </Part>
    </Screen>
  );
}
