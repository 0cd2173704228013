import { bytes, count, percent, span } from '../../../shared/format.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Problem } from '../../ui/Field.tsx';
import { Facts, Part } from '../../ui/Screen.tsx';

const perSecond = (n: number): string => `${bytes(n)}/s`;

/** The machine now, in detail: asked for each second while somebody looks, and not at all otherwise. */
export function LoadNow() {
  const second = useClock((now) => now);
  const { data, error } = useQuery('resources.load', {}, second);
  if (!data) return <Problem text={error} />;
  const { cores, load, uptimeMs, swap, network, disk, thermal, temperature, own } = data;
  const heat =
    temperature === null ? thermal : `${Math.round(temperature)} °C${thermal === null ? '' : `, ${thermal}`}`;
  return (
    <>
      <Part title="In detail">
        <Problem text={error} />
        <ul className="card flex flex-wrap gap-x-3 gap-y-2 p-3" aria-label={count(cores.length, 'core')}>
          {cores.map((busy, n) => (
            <li key={n} className="w-18">
              <span className="flex justify-between text-small">
                <span className="text-ink-3">Core {n + 1}</span>
                <span>{busy === null ? '…' : percent(busy)}</span>
              </span>
              <meter className="core" min={0} max={1} value={busy ?? 0} aria-label={`Core ${n + 1}`}>
                {percent(busy)}
              </meter>
            </li>
          ))}
        </ul>
        <Facts
          facts={[
            ['Load, 1, 5 and 15 minutes', load && load.map((one) => one.toFixed(2)).join(' · ')],
            ['Up for', span(uptimeMs)],
            ['Swap', swap ? `${bytes(swap.usedBytes)} of ${bytes(swap.totalBytes)}` : 'none'],
            ['Network in', network && perSecond(network.received)],
            ['Network out', network && perSecond(network.sent)],
            ['Disk read', disk && perSecond(disk.read)],
            ['Disk written', disk && perSecond(disk.written)],
            ['Heat', heat],
          ]}
        />
      </Part>
      <Part title="Tenure itself">
        <Facts
          facts={[
            ['Processor', own.cpu === null ? null : `${(own.cpu * 100).toFixed(1)} % of a core`],
            ['Memory', bytes(own.memoryBytes)],
          ]}
        />
        <p className="text-small text-ink-3">
          While nobody looks it is to stay under 1 % of a core and 250 MB. Without the agents and the window, which are
          processes of their own.
        </p>
      </Part>
    </>
  );
}
