import { memo, useLayoutEffect, useRef, useState } from 'react';
import { whyNot } from '../../../shared/can.ts';
import type { Decision } from '../../../shared/contract/decisions.ts';
import type { DenyReason } from '../../../shared/deny-words.ts';
import { brief } from '../../../shared/words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useItemKeys } from '../../hooks/use-item-keys.ts';
import { hashOf, openWindow } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { isCommand, isTyping, KEYS, leaveItem } from '../../ui/keyboard.ts';
import { Left, Moment } from '../../ui/Time.tsx';
import { openDialog } from '../../ui.ts';
import { SnoozeButton } from '../snooze/SnoozeButton.tsx';
import { Alike } from './Alike.tsx';
import { Answered } from './Answered.tsx';
import { CriticalStep } from './CriticalStep.tsx';
import { DenyForm } from './DenyForm.tsx';
import { ReallyStep } from './ReallyStep.tsx';
import { Reasons } from './Reasons.tsx';
import { RiskChip } from './RiskChip.tsx';
import { Tribunal } from './Tribunal.tsx';
import { CostSoFar, What } from './What.tsx';

type Mode = 'open' | 'denying' | 'second step' | 'really';

/** A question to the person: what, why, how long is left, and the two answers. */
export const DecisionCard = memo(function DecisionCard({ decision }: { decision: Decision }) {
  const { action, project } = decision;
  const card = useRef<HTMLElement>(null);
  const [mode, setMode] = useState<Mode>('open');
  const approve = useAct('decisions.approve');
  const deny = useAct('decisions.deny');
  const undo = useAct('decisions.undo');
  const snooze = useAct('decisions.snooze');
  const away = useAway();
  const pending = decision.state === 'pending';
  const busy = approve.busy || deny.busy || snooze.busy;
  const critical = decision.steps === 2;
  const grave = decision.risk === 'high';

  /** The card keeps its height: what follows must not slide under the pointer that answered. */
  const keepHeight = () => {
    if (card.current) card.current.style.minHeight = `${card.current.offsetHeight}px`;
  };
  const sayYes = () => {
    if (critical && mode !== 'second step') return setMode('second step');
    if (grave && mode !== 'really') return setMode('really');
    keepHeight();
    // Should the answer be taken back, both words are needed again.
    if (grave) {
      card.current?.focus({ preventScroll: true });
      setMode('open');
    }
    void approve.run({ id: decision.id, ...(critical && { confirm: true }), ...(grave && { acknowledge: true }) });
  };
  const sayNo = (reason: string, code: DenyReason | null) => {
    keepHeight();
    void deny.run({ id: decision.id, ...(reason && { reason }), ...(code && { code }) });
  };
  const sayLater = (ms?: number) => void snooze.run({ id: decision.id, ...(ms !== undefined && { ms }) });

  useItemKeys(card, (event) => {
    if (decision.undoable && !away && isCommand(event) && event.key === 'z' && !isTyping(event.target)) {
      void undo.run({ id: decision.id });
      return true;
    }
    if (!pending || busy || away) return false;
    if (isCommand(event) && event.key === 'Enter') {
      // A key that is held down repeats itself: that is no second word.
      if (critical) setMode('second step');
      else if (!event.repeat) sayYes();
    } else if (event.key === 'Escape' && mode === 'really') {
      setMode('open');
      card.current?.focus();
    } else if (isCommand(event) && event.key === 'Backspace' && !isTyping(event.target)) setMode('denying');
    else if (event.key === 'h' && event.target === card.current) sayLater();
    else if (event.key === 'Enter' && event.target === card.current) openWindow(hashOf('sessions', decision.sessionId));
    else return false;
    return true;
  });

  return (
    <article
      ref={card}
      data-item
      data-done={pending ? undefined : ''}
      tabIndex={-1}
      aria-label={`${project}: ${brief(action)}`}
      className={`card lazy-card group flex flex-col gap-2 p-3 ${pending ? 'border-human-line' : ''}`}
    >
      <header className="flex flex-wrap items-baseline gap-x-2">
        <span className="truncate font-strong">{project}</span>
        <RiskChip risk={decision.risk} />
        <span className="truncate text-ink-3">{action.tool}</span>
        <CostSoFar sessionId={decision.sessionId} />
        <span className="ml-auto shrink-0 text-human">
          {pending && decision.quietUntil !== null && decision.tribunal !== 'sitting' && (
            <span className="pr-2 text-small text-ink-3">
              quiet until <Moment at={decision.quietUntil} />
            </span>
          )}
          {pending && decision.escalations > 0 && <span className="pr-2 text-small">asked again</span>}
          {pending && decision.deadline !== null && <Left until={decision.deadline} />}
        </span>
      </header>
      <What decision={decision} />
      {mode !== 'second step' && <Reasons reasons={decision.reasons} />}
      {mode === 'open' && <Tribunal decision={decision} />}
      {!pending && <Answered decision={decision} />}
      {pending && (
        <Answering>
          {mode === 'denying' && (
            <DenyForm
              verb={deny.busy ? 'Denying…' : 'Deny'}
              placeholder="Why not? The agent reads it."
              kinds
              busy={busy}
              why={away}
              onSend={sayNo}
              onCancel={() => setMode('open')}
            />
          )}
          {mode === 'second step' && (
            <CriticalStep
              decision={decision}
              busy={busy}
              why={away}
              onApprove={sayYes}
              onCancel={() => setMode('open')}
            />
          )}
          {mode === 'really' && (
            <ReallyStep busy={busy} why={away} onApprove={sayYes} onCancel={() => setMode('open')} />
          )}
          {mode === 'open' && (
            <div className="flex flex-wrap items-center gap-2">
              <Button
                kind="primary"
                className="arm"
                busy={busy}
                why={away ?? whyNot('decision.approve', decision.state)}
                onClick={sayYes}
              >
                {approve.busy ? 'Approving…' : critical ? 'Approve…' : 'Approve'}
              </Button>
              <Button
                className="arm"
                busy={busy}
                why={away ?? whyNot('decision.deny', decision.state)}
                onClick={() => setMode('denying')}
              >
                Deny…
              </Button>
              {!critical && decision.level !== 'observe' && (
                <Button
                  kind="quiet"
                  busy={busy}
                  why={away}
                  onClick={() => openDialog({ kind: 'rule', decisionId: decision.id })}
                >
                  Always…
                </Button>
              )}
              <SnoozeButton busy={busy} why={away} deadline={decision.deadline} onSnooze={sayLater} />
              <KeyHint keys={critical ? `${KEYS.deny} deny` : KEYS.approve} />
            </div>
          )}
          {mode === 'open' && <Alike decision={decision} busy={busy} why={away} />}
          <Problem text={approve.error ?? deny.error ?? snooze.error} />
        </Answering>
      )}
    </article>
  );
});

/**
 * The key while the focus is in the card. Its place is always kept, and without room for it, it is not seen:
 * a press that brings the focus must not push the button from under the pointer before it is let go.
 */
function KeyHint({ keys }: { keys: string }) {
  return (
    <span className="invisible flex h-[1lh] min-w-0 grow basis-0 flex-wrap justify-end overflow-hidden text-small text-ink-3 group-focus-within:visible before:h-[1lh] before:w-px">
      <kbd className="whitespace-nowrap">{keys}</kbd>
    </span>
  );
}

/** When the answers go away with the focus in them, the focus goes to the next item. */
function Answering({ children }: { children: React.ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const item = box.current?.closest('[data-item]');
    return () => {
      if (item?.contains(document.activeElement)) leaveItem(item);
    };
  }, []);
  return (
    <div ref={box} className="flex flex-col gap-2">
      {children}
    </div>
  );
}
