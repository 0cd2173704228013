import type { Database } from 'better-sqlite3';
import type { Config } from '../../shared/config.ts';
import type { Evidence } from '../../shared/contract/evidence.ts';
import type { LevelInterval, Promotion, Trust } from '../../shared/contract/trust.ts';
import type { SevereEvent, SevereKind } from '../../shared/contract/trust-record.ts';
import { LEVEL_WORDS, type Level } from '../../shared/policy.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';

import { createActs } from './acts.ts';
import { createEndStorage } from './ends/storage.ts';
import { createEventStorage } from './events/storage.ts';
import { createFalls, type SevereReport, TENURE } from './falls.ts';
import { createMarkStorage } from './marks/storage.ts';
import { createTrustPreview } from './preview/service.ts';
import { createPromotions, viewOf } from './promotion.ts';
import { createRecordView } from './record/service.ts';
import { createRecordStorage } from './record/storage.ts';
import { recorded, recordedEnds, recordedMarks, type TrustLedger } from './recorded.ts';
import { contextOf } from './rules.ts';
import { severeIn } from './severe.ts';
import { createShadows } from './shadow.ts';
import { createTrustStorage, type NewStay } from './storage.ts';

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

/** The keys of the configuration by which the level rises. */
const RULES = /^trust\.(?:thresholds|window)\./u;

export type Metrics = Pick<Trust, 'level' | 'sessions' | 'evaluations' | 'avgScore' | 'days' | 'promotionProgress'>;
export type TrustService = ReturnType<typeof createTrust>;

/** What an evaluation credits, and what was seen in it. */
export interface Credited {
  sessionId: string;
  evaluationId: string;
  level: Level;
  score: number | null;
  /** `ownTree` false: the session worked in the project's own folder. */
  seen?: { evidence: Pick<Evidence, 'flags' | 'historyRewritten'>; ownTree: boolean };
}

/**
 * The level and what it was earned with. Totals are always derived from append-only facts, days from the
 * time in which the machine ran; nothing is counted up. The level lives here alone: it falls by itself, and
 * rises by a person's act and nothing else; nothing that takes a text of a model can reach what raises it.
 * The first start begins a stay at `observe`.
 */
