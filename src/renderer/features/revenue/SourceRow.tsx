import type { RevenueSource, SourceWeek } from '../../../shared/contract/revenue.ts';
import { changeWords, figureWords, KIND_WORDS, readingWords } from '../../../shared/revenue-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Moment } from '../../ui/Time.tsx';
import { ActButton } from '../system/ActButton.tsx';
import type { Asking } from './RevenueScreen.tsx';

interface SourceRowProps {
  source: RevenueSource;
  /** Undefined for a source that earns nothing itself. */
  week: SourceWeek | undefined;
  ask: (asking: Asking) => void;
  changed: () => void;
}

/** One source: what it brought, what it said last and when, and what is wrong with it. */
export function SourceRow({ source, week, ask, changed }: SourceRowProps) {
  const { id, name, kind, paused, projectId, flag, lastError, reading } = source;
  const project = useMirror((snapshot) => snapshot.projects.find((known) => known.id === projectId)?.name);
  const look = useAct('revenue.look');
  const update = useAct('revenue.update');
  const away = useAway();
  const told = kind === 'manual' || kind === 'webhook';
  const [shape, tone] = faceOf(source);
  const value = readingWords(kind, reading);
  const run = async (work: Promise<unknown>) => {
    if (await work) changed();
  };
  return (
    <li data-item className="flex flex-col gap-1 px-3 py-2">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <p className="mr-auto flex items-center gap-2">
          <Mark shape={shape} tone={tone} />
          <span className="font-strong">{name}</span>
          <span className="text-ink-2">
            {KIND_WORDS[kind].name}
            {project && `, ${project}`}
          </span>
        </p>
        {week && (
          <p className={week.figure.microUsd === null ? 'text-ink-3' : ''} title={week.figure.why ?? undefined}>
            <span className="font-strong">{figureWords(week.figure)}</span> in 7 days
            {week.change.ratio !== null && <span className="text-ink-2">, {changeWords(week.change)}</span>}
          </p>
        )}
      </div>
      <p className="text-ink-2">{stateOf(source, value, told)}</p>
      {lastError && !paused && <p className="wrap-anywhere text-bad">{lastError}</p>}
      {flag && (
        <p className="flex flex-wrap items-baseline gap-x-2 text-human">
          {flag}
          <button type="button" className="link" onClick={() => void run(update.run({ id, clearFlag: true }))}>
            Seen
          </button>
        </p>
      )}
      <Problem text={look.error ?? update.error} />
      <div className="-ml-2 flex flex-wrap">
        {kind === 'manual' && (
          <ActButton
            kind="quiet"
            onClick={() => ask({ what: 'import', source })}
            aria-label={`Import a CSV into ${name}`}
          >
            Import a CSV…
          </ActButton>
        )}
        {told ? (
          <ActButton kind="quiet" onClick={() => ask({ what: 'entries', source })} aria-label={`Entries of ${name}`}>
            Entries…
          </ActButton>
        ) : (
          <Button
            kind="quiet"
            busy={look.busy}
            why={away}
            onClick={() => void run(look.run({ id }))}
            aria-label={`Look now at ${name}`}
          >
            {look.busy ? 'Looking…' : 'Look now'}
          </Button>
        )}
        <ActButton kind="quiet" onClick={() => ask({ what: 'edit', source })} aria-label={`Edit ${name}`}>
          Edit…
        </ActButton>
      </div>
    </li>
  );
}

function faceOf({ paused, lastError, flag, stale, lastGoodAt, kind }: RevenueSource): readonly [MarkShape, Tone] {
  if (paused) return ['dash', 'mute'];
  if (lastError !== null) return ['square', 'bad'];
  if (flag !== null || stale) return ['diamond', 'human'];
  return lastGoodAt === null && kind !== 'manual' && kind !== 'webhook' ? ['ring', 'mute'] : ['dot', 'trust'];
}

function stateOf({ kind, paused, stale, lastGoodAt, lastTryAt }: RevenueSource, value: string | null, told: boolean) {
  if (told) return KIND_WORDS[kind].what;
  if (lastGoodAt === null)
    return paused ? 'Paused; never seen.' : lastTryAt === null ? 'Not looked at yet.' : 'Never seen.';
  return (
    <>
      {paused && 'Paused; '}
      {value ?? 'seen'}, <Moment at={lastGoodAt} />
      {stale && <span className="text-human">, stale</span>}
    </>
  );
}
