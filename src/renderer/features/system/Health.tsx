import type { HealthCheck } from '../../../shared/contract/system.ts';
import { HEALTH_WORDS } from '../../../shared/words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Facts, Part, Screen } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';
import { LoadNow } from '../resources/LoadNow.tsx';
import { Resources } from '../resources/Resources.tsx';
import { TopProcesses } from '../resources/TopProcesses.tsx';
import { DiskUse } from '../worktrees/DiskUse.tsx';
import { FixButton } from './FixButton.tsx';

const FACES: Readonly<Record<HealthCheck['state'], readonly [MarkShape, Tone]>> = {
  ok: ['dot', 'trust'],
  warning: ['diamond', 'human'],
  failing: ['square', 'bad'],
  unknown: ['ring', 'mute'],
};

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

function CheckRow({ check, done }: { check: HealthCheck; done: () => void }) {
  const { name, state, detail, fix, command, act, lastOkAt, lastError } = check;
  const [shape, tone] = FACES[state];
  return (
    <li className="flex min-h-11.5 items-start gap-3 px-3 py-2">
      <span className="flex h-4.5 items-center">
        <Mark shape={shape} tone={tone} />
      </span>
      <div className="min-w-0 flex-1 wrap-anywhere">
        <p>
          <span className="font-strong">{name}</span>
          <span className="text-ink-2">, {HEALTH_WORDS[state].toLowerCase()}</span>
        </p>
        <p className="text-ink-2">{detail}</p>
        {fix && <p className="mt-0.5 select-text">{fix}</p>}
        {command && <code className="mt-0.5 block font-mono text-[0.75rem] select-text">{command}</code>}
        <p className="text-small text-ink-3">
          {state !== 'ok' &&
            (lastOkAt === null ? (
              'Never seen well. '
            ) : (
              <>
                Well last <Moment at={lastOkAt} />.{' '}
              </>
            ))}
          {state !== 'failing' && lastError && (
            <>
              Last failure <Moment at={lastError.at} />: {lastError.sentence}
            </>
          )}
        </p>
      </div>
      {act && <FixButton act={act} done={done} />}
    </li>
  );
}
