import { absolute, elapsed, heldFor, remaining, when } from '../../shared/format.ts';
import { useClock } from '../hooks/use-clock.ts';

const URGENT_MS = 60_000;

/** A moment: near in words, whole on hover. */
export function Moment({ at, className }: { at: number; className?: string }) {
  const text = useClock((now) => when(at, now));
  return (
    <time dateTime={new Date(at).toISOString()} title={absolute(at)} className={className}>
      {text}
    </time>
  );
}

/** How long something has run; it stands still once it has ended. */
export function Elapsed({ from, to }: { from: number; to: number | null }) {
  const text = useClock((now) => elapsed((to ?? now) - from));
  const span = to === null ? `since ${absolute(from)}` : `${absolute(from)} – ${absolute(to)}`;
  return <span title={span}>{text}</span>;
}

/** What is left until a deadline. */
export function Left({ until }: { until: number }) {
  const text = useClock((now) => (until > now ? `${remaining(until - now)} left` : 'deadline passed'));
  const urgent = useClock((now) => until - now < URGENT_MS);
  return (
    <span title={`until ${absolute(until)}`} className={urgent ? 'font-strong' : ''}>
      {text}
    </span>
  );
}

export function HeldFor({ since }: { since: number }) {
  const text = useClock((now) => heldFor(since, now));
  return <span title={`since ${absolute(since)}`}>{text}</span>;
}
