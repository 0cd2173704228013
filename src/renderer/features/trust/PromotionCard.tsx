import { memo, useRef } from 'react';
import { whyNot } from '../../../shared/can.ts';
import type { Promotion } from '../../../shared/contract/trust.ts';
import { whyNotRaise } from '../../../shared/ledger-words.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useItemKeys } from '../../hooks/use-item-keys.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf, openWindow } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { isCommand, isTyping, KEYS } from '../../ui/keyboard.ts';
import { Moment } from '../../ui/Time.tsx';
import { openDialog } from '../../ui.ts';
import { EvidenceSessions } from './EvidenceSessions.tsx';
import { evidenceOf } from './evidence.ts';
import { LevelChange } from './LevelChange.tsx';

interface PromotionCardProps {
  promotion: Promotion;
  /** All the evidence is on the same screen. */
  whole?: boolean;
}

/** A promotion that is due: its evidence, what it would change, and the two answers. */
export const PromotionCard = memo(function PromotionCard({ promotion, whole = false }: PromotionCardProps) {
  const card = useRef<HTMLElement>(null);
  const approve = useAct('trust.approvePromotion');
  const away = useAway();
  // Above the parts of its own screen it is one of them.
  const Title = whole ? 'h2' : 'h3';
  const doubted = useMirror((snapshot) => whyNotRaise(snapshot.ledger));
  const sayYes = () => void approve.run({ id: promotion.id });
  const sayNotYet = () => openDialog({ kind: 'not-yet', id: promotion.id });

  useItemKeys(card, (event) => {
    if (!isCommand(event) || approve.busy || away) return false;
    if (event.key === 'Enter' && doubted === null) sayYes();
    else if (event.key === 'Backspace' && !isTyping(event.target)) sayNotYet();
    else return false;
    return true;
  });

  return (
    <article
      ref={card}
      data-item
      tabIndex={-1}
      aria-label={`Ready for ${LEVEL_WORDS[promotion.to].name}`}
      className="card group flex flex-col gap-2 border-trust p-3"
    >
      <header className="flex items-baseline justify-between gap-2">
        <Title className="text-title font-strong">Ready for {LEVEL_WORDS[promotion.to].name}</Title>
        <span className="shrink-0 text-ink-3">
          proposed <Moment at={promotion.proposedAt} />
        </span>
      </header>
      <p className="text-ink-2">{evidenceOf(promotion.evidence, promotion.from)}</p>
      <EvidenceSessions evidence={promotion.evidence} open={whole} />
      <LevelChange from={promotion.from} to={promotion.to} />
      <div className="flex flex-wrap items-center gap-2">
        <Button
          kind="primary"
          className="arm"
          busy={approve.busy}
          why={away ?? doubted ?? whyNot('promotion.approve', promotion.state)}
          onClick={sayYes}
        >
          {approve.busy ? 'Approving…' : 'Approve'}
        </Button>
        <Button
          className="arm"
          busy={approve.busy}
          why={away ?? whyNot('promotion.decline', promotion.state)}
          onClick={sayNotYet}
        >
          Not yet…
        </Button>
        <kbd className="hidden text-small text-ink-3 group-focus-within:inline">{KEYS.approve}</kbd>
        {!whole && (
          <Button kind="quiet" className="link ml-auto" onClick={() => openWindow(hashOf('trust'))}>
            All evidence
          </Button>
        )}
      </div>
      <Problem text={approve.error} />
    </article>
  );
});
