import type { Database } from 'better-sqlite3';
import { whyNotLevel } from '../../shared/can.ts';
import type { Config } from '../../shared/config.ts';
import type { LevelInterval, Promotion, Thresholds, Trust } from '../../shared/contract/trust.ts';
import { TenureError } from '../../shared/errors.ts';
import { LEVELS, type Level } from '../../shared/policy.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { createPromotions, TENURE, viewOf } from './promotion.ts';
import { recorded, type TrustLedger } from './recorded.ts';
import {
  contextOf,
  daysOf,
  type LevelRecord,
  meanOf,
  progressOf,
  shownDays,
  shownMean,
  thresholdsFor,
} from './rules.ts';
import { createTrustStorage, type StoredInterval } from './storage.ts';

export interface TrustDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  /** Every write of trust stands in it as well. */
  ledger: TrustLedger;
  /** Read at each use, so that an edited configuration holds at once. */
  config(): Config['trust'];
}

export type Metrics = Pick<Trust, 'level' | 'sessions' | 'evaluations' | 'avgScore' | 'days' | 'promotionProgress'>;
export type TrustService = ReturnType<typeof createTrust>;

const TOO_LATE = 'This promotion was answered in the meantime.';

/**
 * The level and what it was earned with. Totals are always derived from an append-only ledger, days from
 * the rows of stays; nothing is counted up. The level lives here alone, and nothing that takes a text of
 * a model can reach what raises it. The first start begins a stay at `observe`.
 */
