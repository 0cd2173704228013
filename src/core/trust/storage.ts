import type { Database } from 'better-sqlite3';
import type {
  LevelInterval,
  Promotion,
  PromotionEvidence,
  PromotionState,
  StayCause,
} from '../../shared/contract/trust.ts';
import type { TrustSource } from '../../shared/contract/trust-record.ts';
import type { Level } from '../../shared/policy.ts';

export interface StoredInterval extends Omit<LevelInterval, 'days'> {
  id: number;
  /** The newest place in the ledger of trust when it began: what is newer belongs to it. */
  afterSeq: number;
}

/** A stay that begins. */
export type NewStay = Pick<StoredInterval, 'level' | 'by' | 'reason' | 'cause' | 'source'> & { at: number };

export interface StoredPromotion extends Promotion {
  /** The stay at a level during which it was proposed. */
  intervalId: number;
}

export interface Credit {
  kind: 'session' | 'evaluation';
  sessionId: string;
  evaluationId: string | null;
  level: Level;
  score: number | null;
  at: number;
}

export interface Override {
  sessionId: string;
  /** Null takes the earlier one back. */
  score: number | null;
  by: string;
  at: number;
}

/** How a promotion ends; `askAgainAt`: declined until then. */
export interface Closing {
  state: PromotionState;
  at: number;
  by: string;
  reason: string | null;
  askAgainAt: number | null;
}

interface IntervalRow {
  id: number;
  level: Level;
  entered_at: number;
  left_at: number | null;
  entered_by: string;
  reason: string;
  after_seq: number;
  cause: StayCause;
  source_kind: TrustSource['kind'] | null;
  source_id: string | null;
}

interface PromotionRow {
  id: string;
  from_level: Level;
  to_level: Level;
  interval_id: number;
  state: PromotionState;
  evidence: string;
  message: string;
  proposed_at: number;
  expires_at: number;
  decided_at: number | null;
  decided_by: string | null;
  reason: string | null;
  ask_again_at: number | null;
}

const CLEAR = ['promotions', 'level_intervals', 'trust_ledger', 'trust_overrides']
  .map((table) => `DELETE FROM ${table}; DELETE FROM sqlite_sequence WHERE name = '${table}';`)
  .join('\n');

/** What promotions from before it was kept do not say of their evidence. */
const NOT_KEPT = { window: null, coverage: null, severe: null, alerts: null, best: [], worst: [] };

const toInterval = (row: IntervalRow): StoredInterval => ({
  id: row.id,
  level: row.level,
  enteredAt: row.entered_at,
  leftAt: row.left_at,
  by: row.entered_by,
  reason: row.reason,
  afterSeq: row.after_seq,
  cause: row.cause,
  source: row.source_kind && row.source_id !== null ? { kind: row.source_kind, id: row.source_id } : null,
});

const toPromotion = (row: PromotionRow): StoredPromotion => ({
  id: row.id,
  from: row.from_level,
  to: row.to_level,
  intervalId: row.interval_id,
  state: row.state,
  evidence: { ...NOT_KEPT, ...(JSON.parse(row.evidence) as PromotionEvidence) },
  message: row.message,
  proposedAt: row.proposed_at,
  expiresAt: row.expires_at,
  decidedAt: row.decided_at,
  decidedBy: row.decided_by,
  reason: row.reason,
  askAgainAt: row.ask_again_at,
});

