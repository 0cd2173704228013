import { memo, useState } from 'react';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { stageOf } from '../../../shared/decision-stage.ts';
import { DENY_WORDS } from '../../../shared/deny-words.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { brief, settled } from '../../../shared/words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { hashOf } from '../../route.ts';
import { Problem } from '../../ui/Field.tsx';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Moment } from '../../ui/Time.tsx';
import { openDialog } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';
import { AbortStep } from './AbortStep.tsx';
import { Undo } from './Answered.tsx';
import { ReasonList } from './Reasons.tsx';
import { RiskChip } from './RiskChip.tsx';
import { Tribunal } from './Tribunal.tsx';
import { What } from './What.tsx';

const FACES: Readonly<Record<Decision['state'], readonly [MarkShape, Tone]>> = {
  allowed: ['ring', 'trust'],
  approved: ['dot', 'trust'],
  refused: ['square', 'mute'],
  denied: ['square', 'bad'],
  expired: ['dash', 'mute'],
  void: ['dash', 'mute'],
  pending: ['diamond', 'human'],
};

/** The gate's own yes was a mistake: said once, it counts against such yeses from then on. */
function MarkWrong({ id }: { id: string }) {
  const mark = useAct('decisions.markWrong');
  return (
    <>
      <ActButton busy={mark.busy} onClick={() => void mark.run({ id })}>
        This should have asked me
      </ActButton>
      <Problem text={mark.error} />
    </>
  );
}

interface DecisionItemProps {
  decision: Decision;
  /** Open from the beginning. */
  unfolded?: boolean;
}

/** A decision of the past in a row; open, everything that was known and said. */
export const DecisionItem = memo(function DecisionItem({ decision, unfolded = false }: DecisionItemProps) {
  const { action, level, answerReason, answeredAt } = decision;
  const [shape, tone] = FACES[decision.state];
  const [open, setOpen] = useState(unfolded);
  return (
    <li className="lazy-row">
      <details data-item className="group" open={unfolded} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="flex min-h-11.5 list-none items-center gap-3 rounded-card px-3 py-1 hover:bg-sunken/45">
          <Mark shape={shape} tone={tone} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-mono text-[0.75rem]">{brief(action)}</span>
            <span className="block truncate text-ink-2">
              {decision.project} · {settled(decision)}
              {stageOf(decision) === 'executing' && ' · running'}
            </span>
          </span>
          <RiskChip risk={decision.risk} />
          <Moment at={decision.askedAt} className="w-16 shrink-0 text-right text-ink-2" />
        </summary>
        <div className="flex flex-col gap-2 px-3 pt-1 pb-3">
          {open && <What decision={decision} tall />}
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
          {open && <Tribunal decision={decision} />}
          {open && <AbortStep decision={decision} />}
          {(answerReason || decision.answerCode) && (
            <p>
              {decision.answerCode && decision.answerCode !== 'other' && `${DENY_WORDS[decision.answerCode].short}. `}
              {answerReason && `“${answerReason}”`}
            </p>
          )}
          {decision.wrong && (
            <p className="text-bad">
              You found this wrong <Moment at={decision.wrong.at} />
              {decision.wrong.reason && `: “${decision.wrong.reason}”`}
            </p>
          )}
          <span className="flex flex-wrap items-center gap-4">
            <a href={hashOf('sessions', decision.sessionId)} className="link">
              Its session
            </a>
            <button
              type="button"
              className="link"
              onClick={() => openDialog({ kind: 'rule', decisionId: decision.id })}
            >
              Make a rule of it…
            </button>
            {decision.auto && !decision.wrong && <MarkWrong id={decision.id} />}
          </span>
        </div>
      </details>
      {decision.undoable && (
        <div className="flex justify-end px-3 pb-2">
          <Undo decision={decision} />
        </div>
      )}
    </li>
  );
});
