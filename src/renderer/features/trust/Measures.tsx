import { useMirror, useStale } from '../../mirror.ts';
import { lackOf, type Measure, measuresOf } from './measures.ts';

/** The three measures of the record at this level. */
export function Measures() {
  const trust = useMirror((snapshot) => snapshot.trust);
  const stale = useStale();
  const lack = lackOf(trust);
  return (
    <div className={stale ? 'stale' : ''}>
      <ul aria-label="The record at this level" className="flex flex-wrap gap-x-3 gap-y-2">
        {measuresOf(trust).map((measure) => (
          <MeasureView key={measure.name} measure={measure} />
        ))}
      </ul>
      {lack && <p className="mt-1.5 text-small text-ink-3">{lack}</p>}
    </div>
  );
}

function MeasureView({ measure: { name, figure, words, part } }: { measure: Measure }) {
  return (
    <li className="min-w-26 flex-1" title={words}>
      <p className="flex justify-between gap-2">
        <span className="text-ink-2">{name}</span>
        <span aria-hidden="true" className={figure === 'none yet' ? 'text-ink-3' : 'font-strong'}>
          {figure}
        </span>
        <span className="sr-only">: {words}</span>
      </p>
      <svg
        viewBox="0 0 100 3"
        preserveAspectRatio="none"
        aria-hidden="true"
        className="mt-1 h-[3px] w-full rounded-full"
      >
        <rect width="100" height="3" className="fill-track" />
        {part !== null && <rect width={part * 100} height="3" className="fill-trust" />}
      </svg>
    </li>
  );
}
