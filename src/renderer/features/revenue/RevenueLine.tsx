import { count } from '../../../shared/format.ts';
import { changeWords, totalWords } from '../../../shared/revenue-words.ts';
import { useMirror, useStale } from '../../mirror.ts';
import { hashOf } from '../../route.ts';

/** One quiet line: what was earned in seven days. Nothing where no source is. */
export function RevenueLine() {
  const revenue = useMirror((snapshot) => snapshot.revenue);
  const stale = useStale();
  if (!revenue) return null;
  const { week, change, failing } = revenue;
  return (
    <p className={`flex flex-wrap items-baseline gap-x-1.5 text-ink-2 ${stale ? 'stale' : ''}`}>
      <a href={hashOf('revenue')} className="hover:text-ink">
        Revenue, 7 days:{' '}
        <span className={week.microUsd === null ? '' : 'font-strong text-ink'}>{totalWords(week)}</span>
      </a>
      {change.ratio !== null && <span>{changeWords(change)}</span>}
      {failing > 0 && <span className="text-human">{count(failing, 'source')} failing</span>}
    </p>
  );
}
