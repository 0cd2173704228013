import type { HealthCheck } from '../../../shared/contract/system.ts';
import { HEALTH_WORDS } from '../../../shared/words.ts';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Moment } from '../../ui/Time.tsx';
import { copyText } from '../../ui.ts';
import { FixButton } from './FixButton.tsx';

const FACES: Readonly<Record<HealthCheck['state'], readonly [MarkShape, Tone]>> = {
  ok: ['dot', 'trust'],
  warning: ['diamond', 'human'],
  failing: ['square', 'bad'],
  unknown: ['ring', 'mute'],
};

interface CheckRowProps {
  check: HealthCheck;
  /** Looks again after something was done here; without it the row only tells of now. */
  done?: () => void;
}

/** One thing that Tenure needs: its state in words, and what to do about it. */
export function CheckRow({ check, done }: CheckRowProps) {
  const { name, state, detail, fix, command, act } = check;
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
        {state !== 'ok' && fix && <p className="mt-0.5 select-text">{fix}</p>}
        {state !== 'ok' && command && <CopyCommand command={command} />}
        {done && <Past check={check} />}
      </div>
      {done && act && <FixButton act={act} done={done} />}
    </li>
  );
}

function Past({ check: { state, detail, lastOkAt, lastError } }: { check: HealthCheck }) {
  return (
    <p className="text-small text-ink-3">
      {state !== 'ok' &&
        (lastOkAt === null ? (
          'Never seen well. '
        ) : (
          <>
            Well last <Moment at={lastOkAt} />.{' '}
          </>
        ))}
      {state !== 'failing' && lastError && lastError.sentence !== detail && (
        <>
          Last failure <Moment at={lastError.at} />: {lastError.sentence}
        </>
      )}
    </p>
  );
}

function CopyCommand({ command }: { command: string }) {
  return (
    <p className="mt-1 flex flex-wrap items-center gap-2">
      <code className="rounded-[4px] bg-sunken px-1.5 py-0.5 font-mono text-[0.75rem] select-all">{command}</code>
      <button type="button" className="link" onClick={() => void copyText(command, 'The command')}>
        Copy
      </button>
    </p>
  );
}
