import { memo } from 'react';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { brief, settled } from '../../../shared/words.ts';
import { hashOf } from '../../route.ts';
import { Command } from '../../ui/Command.tsx';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Moment } from '../../ui/Time.tsx';
import { ReasonList } from './Reasons.tsx';
import { RiskChip } from './RiskChip.tsx';

const FACES: Readonly<Record<Decision['state'], readonly [MarkShape, Tone]>> = {
  allowed: ['ring', 'trust'],
  approved: ['dot', 'trust'],
  refused: ['square', 'mute'],
  denied: ['square', 'bad'],
  expired: ['dash', 'mute'],
  void: ['dash', 'mute'],
  pending: ['diamond', 'human'],
};

/** A decision of the past in a row; open, everything that was known and said. */
export const DecisionItem = memo(function DecisionItem({ decision }: { decision: Decision }) {
  const { action, level, answerReason, answeredAt } = decision;
  const [shape, tone] = FACES[decision.state];
  return (
    <li className="lazy-row">
      <details data-item className="group">
        <summary className="flex min-h-11.5 list-none items-center gap-3 rounded-card px-3 py-1 hover:bg-sunken/45">
          <Mark shape={shape} tone={tone} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-mono text-[0.75rem]">{brief(action)}</span>
            <span className="block truncate text-ink-2">
              {decision.project} · {settled(decision)}
            </span>
          </span>
          <RiskChip risk={decision.risk} />
          <Moment at={decision.askedAt} className="w-16 shrink-0 text-right text-ink-2" />
        </summary>
        <div className="flex flex-col gap-2 px-3 pt-1 pb-3">
          <Command text={action.detail} label={`Exact ${action.tool} call`} cwd={action.cwd} tall />
          <p className="wrap-anywhere text-ink-3">
            {action.tool} in {action.cwd}, at {LEVEL_WORDS[level].name}
            {answeredAt !== null && (
              <>
                , answered <Moment at={answeredAt} />
              </>
            )}
          </p>
          <div className="text-ink-2">
            <ReasonList reasons={decision.reasons} />
          </div>
          {answerReason && <p>“{answerReason}”</p>}
          <a href={hashOf('sessions', decision.sessionId)} className="link self-start">
            Its session
          </a>
        </div>
      </details>
    </li>
  );
});
