import { levelChanges } from '../../../shared/level-changes.ts';
import { LEVEL_WORDS, type Level } from '../../../shared/policy.ts';

/** What another level changes, row by row of the table that the gate reads, and what it still asks for. */
export function LevelChange({ from, to }: { from: Level; to: Level }) {
  return (
    <div className="flex flex-col gap-2">
      <dl aria-label={`What ${LEVEL_WORDS[to].name} changes`} className="flex flex-col gap-1.5">
        {levelChanges(from, to).map(({ risk, what, before, after, looser }) => (
          <div key={risk}>
            <dt className="text-ink-2">{what}</dt>
            <dd>
              <span className="text-ink-3">{before}</span>
              <span aria-hidden="true"> → </span>
              <span className="sr-only"> until now, then </span>
              <span className={looser ? 'font-strong text-trust' : 'font-strong'}>{after}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="text-small text-ink-3">Still asks for {LEVEL_WORDS[to].stillAsks.join('; ')}.</p>
    </div>
  );
}