export function createTrust(deps: TrustDeps) {
  const { journal, clock } = deps;
  const storage = recorded(createTrustStorage(deps.db), deps.ledger);

  function current(): StoredInterval {
    const interval = storage.openInterval();
    if (!interval) throw new Error('No level is in force, although the first start sets one.');
    return interval;
  }

  /** The record at the level in force, and what the next one takes. */
  function recordNow(): { record: LevelRecord; thresholds: Thresholds | null } {
    const { level } = current();
    const stays = storage.intervals().filter((interval) => interval.level === level);
    return {
      record: { ...storage.totals(level), days: daysOf(stays, clock.now()) },
      thresholds: thresholdsFor(level, deps.config().thresholds),
    };
  }

  function get(): Trust {
    const { level, enteredAt } = current();
    const { record, thresholds } = recordNow();
    const open = storage.openPromotion();
    return {
      level,
      since: enteredAt,
      sessions: record.sessions,
      evaluations: record.evaluations,
      unscored: record.unscored,
      avgScore: shownMean(meanOf(record.sumScores, record.evaluations)),
      days: shownDays(record.days),
      thresholds,
      promotionProgress: progressOf(level, record, thresholds),
      promotion: open ? viewOf(open) : null,
    };
  }

  const promotions = createPromotions({
    storage,
    clock,
    ids: deps.ids,
    current,
    recordNow,
    expiresMs: () => deps.config().promotionExpiresMs,
    view: get,
  });

  /** Ends this stay and begins the next; whatever promotion was open has lost its ground. */
  function move(emit: Emit, to: Level, by: string, reason: string): void {
    const from = current().level;
    const open = storage.openPromotion();
    if (open) promotions.close(open.id, 'withdrawn', TENURE, `The level was set to ${to}.`);
    storage.enter(to, clock.now(), by, reason);
    if (open) promotions.tell(emit, 'promotion.closed', open.id);
    emit({ type: 'level.changed', body: { from, to, by, reason, trust: get() } });
  }

  const credited = (emit: Emit, level: Level): void => {
    if (level === current().level) emit({ type: 'trust.changed', body: { trust: get() } });
  };

  if (!storage.openInterval()) {
    journal.commit(() => storage.enter('observe', clock.now(), TENURE, 'First start.'));
  }

  return {
    /** The level in force. */
    level: (): Level => current().level,
    /** The record at the level in force. */
    get,

    /** Level, counts, mean, days and the way to the next level. */
    getMetrics(): Metrics {
      const { level, sessions, evaluations, avgScore, days, promotionProgress } = get();
      return { level, sessions, evaluations, avgScore, days, promotionProgress };
    },

    /** The record as text for an agent's context. */
    context: (): string => contextOf(get()),

    /** Stays and promotions, newest first. */
    history(): { intervals: LevelInterval[]; promotions: Promotion[] } {
      return {
        intervals: storage.intervals().map(({ id: _id, ...interval }) => interval),
        promotions: storage.promotions().map(viewOf),
      };
    },

    /** The scores that count, oldest first. */
    scores: storage.scores,

    /**
     * Inside a commit: a session has reached work at that level. A start that failed never gets here.
     * @returns false when it was credited before; then nothing happens.
     */
    creditSession(emit: Emit, sessionId: string, level: Level): boolean {
      const entry = { kind: 'session', sessionId, evaluationId: null, level, score: null, at: clock.now() } as const;
      const isNew = storage.credit(entry);
      if (isNew) credited(emit, level);
      return isNew;
    },

    /**
     * Inside a commit: an evaluation, credited to the level at which its session ran, whatever the level
     * is now. `score` is 1–5 or null for unscored.
     * @returns false when this session's evaluation was credited before; then nothing happens.
     */
    creditEvaluation(
      emit: Emit,
      entry: { sessionId: string; evaluationId: string; level: Level; score: number | null },
    ): boolean {
      const isNew = storage.credit({ kind: 'evaluation', ...entry, at: clock.now() });
      if (isNew) credited(emit, entry.level);
      return isNew;
    },

    /**
     * Inside a commit: what a person says of a session counts instead of its evaluation, at the level at
     * which it ran. A further entry: the ledger keeps both. Null takes the person's word back.
     */
    overrideEvaluation(
      emit: Emit,
      { sessionId, level, score, by }: { sessionId: string; level: Level; score: number | null; by: string },
    ): void {
      storage.override(sessionId, score, by, clock.now());
      credited(emit, level);
    },

    /** The score that counts for a session, 1–5; null: it is unscored, or was not credited. */
    scoreOf: (sessionId: string): number | null => storage.counts(sessionId),

    /**
     * The daily check: closes an open promotion that no longer holds, and proposes the next level when it
     * was earned. It raises nothing.
     * @returns the promotion that is open now, or null.
     */
    check(): Promotion | null {
      if (!deps.config().enabled) return null;
      return journal.commit((emit) => {
        const open = storage.openPromotion();
        const standing = open && promotions.review(emit, open) === null ? open : null;
        const promotion = standing ?? promotions.propose(emit);
        return promotion && viewOf(promotion);
      });
    },

    /**
     * A person sets the level: down to any, up by one step. Setting the level in force changes nothing.
     * @throws TenureError `not_allowed` for more than one step up.
     */
    setLevel({ level, by, reason }: { level: Level; by: string; reason?: string | null | undefined }): Trust {
      return journal.commit((emit) => {
        const from = current().level;
        if (level === from) return get();
        const why = whyNotLevel(from, level);
        if (why !== null) {
          const next = LEVELS[LEVELS.indexOf(from) + 1] ?? from;
          throw new TenureError('not_allowed', `${why} From ${from} the next step up is ${next}.`);
        }
        move(emit, level, by, reason?.trim() || 'Set by hand.');
        return get();
      });
    },

    /** What the level rests on is in doubt: nobody acts with more than the lowest from now on. */
    fallToObserve(reason: string): void {
      if (current().level !== 'observe') journal.commit((emit) => move(emit, 'observe', TENURE, reason));
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
        move(emit, promotion.to, by, `Promotion approved: ${promotion.message}`);
        promotions.tell(emit, 'promotion.closed', promotion.id);
        return null;
      });
      if (refusal) throw refusal;
      return get();
    },

    /** A person declines the open promotion; it is not proposed again until the level changes. */
    declinePromotion(input: { id?: string | undefined; by: string; reason?: string | null | undefined }): Trust {
      const { id } = promotions.wanted(input.id, 'promotion.decline');
      return journal.commit((emit) => {
        const closed = promotions.close(id, 'declined', input.by, input.reason?.trim() || null);
        if (!closed) throw new TenureError('conflict', TOO_LATE);
        promotions.tell(emit, 'promotion.closed', id);
        return get();
      });
    },
  };
}