export function createTrust(deps: TrustDeps) {
  const { journal, clock, ids } = deps;
  const storage = recorded(createTrustStorage(deps.db), deps.ledger);
  const marks = recordedMarks(createMarkStorage(deps.db), deps.ledger);
  const ends = recordedEnds(createEndStorage(deps.db), deps.ledger);
  const records = createRecordStorage(deps.db);
  const events = createEventStorage(deps.db);
  const record = createRecordView({ storage, records, marks, clock, config: deps.config });
  const { current, view: get } = record;

  const promotions = createPromotions({
    storage,
    records,
    clock,
    ids,
    current,
    recordNow: record.recordNow,
    expiresMs: () => deps.config().promotionExpiresMs,
    view: get,
  });

  /** Ends this stay and begins the next; whatever promotion was open has lost its ground. */
  function move(emit: Emit, to: Level, how: Pick<NewStay, 'by' | 'reason' | 'cause' | 'source'>): void {
    const from = current().level;
    const open = storage.openPromotion();
    if (open) promotions.close(open.id, 'withdrawn', TENURE, `The level was set to ${LEVEL_WORDS[to].name}.`);
    record.beat();
    storage.enter({ ...how, level: to, at: clock.now() });
    if (open) promotions.tell(emit, 'promotion.closed', open.id);
    emit({ type: 'level.changed', body: { from, to, by: how.by, reason: how.reason, trust: get() } });
  }
  const falls = createFalls({ marks, record, clock, ids, move });
  const shadows = createShadows({ journal, clock, marks, level: () => current().level });

  /** Inside a commit, after what is on record has changed: an open promotion that lost its ground goes. */
  function told(emit: Emit): void {
    const open = storage.openPromotion();
    if (open === null || promotions.review(emit, open) === null)
      emit({ type: 'trust.changed', body: { trust: get() } });
  }

  /** Inside a commit: a score at that level is another one now. */
  function scored(emit: Emit, level: Level): void {
    if (level === current().level && !falls.afterScore(emit)) told(emit);
  }

  /** Inside a commit. @returns null when it was recorded before. */
  function severe(emit: Emit, report: SevereReport): SevereEvent | null {
    const recorded = falls.severe(emit, report);
    if (recorded && !recorded.fell) told(emit);
    return recorded?.event ?? null;
  }

  // How a session ends may make it one that says nothing, or one that had nothing to do.
  journal.within((fact, emit) => {
    // By other rules an open promotion may have no ground, and what is lacking is another thing.
    if (fact.type === 'config.changed' && fact.body.keys.some((key) => RULES.test(key))) return told(emit);
    if (fact.type !== 'session.changed' && fact.type !== 'session.ended') return;
    if (ends.note(fact.body.session.id, clock.now()) !== null) told(emit);
  });

  if (!storage.openInterval()) {
    journal.commit(() =>
      storage.enter({
        level: 'observe',
        at: clock.now(),
        by: TENURE,
        reason: 'First start.',
        cause: 'start',
        source: null,
      }),
    );
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

    /** What other rules would make of the record, and of the last 30 days. */
    preview: createTrustPreview({ storage, marks, ends, record, clock, rules: deps.config }),

    /** Stays, promotions and severe events, newest first. */
    history(): { intervals: LevelInterval[]; promotions: Promotion[]; severe: SevereEvent[] } {
      return {
        intervals: record.stays(),
        promotions: storage.promotions().map(viewOf),
        severe: marks.severe().map(({ intervalId: _id, afterSeq: _seq, ...event }) => event),
      };
    },

    /** The scores that count, oldest first. */
    scores: records.scores,
    /** Everything that trust rests on, newest first. */
    events: events.events,
    shadows,

    /** The pulse: the machine has run since the last one. */
    beat: (): void => journal.commit(() => record.beat()),

    /**
     * Inside a commit: a session has reached work at that level. A start that failed never gets here.
     * @returns false when it was credited before; then nothing happens.
     */
    creditSession(emit: Emit, sessionId: string, level: Level): boolean {
      const entry = { kind: 'session', sessionId, evaluationId: null, level, score: null, at: clock.now() } as const;
      const isNew = storage.credit(entry) !== null;
      ends.note(sessionId, entry.at);
      if (isNew && level === current().level) emit({ type: 'trust.changed', body: { trust: get() } });
      return isNew;
    },

    /**
     * Inside a commit: an evaluation, credited to the level at which its session ran, whatever the level
     * is now. `score` is 1–5 or null for unscored. What it shows that nothing compensates counts at once.
     * @returns false when this session's evaluation was credited before; then nothing happens.
     */
    creditEvaluation(emit: Emit, { seen, ...entry }: Credited): boolean {
      const { sessionId } = entry;
      const at = clock.now();
      if (storage.credit({ kind: 'evaluation', ...entry, at }) === null) return false;
      ends.note(sessionId, at, true);
      for (const one of seen ? severeIn(seen.evidence, seen.ownTree) : []) {
        severe(emit, { ...one, sessionId, source: { kind: 'session', id: sessionId }, by: TENURE });
      }
      scored(emit, entry.level);
      return true;
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
      scored(emit, level);
    },

    /** The score that counts for a session, 1–5; null: it is unscored, or was not credited. */
    scoreOf: (sessionId: string): number | null => storage.counts(sessionId),

    severe,

    /** A person reports something severe that Tenure could not see. */
    report({
      kind,
      text,
      sessionId,
      by,
    }: {
      kind: SevereKind;
      text: string;
      sessionId: string | null;
      by: string;
    }): Trust {
      return journal.commit((emit) => {
        severe(emit, { kind, text, sessionId, by, source: { kind: 'person', id: ids.next('rep') } });
        return get();
      });
    },

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

    /** Inside a commit: the tables were made anew from the ledger. Whatever they say, it begins at the lowest. */
    remade(emit: Emit): void {
      record.forget();
      if (current().level !== 'observe') {
        const reason = 'The tables of trust were made anew from the ledger.';
        return move(emit, 'observe', { by: TENURE, reason, cause: 'fall', source: null });
      }
      emit({ type: 'trust.changed', body: { trust: get() } });
    },

    /** What the level rests on is in doubt: nobody acts with more than the lowest from now on. */
    fallToObserve(reason: string): void {
      if (current().level === 'observe') return;
      journal.commit((emit) => move(emit, 'observe', { by: TENURE, reason, cause: 'fall', source: null }));
    },

    ...createActs({ journal, clock, promotions, current, get, move }),
  };
}
