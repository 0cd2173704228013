import { TenureError } from '../../shared/errors.ts';
import { LEVELS } from '../../shared/policy.ts';
import type { Ledger, LedgerEntry } from '../kernel/ledger-ports.ts';
import type { Credit, createTrustStorage, Override, StoredInterval, StoredPromotion } from './storage.ts';

type Storage = ReturnType<typeof createTrustStorage>;

const LEVEL = 'level';

const credited = (credit: Credit): LedgerEntry => ({
  kind: 'trust.credited',
  subject: credit.sessionId,
  body: { ...credit },
});
const overridden = (override: Override): LedgerEntry => ({
  kind: 'trust.overridden',
  subject: override.sessionId,
  body: { ...override },
});
const entered = ({ level, enteredAt, by, reason }: Omit<StoredInterval, 'id' | 'leftAt'>): LedgerEntry => ({
  kind: 'level.entered',
  subject: LEVEL,
  body: { level, at: enteredAt, by, reason },
});
const proposed = (promotion: StoredPromotion): LedgerEntry => {
  const { id, from, to, intervalId, evidence, message, proposedAt, expiresAt } = promotion;
  const body = { id, from, to, intervalId, evidence: { ...evidence }, message, proposedAt, expiresAt };
  return { kind: 'promotion.proposed', subject: id, body };
};
const closed = (id: string, state: string, at: number, by: string, reason: string | null): LedgerEntry => ({
  kind: 'promotion.closed',
  subject: id,
  body: { state, at, by, reason },
});

/** What trust needs of the ledger. */
export interface TrustLedger extends Pick<Ledger, 'append'> {
  /** Why nothing may be raised now, in a sentence, or null: what everything rests on may not be what it was. */
  whyNotRaise(): string | null;
}

/** The storage of trust, whose every write stands in the ledger as well, in the same commit. Throws TenureError `not_allowed` for what may not be raised now. */
export const recorded = (storage: Storage, ledger: TrustLedger): Storage => ({
  ...storage,
  enter(level, at, by, reason) {
    const from = storage.openInterval()?.level ?? level;
    const why = LEVELS.indexOf(level) > LEVELS.indexOf(from) ? ledger.whyNotRaise() : null;
    if (why !== null) throw new TenureError('not_allowed', why);
    storage.enter(level, at, by, reason);
    ledger.append(entered({ level, enteredAt: at, by, reason }));
  },
  credit(credit) {
    const isNew = storage.credit(credit);
    if (isNew) ledger.append(credited(credit));
    return isNew;
  },
  override(sessionId, score, by, at) {
    storage.override(sessionId, score, by, at);
    ledger.append(overridden({ sessionId, score, by, at }));
  },
  propose(promotion) {
    storage.propose(promotion);
    ledger.append(proposed(promotion));
  },
  close(id, state, at, by, reason) {
    const isNew = storage.close(id, state, at, by, reason);
    if (isNew) ledger.append(closed(id, state, at, by, reason));
    return isNew;
  },
});

/** Everything that trust has written so far, as the events that it would have been: each table in its own order. */
export function trustEntries(storage: Storage): LedgerEntry[] {
  const stays = storage.intervals().toReversed();
  return [
    ...stays.map((stay, at) => {
      const entry = entered(stay);
      // A stay ends when the next begins; one that does not says so.
      const usual = stays[at + 1]?.enteredAt ?? null;
      return stay.leftAt === usual ? entry : { ...entry, body: { ...entry.body, leftAt: stay.leftAt } };
    }),
    ...storage.creditsAfter(0, -1).map(({ seq: _seq, ...credit }) => credited(credit)),
    ...storage.overridesAfter(0, -1).map(({ seq: _seq, ...override }) => overridden(override)),
    ...storage.promotions().toReversed().flatMap(lifeOf),
  ];
}

function lifeOf(promotion: StoredPromotion): LedgerEntry[] {
  const { id, state, decidedAt, decidedBy, reason } = promotion;
  const end = state === 'open' || decidedAt === null ? [] : [closed(id, state, decidedAt, decidedBy ?? '', reason)];
  return [proposed(promotion), ...end];
}
