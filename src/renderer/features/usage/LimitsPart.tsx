import type { Limits, LimitWindow } from '../../../shared/contract/usage.ts';
import { percent } from '../../../shared/format.ts';
import { useMirror } from '../../mirror.ts';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';

const FACES: Readonly<Record<LimitWindow['status'], readonly [MarkShape, Tone, string]>> = {
  allowed: ['dot', 'trust', 'open'],
  warning: ['diamond', 'human', 'nearly used up'],
  rejected: ['square', 'bad', 'used up'],
};

/** The windows of the subscription, as they were reported last; each says when that was. */
export function LimitsPart() {
  const limits: Limits = useMirror((snapshot) => snapshot.limits);
  return (
    <Part title="Limits of the subscription">
      {limits.reached && <p className="text-bad">{limits.reached.sentence}</p>}
      {limits.windows.length === 0 ? (
        <p className="card p-3 text-ink-2">
          None were reported. Only a subscription has them, and only what a session's agent has heard is known here.
        </p>
      ) : (
        <ul className="card divide-y divide-line">
          {limits.windows.map((window) => {
            const [shape, tone, words] = FACES[window.status];
            return (
              <li key={window.name} className="flex min-h-11.5 flex-wrap items-center gap-x-3 px-3 py-2">
                <Mark shape={shape} tone={tone} />
                <p className="min-w-60 flex-1">
                  <span className="font-strong">{window.label}</span>
                  <span className="text-ink-2">
                    , {words}, {window.utilization === null ? 'how far unknown' : `${percent(window.utilization)} used`}
                  </span>
                </p>
                <p className="text-ink-2">
                  {window.resetsAt === null ? (
                    'reset unknown'
                  ) : (
                    <>
                      resets <Moment at={window.resetsAt} />
                    </>
                  )}
                  {', '}reported <Moment at={window.seenAt} />
                </p>
              </li>
            );
          })}
        </ul>
      )}
    </Part>
  );
}
