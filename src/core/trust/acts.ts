import { whyNotLevel, whyOverride } from '../../shared/can.ts';
import type { Trust } from '../../shared/contract/trust.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Level } from '../../shared/policy.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Clock } from '../kernel/ports.ts';
import type { createPromotions } from './promotion.ts';
import type { NewStay, StoredInterval } from './storage.ts';

interface ActDeps {
  journal: Journal;
  clock: Clock;
  promotions: ReturnType<typeof createPromotions>;
  current(): StoredInterval;
  get(): Trust;
  move(emit: Emit, to: Level, how: Pick<NewStay, 'by' | 'reason' | 'cause' | 'source'>): void;
}

const TOO_LATE = 'This promotion was answered in the meantime.';

/** What a person does about the level. Nothing else in the program raises it. */
export function createActs({ journal, clock, promotions, current, get, move }: ActDeps) {
  return {
    /**
     * A person sets the level: down to any, up by one step that was earned. Any other way up is an
     * override, confirmed by typing the level, and stands in the history as one. Setting the level in
     * force changes nothing.
     * @throws TenureError `not_allowed` for what takes an override, `refused` for one that is not confirmed.
     */
    setLevel(input: {
      level: Level;
      by: string;
      reason?: string | null | undefined;
      override?: { confirm: string } | undefined;
    }): Trust {
      const { level, by, override } = input;
      return journal.commit((emit) => {
        const { level: from } = current();
        if (whyNotLevel(from, level) !== null) return get();
        const why = whyOverride(from, level, get().lack);
        if (why !== null && !override) {
          throw new TenureError(
            'not_allowed',
            `${why} The owner can override that on the trust screen, or with "tenure level --set ${level} --override ${level}".`,
          );
        }
        if (why !== null && override?.confirm.trim().toLowerCase() !== level) {
          throw new TenureError(
            'refused',
            `Overriding the record takes the level's own name: expected "${level}", but got "${override?.confirm ?? ''}".`,
          );
        }
        const reason = input.reason?.trim() || 'Set by hand.';
        const cause = why === null ? 'person' : 'override';
        move(emit, level, { by, reason: why === null ? reason : `${reason} (Override: ${why})`, cause, source: null });
        return get();
      });
    },

    /**
     * A person approves the open promotion: exactly one step up. Everything is looked at again first.
     * @throws TenureError `not_found`, `conflict` (answered before), `expired`, or `stale` when the
     * evidence fell or the level changed; then the promotion is closed and the level stays.
     */
    approvePromotion({ id, by }: { id?: string | undefined; by: string }): Trust {
      const promotion = promotions.wanted(id, 'promotion.approve');
      const refusal = journal.commit((emit) => {
        const flaw = promotions.review(emit, promotion);
        if (flaw) return flaw;
        if (!promotions.close(promotion.id, 'approved', by, null)) return new TenureError('conflict', TOO_LATE);
        const reason = `Promotion approved: ${promotion.message}`;
        move(emit, promotion.to, { by, reason, cause: 'promotion', source: { kind: 'promotion', id: promotion.id } });
        promotions.tell(emit, 'promotion.closed', promotion.id);
        return null;
      });
      if (refusal) throw refusal;
      return get();
    },

    /**
     * A person declines the open promotion; it is not proposed again until the level changes or that date
     * (epoch ms) has come. @throws TenureError `invalid` for a date that has passed.
     */
    declinePromotion(input: {
      id?: string | undefined;
      by: string;
      reason?: string | null | undefined;
      askAgainAt?: number | null | undefined;
    }): Trust {
      const { id } = promotions.wanted(input.id, 'promotion.decline');
      const askAgainAt = input.askAgainAt ?? null;
      if (askAgainAt !== null && askAgainAt <= clock.now()) {
        throw new TenureError('invalid', 'The date on which it is asked again has to lie in the future.');
      }
      return journal.commit((emit) => {
        const closed = promotions.close(id, 'declined', input.by, input.reason?.trim() || null, askAgainAt);
        if (!closed) throw new TenureError('conflict', TOO_LATE);
        promotions.tell(emit, 'promotion.closed', id);
        return get();
      });
    },
  };
}
