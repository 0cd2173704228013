import { agrees, type Said } from '../kernel/kept-rows.ts';
import type { Json, LedgerEvent, Projection } from '../kernel/ledger-ports.ts';
import { trustEntries } from './recorded.ts';
import type { Closing, Credit, createTrustStorage, Override, StoredInterval, StoredPromotion } from './storage.ts';

type Storage = ReturnType<typeof createTrustStorage>;

const PAGE = 500;
const MOST = 5;

/** Goes through rows in the order of their keys, a page at a time. */
function* pagesOf<T extends { seq: number }>(page: (after: number, limit: number) => T[]): Generator<T> {
  for (let after = 0; ; ) {
    const rows = page(after, PAGE);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.seq;
  }
}

/**
 * The tables of trust against the ledger: each credit and each override against its row, in order; stays
 * and promotions as the events leave them.
 */
export const trustProjection = (storage: Storage): Projection => ({
  took: null,
  kinds: ['trust.credited', 'trust.overridden', 'level.entered', 'promotion.proposed', 'promotion.closed'],
  entries: () => trustEntries(storage),
  begin() {
    const differences: string[] = [];
    const differs = (words: string): void => {
      if (differences.length < MOST) differences.push(words);
    };
    const credits = pagesOf(storage.creditsAfter);
    const overrides = pagesOf(storage.overridesAfter);
    const stays: Record<string, Json | undefined>[] = [];
    const promotions = new Map<string, Said>();

    function compare(rows: Generator<{ seq: number }>, what: string, { subject, seq, body }: LedgerEvent): void {
      const next = rows.next();
      if (next.done) return differs(`The ${what} of session ${subject} (event ${seq}) is missing from the record.`);
      if (!agrees(next.value, body))
        differs(`The ${what} of session ${subject} (event ${seq}) stands otherwise in the record.`);
    }

    return {
      event(event) {
        const { kind, subject, body } = event;
        if (kind === 'trust.credited') compare(credits, 'credit', event);
        else if (kind === 'trust.overridden') compare(overrides, 'rating', event);
        else if (kind === 'promotion.proposed') promotions.set(subject, { ...body, ...STILL_OPEN });
        else if (kind === 'promotion.closed') promotions.set(subject, { ...promotions.get(subject), ...endOf(body) });
        else if (kind === 'level.entered') {
          const before = stays.at(-1);
          const { at = null, ...stay } = body;
          if (before && before.leftAt === null) before.leftAt = at;
          stays.push({ leftAt: null, ...stay, enteredAt: at });
        }
      },
      end() {
        if (!credits.next().done) differs('The record holds a credit that no event speaks of.');
        if (!overrides.next().done) differs('The record holds a rating that no event speaks of.');
        const lived = storage.intervals().toReversed();
        lived.forEach((stay, at) => {
          const said = stays[at];
          if (!said || !agrees(stay, said))
            differs(`The stay at ${stay.level} by ${stay.by} is not as the events say.`);
        });
        if (lived.length < stays.length) differs('The record lacks a stay at a level.');
        const known = storage.promotions();
        for (const promotion of known) {
          const said = promotions.get(promotion.id);
          if (!said || !agrees(promotion, said)) differs(`The promotion ${promotion.id} is not as the events say.`);
        }
        if (known.length < promotions.size) differs('The record lacks a promotion.');
        return differences;
      },
    };
  },
  remake() {
    storage.clear();
    return {
      event({ kind, subject, body }) {
        if (kind === 'trust.credited') {
          storage.recredit({ seq: null, ...(body as unknown as Credit) });
        } else if (kind === 'trust.overridden') {
          const { score, by, at } = body as unknown as Override;
          storage.override(subject, score, by, at);
        } else if (kind === 'level.entered') {
          const { at, ...stay } = body as unknown as Omit<StoredInterval, 'enteredAt'> & { at: number };
          storage.leave(at);
          storage.reenter({ ...UNTOLD, ...stay, enteredAt: at });
        } else if (kind === 'promotion.proposed') {
          storage.propose({ ...(body as unknown as StoredPromotion) });
        } else if (kind === 'promotion.closed') {
          storage.close(subject, { ...NEVER_AGAIN, ...(body as unknown as Closing) });
        }
      },
      end: () => undefined,
    };
  },
});

/** Closings from before it could be asked again do not say when. */
const NEVER_AGAIN: Partial<Closing> = { askAgainAt: null };
/** What events from before it was told do not say of a stay. */
const UNTOLD = { id: null, leftAt: null, afterSeq: 0, cause: 'person', source: null } as const;

const STILL_OPEN = { state: 'open', decidedAt: null, decidedBy: null, reason: null, askAgainAt: null };
/** Events from before it could be asked again do not say when. */
const endOf = ({ state, at, by, reason, askAgainAt = null }: LedgerEvent['body']) => ({
  state,
  decidedAt: at,
  decidedBy: by,
  reason,
  askAgainAt,
});
