import { TenureError } from '../../shared/errors.ts';
import { LEVELS } from '../../shared/policy.ts';

import type { Json, Ledger, LedgerEntry } from '../kernel/ledger-ports.ts';
import { endEntry } from './ends/projection.ts';
import type { EndStorage } from './ends/storage.ts';
import { ranEntry, severeEntry } from './marks/projection.ts';
import type { createMarkStorage } from './marks/storage.ts';
import type {
  Closing,
  Credit,
  createTrustStorage,
  NewStay,
  Override,
  StoredInterval,
  StoredPromotion,
} from './storage.ts';

type Storage = ReturnType<typeof createTrustStorage>;
type Marks = ReturnType<typeof createMarkStorage>;

const LEVEL = 'level';

const credited = (credit: Credit & { seq: number }): LedgerEntry => ({
  kind: 'trust.credited',
  subject: credit.sessionId,
  body: { ...credit },
});
const overridden = (override: Override): LedgerEntry => ({
  kind: 'trust.overridden',
  subject: override.sessionId,
  body: { ...override },
});
const entered = (
  { level, at, by, reason, cause, source }: NewStay,
  { id, afterSeq }: Pick<StoredInterval, 'id' | 'afterSeq'>,
): LedgerEntry => ({
  kind: 'level.entered',
  subject: LEVEL,
  body: { id, level, at, by, reason, cause, source: source && { ...source }, afterSeq },
});
const proposed = (promotion: StoredPromotion): LedgerEntry => {
  const { id, from, to, intervalId, evidence, message, proposedAt, expiresAt } = promotion;
  const body = {
    id,
    from,
    to,
    intervalId,
    evidence: { ...evidence } as unknown as Json,
    message,
    proposedAt,
    expiresAt,
  };
  return { kind: 'promotion.proposed', subject: id, body };
};
const closed = (id: string, closing: Closing): LedgerEntry => ({
  kind: 'promotion.closed',
  subject: id,
  body: { ...closing },
});

/** What trust needs of the ledger. */
export interface TrustLedger extends Pick<Ledger, 'append'> {
  /** Why nothing may be raised now, in a sentence, or null: what everything rests on may not be what it was. */
  whyNotRaise(): string | null;
}

/** The storage of trust, whose every write stands in the ledger as well, in the same commit. Throws TenureError `not_allowed` for what may not be raised now. */
export const recorded = (storage: Storage, ledger: TrustLedger): Storage => ({
  ...storage,
  enter(stay) {
    const from = storage.openInterval()?.level ?? stay.level;
    const why = LEVELS.indexOf(stay.level) > LEVELS.indexOf(from) ? ledger.whyNotRaise() : null;
    if (why !== null) throw new TenureError('not_allowed', why);
    storage.enter(stay);
    const lasting = storage.openInterval();
    if (lasting) ledger.append(entered(stay, lasting));
  },
  credit(credit) {
    const seq = storage.credit(credit);
    if (seq !== null) ledger.append(credited({ ...credit, seq }));
    return seq;
  },
  override(sessionId, score, by, at) {
    storage.override(sessionId, score, by, at);
    ledger.append(overridden({ sessionId, score, by, at }));
  },
  propose(promotion) {
    storage.propose(promotion);
    ledger.append(proposed(promotion));
  },
  close(id, closing) {
    const isNew = storage.close(id, closing);
    if (isNew) ledger.append(closed(id, closing));
    return isNew;
  },
});

/** The same for severe events, the time in which the machine ran, and marks: each in the ledger as it is written. */
export const recordedMarks = (marks: Marks, ledger: Pick<Ledger, 'append'>): Marks => ({
  ...marks,
  addSevere(event) {
    const isNew = marks.addSevere(event);
    const afterSeq = marks.newestSevere()?.afterSeq ?? 0;
    if (isNew) ledger.append(severeEntry({ ...event, afterSeq }));
    return isNew;
  },
  ran(stay, ms, at) {
    marks.ran(stay, ms, at);
    // A day at a time: an event for each minute would drown the others.
    for (const day of marks.daysOver(at, stay)) {
      ledger.append(ranEntry(day));
      marks.inLedger(day);
    }
  },
  addShadow(decisionId, asLevel, would, reason, at) {
    const isNew = marks.addShadow(decisionId, asLevel, would, reason, at);
    if (isNew) ledger.append({ kind: 'shadow.recorded', subject: decisionId, body: { asLevel, would, reason, at } });
    return isNew;
  },
  mark(decisionId, agrees, by, at) {
    marks.mark(decisionId, agrees, by, at);
    ledger.append({ kind: 'shadow.marked', subject: decisionId, body: { agrees, by, at } });
  },
});

/** The same for how sessions ended. */
export const recordedEnds = (ends: EndStorage, ledger: Pick<Ledger, 'append'>): EndStorage => ({
  ...ends,
  note(id, at, always) {
    const end = ends.note(id, at, always);
    if (end) ledger.append(endEntry(end));
    return end;
  },
});

/** Everything that trust has written so far, as the events that it would have been: each table in its own order. */
export function trustEntries(storage: Storage): LedgerEntry[] {
  const stays = storage.intervals().toReversed();
  return [
    ...stays.map((stay, at) => {
      const entry = entered({ ...stay, at: stay.enteredAt }, stay);
      // A stay ends when the next begins; one that does not says so.
      const usual = stays[at + 1]?.enteredAt ?? null;
      return stay.leftAt === usual ? entry : { ...entry, body: { ...entry.body, leftAt: stay.leftAt } };
    }),
    ...storage.creditsAfter(0, -1).map(credited),
    ...storage.overridesAfter(0, -1).map(({ seq: _seq, ...override }) => overridden(override)),
    ...storage.promotions().toReversed().flatMap(lifeOf),
  ];
}

function lifeOf(promotion: StoredPromotion): LedgerEntry[] {
  const { id, state, decidedAt: at, decidedBy: by, reason, askAgainAt } = promotion;
  const end = state === 'open' || at === null ? [] : [closed(id, { state, at, by: by ?? '', reason, askAgainAt })];
  return [proposed(promotion), ...end];
}
