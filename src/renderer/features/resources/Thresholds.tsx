import type { Metric, ResourceState } from '../../../shared/contract/resources.ts';
import { percent, span } from '../../../shared/format.ts';
import { hashOf } from '../../route.ts';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Part } from '../../ui/Screen.tsx';

const NAMES: Readonly<Record<Metric, string>> = {
  cpu: 'CPU',
  memory: 'Memory',
  disk: 'Disk',
  temperature: 'Temperature',
  thermal: 'Heat',
};
const THERMAL = ['nominal', 'fair', 'serious', 'critical'];
const FACES: Readonly<Record<ResourceState['state'], readonly [MarkShape, Tone, string]>> = {
  ok: ['dot', 'trust', 'fine'],
  pending: ['diamond', 'human', 'high, not yet for long'],
  firing: ['square', 'bad', 'too high'],
  unknown: ['ring', 'mute', 'not measured here'],
  off: ['dash', 'mute', 'switched off'],
};

function valueOf(metric: Metric, value: number): string {
  if (metric === 'temperature') return `${Math.round(value)} °C`;
  return metric === 'thermal' ? (THERMAL[value] ?? 'unknown') : percent(value);
}

/** The thresholds as probes of ourselves. */
export function Thresholds({ thresholds }: { thresholds: readonly ResourceState[] }) {
  return (
    <Part title="Told when">
      <ul className="card divide-y divide-line">
        {thresholds.map(({ metric, state, value, above, forMs }) => {
          const [shape, tone, words] = FACES[state];
          return (
            <li key={metric} className="flex min-h-9 items-center gap-3 px-3 py-1.5">
              <Mark shape={shape} tone={tone} />
              <p className="mr-auto">
                <span className="font-strong">{NAMES[metric]}</span>
                <span className="text-ink-2">, {words}</span>
              </p>
              <p className="text-ink-2">
                {value !== null && <>{valueOf(metric, value)}; </>}
                {above === null ? 'never' : `from ${valueOf(metric, above)}`}
                {forMs !== null && forMs > 0 && ` for ${span(forMs)}`}
              </p>
            </li>
          );
        })}
      </ul>
      <p className="text-small text-ink-3">
        Each is told once and again only after it was over.{' '}
        <a className="link" href={hashOf('settings', 'system.thresholds.cpu')}>
          Change them
        </a>
      </p>
    </Part>
  );
}
