import { costWords } from '../../../shared/usage-words.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror, useStale } from '../../mirror.ts';
import { hashOf } from '../../route.ts';

const FRESH_MS = 60_000;
const isToday = (at: number): boolean => new Date(at).toDateString() === new Date().toDateString();

/** One quiet line: what today cost so far, and a limit that was reached. Nothing on a day without runs. */
export function UsageLine() {
  const reached = useMirror((snapshot) => snapshot.limits.reached);
  const runs = useMirror((snapshot) => snapshot.sessions.map(({ id, state }) => `${id}${state}`).join());
  const tick = useClock((now) => Math.floor(now / FRESH_MS));
  const stale = useStale();
  const { data } = useQuery('usage.today', {}, `${runs} ${tick}`);
  const ran = useMirror(({ sessions }) => sessions.some(({ startedAt }) => startedAt !== null && isToday(startedAt)));
  const spent = data !== null && data.runs > 0;
  // Its place is kept for what is about to be known: nothing above it moves then.
  if (data === null && ran && !reached) return <p className="invisible">Today</p>;
  if (!spent && !reached) return null;
  return (
    <p className={`flex flex-wrap items-baseline gap-x-1.5 text-ink-2 ${stale ? 'stale' : ''}`}>
      {spent && (
        <a href={hashOf('usage')} className="hover:text-ink">
          {data.costUsd === null ? (
            "Today's cost is unknown so far"
          ) : (
            <>
              Today <span className="font-strong text-ink">{costWords(data)}</span> at list price
            </>
          )}
        </a>
      )}
      {reached && <span className="text-bad">{reached.sentence}</span>}
    </p>
  );
}