export function createTrustStorage(db: Database) {
  const openInterval = db.prepare<[], IntervalRow>('SELECT * FROM level_intervals WHERE left_at IS NULL');
  const intervals = db.prepare<[], IntervalRow>('SELECT * FROM level_intervals ORDER BY id DESC');
  const leave = db.prepare<[number]>('UPDATE level_intervals SET left_at = ? WHERE left_at IS NULL');
  const enter = db.prepare(
    `INSERT INTO level_intervals (level, entered_at, entered_by, reason, cause, source_kind, source_id, after_seq)
     VALUES (@level, @at, @by, @reason, @cause, @sourceKind, @sourceId,
       (SELECT coalesce(max(seq), 0) FROM trust_ledger))`,
  );
  const reenter = db.prepare(
    `INSERT INTO level_intervals
       (id, level, entered_at, left_at, entered_by, reason, cause, source_kind, source_id, after_seq)
     VALUES (@id, @level, @enteredAt, @leftAt, @by, @reason, @cause, @sourceKind, @sourceId, @afterSeq)`,
  );
  // DO NOTHING, not OR IGNORE: only a repetition is passed over, an impossible row still fails.
  const credit = db.prepare(
    `INSERT INTO trust_ledger (seq, kind, session_id, evaluation_id, level, score, at)
     VALUES (@seq, @kind, @sessionId, @evaluationId, @level, @score, @at) ON CONFLICT DO NOTHING`,
  );
  const override = db.prepare<[string, number | null, string, number]>(
    'INSERT INTO trust_overrides (session_id, score, set_by, at) VALUES (?, ?, ?, ?)',
  );
  const credits = db.prepare<[number, number], Credit & { seq: number }>(
    `SELECT seq, kind, session_id AS sessionId, evaluation_id AS evaluationId, level, score, at
     FROM trust_ledger WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  const overrides = db.prepare<[number, number], Override & { seq: number }>(
    `SELECT seq, session_id AS sessionId, score, set_by AS "by", at
     FROM trust_overrides WHERE seq > ? ORDER BY seq LIMIT ?`,
  );
  const counts = db.prepare<[string], { score: number | null }>('SELECT score FROM trust_scores WHERE session_id = ?');
  const openPromotion = db.prepare<[], PromotionRow>("SELECT * FROM promotions WHERE state = 'open'");
  const promotion = db.prepare<[string], PromotionRow>('SELECT * FROM promotions WHERE id = ?');
  const promotions = db.prepare<[], PromotionRow>('SELECT * FROM promotions ORDER BY proposed_at DESC, rowid DESC');
  const answered = db.prepare<[number], { askAgainAt: number | null }>(
    `SELECT ask_again_at AS askAgainAt FROM promotions WHERE interval_id = ? AND state IN ('declined', 'expired')
     ORDER BY rowid DESC LIMIT 1`,
  );
  const propose = db.prepare(
    `INSERT INTO promotions (id, from_level, to_level, interval_id, state, evidence, message, proposed_at, expires_at)
     VALUES (@id, @from, @to, @intervalId, 'open', @evidence, @message, @proposedAt, @expiresAt)`,
  );
  const close = db.prepare<[PromotionState, number, string, string | null, number | null, string]>(
    `UPDATE promotions SET state = ?, decided_at = ?, decided_by = ?, reason = ?, ask_again_at = ?
     WHERE id = ? AND state = 'open'`,
  );

  return {
    /** The stay that lasts; null only before the first start. */
    openInterval(): StoredInterval | null {
      const row = openInterval.get();
      return row ? toInterval(row) : null;
    },
    /** Newest first. */
    intervals: (): StoredInterval[] => intervals.all().map(toInterval),
    /** Closes the stay that lasts, if any, and opens another. */
    enter({ source, ...stay }: NewStay): void {
      leave.run(stay.at);
      enter.run({ ...stay, sourceKind: source?.kind ?? null, sourceId: source?.id ?? null });
    },
    /** @returns its place in the ledger of trust; null when this session or evaluation is there already. */
    credit(entry: Credit): number | null {
      const { changes, lastInsertRowid } = credit.run({ seq: null, ...entry });
      return changes === 1 ? Number(lastInsertRowid) : null;
    },
    /** In the order in which they were credited. */
    creditsAfter: (seq: number, limit: number): (Credit & { seq: number })[] => credits.all(seq, limit),
    /** In the order in which they were set. */
    overridesAfter: (seq: number, limit: number): (Override & { seq: number })[] => overrides.all(seq, limit),
    /** A person's word on a session; null takes the earlier one back. */
    override: (sessionId: string, score: number | null, by: string, at: number): void => {
      override.run(sessionId, score, by, at);
    },
    /** The score that counts for a session: the newest override, else the credited one; null: none. */
    counts: (sessionId: string): number | null => counts.get(sessionId)?.score ?? null,
    openPromotion(): StoredPromotion | null {
      const row = openPromotion.get();
      return row ? toPromotion(row) : null;
    },
    promotion(id: string): StoredPromotion | null {
      const row = promotion.get(id);
      return row ? toPromotion(row) : null;
    },
    /** Newest first. */
    promotions: (): StoredPromotion[] => promotions.all().map(toPromotion),
    /** When a promotion of this stay that was declined or expired may be asked again; undefined: none was. */
    answered: (intervalId: number): number | null | undefined => answered.get(intervalId)?.askAgainAt,
    propose(promotion: StoredPromotion): void {
      propose.run({ ...promotion, evidence: JSON.stringify(promotion.evidence) });
    },
    /** Only an open one can be closed. */
    close: (id: string, { state, at, by, reason, askAgainAt }: Closing): boolean =>
      close.run(state, at, by, reason, askAgainAt, id).changes === 1,

    /** Before everything is made anew: numbers begin at 1 again. */
    clear: (): void => void db.exec(CLEAR),
    /** A credit in its place; null: the next. */
    recredit: (entry: Credit & { seq: number | null }): void => void credit.run(entry),
    /** A stay as it was, under its own number; null: the next. */
    reenter: ({ source, ...stay }: Omit<StoredInterval, 'id'> & { id: number | null }): void =>
      void reenter.run({ ...stay, sourceKind: source?.kind ?? null, sourceId: source?.id ?? null }),
    leave: (at: number): void => void leave.run(at),
  };
}
