import { type KeyboardEvent, useState } from 'react';
import type { Check } from '../../../shared/contract/check.ts';
import { clockTime } from '../../../shared/format.ts';
import { checksWords, checkWords } from '../../../shared/service-words.ts';
import { BAR_TONES, barOf } from './face.ts';

const SHOWN = 60;
const STEP = 5;
const HEIGHT = 20;

interface BarsProps {
  /** Oldest first. */
  checks: readonly Check[];
  /** The word of the chosen check stands below; in a list it is only said. */
  legend?: boolean;
}

/**
 * The last 60 checks as bars. Failed ones are tall, good ones by their response time, unknown ones short.
 * The pointer or the arrow keys choose one, which is then told in words.
 */
export function Bars({ checks, legend = false }: BarsProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = checks.slice(-SHOWN);
  const slowest = Math.max(1, ...shown.map(({ ms }) => ms ?? 0));
  const offset = SHOWN - shown.length;
  const check = chosen === null ? undefined : shown[chosen];
  const words = check ? `${clockTime(check.at)}: ${checkWords(check)}` : checksWords(shown);
  const press = (event: KeyboardEvent) => {
    const last = shown.length - 1;
    const next = {
      ArrowLeft: Math.max(0, (chosen ?? last + 1) - 1),
      ArrowRight: Math.min(last, (chosen ?? -1) + 1),
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined || last < 0) return;
    event.preventDefault();
    event.stopPropagation();
    setChosen(next);
  };
  return (
    <div className="min-w-0">
      <div
        role="slider"
        aria-label="Checks"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, shown.length - 1)}
        aria-valuenow={chosen ?? Math.max(0, shown.length - 1)}
        aria-valuetext={words}
        aria-readonly="true"
        tabIndex={0}
        title={words}
        onKeyDown={press}
        onBlur={() => setChosen(null)}
        onPointerLeave={() => setChosen(null)}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const at = Math.floor(((event.clientX - box.left) / box.width) * SHOWN) - offset;
          setChosen(at >= 0 && at < shown.length ? at : null);
        }}
        className="rounded-[3px]"
      >
        <svg
          viewBox={`0 0 ${SHOWN * STEP} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          className="block h-5 w-full"
        >
          {Array.from({ length: offset }, (_, n) => (
            <rect key={n} x={n * STEP} y={HEIGHT - 3} width={STEP - 1.5} height={3} rx={1} className="fill-track" />
          ))}
          {shown.map((one, n) => {
            const height = heightOf(one, slowest);
            return (
              <rect
                key={one.at}
                x={(offset + n) * STEP}
                y={HEIGHT - height}
                width={STEP - 1.5}
                height={height}
                rx={1}
                className={`${BAR_TONES[barOf(one)]} ${chosen !== null && chosen !== n ? 'opacity-50' : ''}`}
              />
            );
          })}
        </svg>
      </div>
      {legend && <p className="mt-1 text-small text-ink-2 wrap-anywhere">{words}</p>}
    </div>
  );
}

function heightOf({ ok, ms }: Check, slowest: number): number {
  if (ok === null) return 5;
  if (!ok) return HEIGHT;
  return 7 + 7 * ((ms ?? 0) / slowest);
}
