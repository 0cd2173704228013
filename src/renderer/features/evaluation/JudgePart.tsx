import type { Dimensions, JudgeView } from '../../../shared/contract/evidence.ts';
import { dollars, span } from '../../../shared/format.ts';
import { Command } from '../../ui/Command.tsx';
import { Part } from '../../ui/Screen.tsx';
import { DIMENSION_WORDS, judgeWords } from './words.ts';

/** What a model made of the work: its dimensions, its reasons as data, and what asking it took. */
export function JudgePart({ judge, dimensions }: { judge: JudgeView; dimensions: Dimensions | null }) {
  return (
    <Part
      title="Judge"
      actions={<span className="text-small text-ink-3">moves the score only as far as the evidence allows</span>}
    >
      <div className="card flex flex-col gap-3 p-3">
        <p className={judge.state === 'failed' ? 'text-human wrap-anywhere' : 'text-ink-2 wrap-anywhere'}>
          {judgeWords(judge)}
          {judge.score !== null && ` It says ${judge.score} of 5.`}
        </p>
        {dimensions && <Bars dimensions={dimensions} />}
        {judge.reasoning && <Command text={judge.reasoning} label="What the judge says" tall />}
        <p className="text-small text-ink-3 wrap-anywhere">{traceOf(judge)}</p>
      </div>
    </Part>
  );
}

function Bars({ dimensions }: { dimensions: Dimensions }) {
  return (
    <ul
      aria-label="Dimensions, 0 to 100"
      className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-x-6 gap-y-2"
    >
      {DIMENSION_WORDS.map(([name, words, question]) => (
        <li key={name} title={question}>
          <p className="flex justify-between gap-2">
            <span className="text-ink-2">{words}</span>
            <span>{dimensions[name]}</span>
          </p>
          <svg
            viewBox="0 0 100 3"
            preserveAspectRatio="none"
            aria-hidden="true"
            className="mt-1 h-[3px] w-full rounded-full"
          >
            <rect width="100" height="3" className="fill-track" />
            <rect width={dimensions[name]} height="3" className="fill-trust" />
          </svg>
        </li>
      ))}
    </ul>
  );
}

/** How the judgement came about, for whoever wants to check it. */
function traceOf({ state, promptVersion, inputsHash, costUsd, durationMs }: JudgeView): string | null {
  if (state === 'off') return null;
  return [
    promptVersion && `prompt ${promptVersion}`,
    inputsHash && `inputs ${inputsHash.slice(0, 12)}`,
    costUsd === null ? 'cost unknown' : `${dollars(costUsd)} at list price`,
    durationMs !== null && span(durationMs),
  ]
    .filter(Boolean)
    .join(' · ');
}
