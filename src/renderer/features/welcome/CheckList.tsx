import { useState } from 'react';
import type { HealthCheck } from '../../../shared/contract/system.ts';
import { HEALTH_WORDS } from '../../../shared/words.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { toast } from '../../ui.ts';

const FACES: Readonly<Record<HealthCheck['state'], readonly [MarkShape, Tone]>> = {
  ok: ['dot', 'trust'],
  warning: ['diamond', 'human'],
  failing: ['square', 'bad'],
  unknown: ['ring', 'mute'],
};
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

function CheckRow({ check: { name, state, detail, fix, command } }: { check: HealthCheck }) {
  const [shape, tone] = FACES[state];
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      toast('The command was copied.');
    } catch {
      toast('This page may not write to the clipboard; select the command and copy it.');
    }
  };
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
        {state !== 'ok' && fix && <p className="mt-0.5">{fix}</p>}
        {state !== 'ok' && command && (
          <p className="mt-1 flex flex-wrap items-center gap-2">
            <code className="rounded-[4px] bg-sunken px-1.5 py-0.5 font-mono text-[0.75rem] select-all">{command}</code>
            <button type="button" className="link" onClick={() => void copy(command)}>
              Copy
            </button>
          </p>
        )}
      </div>
    </li>
  );
}
