import { absolute, elapsed, heldFor, remaining, when } from '../../shared/format.ts';
import { useNow } from '../hooks/use-now.ts';

/** A moment: near in words, whole on hover. */
export function Moment({ at, className }: { at: number; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={absolute(at)} className={className}>
      {when(at, now)}
    </time>
  );
}

/** How long something has run; it stands still once it has ended. */
export function Elapsed({ from, to }: { from: number; to: number | null }) {
  return to === null ? (
    <Running from={from} />
  ) : (
    <span title={`${absolute(from)} – ${absolute(to)}`}>{elapsed(to - from)}</span>
  );
}

function Running({ from }: { from: number }) {
  const now = useNow();
  return <span title={`since ${absolute(from)}`}>{elapsed(now - from)}</span>;
}

/** What is left until a deadline. */
export function Left({ until }: { until: number }) {
  const now = useNow();
  const left = until - now;
  return (
    <span title={`until ${absolute(until)}`} className={left < 60_000 ? 'font-strong' : ''}>
      {left > 0 ? `${remaining(left)} left` : 'deadline passed'}
    </span>
  );
}

export function HeldFor({ since }: { since: number }) {
  const now = useNow();
  return <span title={`since ${absolute(since)}`}>{heldFor(since, now)}</span>;
}
