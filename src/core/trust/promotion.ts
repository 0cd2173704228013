import { whyNot } from '../../shared/can.ts';
import type { Promotion, PromotionState, Thresholds, Trust } from '../../shared/contract/trust.ts';
import { TenureError } from '../../shared/errors.ts';
import { LEVEL_WORDS, type Level, nextLevel } from '../../shared/policy.ts';
import type { Emit } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { TENURE } from './falls.ts';
import type { createRecordStorage } from './record/storage.ts';
import { evidenceOf, type LevelRecord, lackOf, messageOf } from './rules.ts';
import type { createTrustStorage, StoredInterval, StoredPromotion } from './storage.ts';

export interface PromotionDeps {
  storage: ReturnType<typeof createTrustStorage>;
  records: Pick<ReturnType<typeof createRecordStorage>, 'best' | 'worst'>;
  clock: Clock;
  ids: Ids;
  /** The stay at a level that lasts. */
  current(): StoredInterval;
  recordNow(): { record: LevelRecord; thresholds: Thresholds | null };
  /** How long a proposal stays open, milliseconds. */
  expiresMs(): number;
  view(): Trust;
}

export const viewOf = ({ intervalId: _intervalId, ...promotion }: StoredPromotion): Promotion => promotion;

/** Sessions that the evidence names, the best and the worst. */
const SHOWN = 5;

const goneWords = (to: Level, reason: string): string =>
  `The promotion to ${LEVEL_WORDS[to].name} can no longer be approved. ${reason}`.trim();

/** The life of a promotion: open → approved | declined | expired | withdrawn. Everything runs inside a commit. */
export function createPromotions(deps: PromotionDeps) {
  const { storage, clock } = deps;

  /** Closes one that is open; false when it no longer was. Its fact is told once the trust view is final. */
  const close = (
    id: string,
    state: PromotionState,
    by: string,
    reason: string | null,
    askAgainAt: number | null = null,
  ): boolean => storage.close(id, { state, at: clock.now(), by, reason, askAgainAt });

  function tell(emit: Emit, type: 'promotion.proposed' | 'promotion.closed', id: string): void {
    const promotion = storage.promotion(id);
    if (promotion) emit({ type, body: { promotion: viewOf(promotion), trust: deps.view() } });
  }

  /** Why an open promotion no longer holds, or null. */
  function flawOf(promotion: StoredPromotion): { state: 'expired' | 'withdrawn'; reason: string } | null {
    if (clock.now() >= promotion.expiresAt) return { state: 'expired', reason: 'Nobody answered it in time.' };
    if (promotion.intervalId !== deps.current().id) return { state: 'withdrawn', reason: 'The level has changed.' };
    const { record, thresholds } = deps.recordNow();
    const lack = thresholds === null ? ['a promotion from here is no longer configured'] : lackOf(record, thresholds);
    return lack.length === 0
      ? null
      : { state: 'withdrawn', reason: `Its evidence no longer holds: ${lack.join(', ')}.` };
  }

  return {
    close,
    tell,

    /**
     * Looks at an open promotion again and closes it when it no longer holds.
     * @returns the error to throw, once the commit is through, at whoever wanted to approve it.
     */
    review(emit: Emit, promotion: StoredPromotion): TenureError | null {
      const flaw = flawOf(promotion);
      if (flaw === null) return null;
      close(promotion.id, flaw.state, TENURE, flaw.reason);
      tell(emit, 'promotion.closed', promotion.id);
      const kind = flaw.state === 'expired' ? 'expired' : 'stale';
      return new TenureError(kind, goneWords(promotion.to, flaw.reason));
    },

    /** Proposes the next level when the record has earned it and this stay has had no answer yet. */
    propose(emit: Emit): StoredPromotion | null {
      const { id: intervalId, level: from } = deps.current();
      const { record, thresholds } = deps.recordNow();
      const to = nextLevel(from);
      if (thresholds === null || to === null || lackOf(record, thresholds).length > 0) return null;
      const askAgainAt = storage.answered(intervalId);
      if (askAgainAt === null || (askAgainAt !== undefined && clock.now() < askAgainAt)) return null;
      const best = deps.records.best(from, SHOWN);
      const isBest = new Set(best.map(({ sessionId }) => sessionId));
      const worst = deps.records.worst(from, SHOWN).filter(({ sessionId }) => !isBest.has(sessionId));
      const evidence = { ...evidenceOf(deps.view(), thresholds), best, worst };
      const id = deps.ids.next('pro');
      storage.propose({
        id,
        from,
        to,
        intervalId,
        state: 'open',
        evidence,
        message: messageOf(from, to, evidence),
        proposedAt: clock.now(),
        expiresAt: clock.now() + deps.expiresMs(),
        decidedAt: null,
        decidedBy: null,
        reason: null,
        askAgainAt: null,
      });
      tell(emit, 'promotion.proposed', id);
      return storage.promotion(id);
    },

    /** The promotion that a person means: the named one, else the open one. Throws unless it is open. */
    wanted(id: string | undefined, act: 'promotion.approve' | 'promotion.decline'): StoredPromotion {
      const promotion = id === undefined ? storage.openPromotion() : storage.promotion(id);
      if (!promotion) {
        throw new TenureError(
          'not_found',
          id === undefined ? 'There is no open promotion.' : `There is no promotion "${id}".`,
        );
      }
      if (promotion.state === 'withdrawn') {
        throw new TenureError('stale', goneWords(promotion.to, promotion.reason ?? ''));
      }
      const why = whyNot(act, promotion.state);
      if (why !== null) throw new TenureError('conflict', why);
      return promotion;
    },
  };
}
