import type { ScorePreview } from '../../../shared/contract/agents.ts';
import { count } from '../../../shared/format.ts';
import { hashOf } from '../../route.ts';
import { Moment } from '../../ui/Time.tsx';
import { TierChip } from './TierChip.tsx';

const MOST_SHOWN = 12;

/** What other rules would make of the record: who would move, and what would have gone ahead unasked. */
export function Preview({ preview: { moves, agents, decisions } }: { preview: ScorePreview }) {
  return (
    <section aria-label="What these rules would change" aria-live="polite" className="flex flex-col gap-2">
      <p className="font-strong">
        {moves.length === 0 ? 'No agent would move.' : `${moves.length} of ${count(agents, 'agent')} would move.`}
      </p>
      {moves.length > 0 && (
        <ul className="card divide-y divide-line">
          {moves.slice(0, MOST_SHOWN).map(({ agent, now, draft }) => (
            <li key={agent} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
              <span className="min-w-32 flex-1 wrap-anywhere">{agent}</span>
              <span className="tabular-nums">
                {now.score} → <span className="font-strong">{draft.score}</span>
              </span>
              {now.tier === draft.tier ? (
                <TierChip tier={now.tier} />
              ) : (
                <span className="flex items-center gap-1.5">
                  <TierChip tier={now.tier} /> → <TierChip tier={draft.tier} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {moves.length > MOST_SHOWN && <p className="text-ink-3">and {moves.length - MOST_SHOWN} more</p>}
      <p className="text-ink-2">
        {decisions.of === 0
          ? `In the last ${decisions.days} days nothing was asked that a certified agent may do unasked.`
          : `Of ${count(decisions.of, 'action')} in the last ${decisions.days} days that a certified agent may do unasked, ${decisions.now} would go ahead by the rules in force, ${decisions.draft} by these.`}
      </p>
      {decisions.newly.length > 0 && (
        <ul className="card divide-y divide-line">
          {decisions.newly.slice(0, MOST_SHOWN).map((one) => (
            <li key={one.id} className="flex items-baseline gap-2 px-3 py-1.5">
              <a href={hashOf('sessions', one.sessionId)} className="link min-w-0 flex-1 truncate" title={one.summary}>
                {one.summary}
              </a>
              <Moment at={one.at} className="text-small text-ink-3" />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
