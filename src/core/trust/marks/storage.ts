import type { Database } from 'better-sqlite3';
import type { SevereEvent, Shadow, Shadows, TrustSource } from '../../../shared/contract/trust-record.ts';
import type { Level } from '../../../shared/policy.ts';

export interface StoredSevere extends SevereEvent {
  intervalId: number;
  /** The newest place in the ledger of trust when it happened: the window begins behind it. */
  afterSeq: number;
}

/** How long the machine ran on one day of a stay, ms; the day as days since 1970, UTC. */
export interface StayDay {
  stay: number;
  day: number;
  ms: number;
}

type SevereRow = Omit<StoredSevere, 'source'> & { sourceKind: TrustSource['kind']; sourceId: string };
type ShadowRow = Omit<Shadow, 'agrees' | 'summary'> & { agrees: 0 | 1 | null; action: string };

const DAY_MS = 86_400_000;

const SEVERE = `SELECT id, kind, source_kind AS sourceKind, source_id AS sourceId, session_id AS sessionId, level,
  interval_id AS intervalId, text, recorded_by AS "by", after_seq AS afterSeq, at FROM severe_events`;
const MARK = '(SELECT m.agrees FROM shadow_marks m WHERE m.decision_id = s.decision_id ORDER BY m.seq DESC LIMIT 1)';
const SHADOW = `SELECT s.decision_id AS decisionId, d.session_id AS sessionId, p.name AS project, d.action, d.risk,
    s.as_level AS asLevel, s.would, s.reason, s.at, d.state AS answered, ${MARK} AS agrees
  FROM shadow_decisions s JOIN decisions d ON d.id = s.decision_id JOIN projects p ON p.id = d.project_id`;

const CLEAR = ['severe_events', 'stay_time', 'shadow_marks', 'shadow_decisions']
  .map((table) => `DELETE FROM ${table};`)
  .join('\n');

const toSevere = ({ sourceKind, sourceId, ...row }: SevereRow): StoredSevere => ({
  ...row,
  source: { kind: sourceKind, id: sourceId },
});
const toShadow = ({ action, agrees, ...row }: ShadowRow): Shadow => ({
  ...row,
  summary: (JSON.parse(action) as { summary: string }).summary,
  agrees: agrees === null ? null : agrees === 1,
});

/** Severe events, the time in which the machine ran, and what the gate would have done. */
export function createMarkStorage(db: Database) {
  const addSevere = db.prepare(
    `INSERT INTO severe_events
       (id, kind, source_kind, source_id, session_id, level, interval_id, text, recorded_by, after_seq, at)
     VALUES (@id, @kind, @sourceKind, @sourceId, @sessionId, @level, @intervalId, @text, @by,
       coalesce(@afterSeq, (SELECT max(seq) FROM trust_ledger), 0), @at)
     ON CONFLICT (kind, source_kind, source_id) DO NOTHING`,
  );
  const severe = db.prepare<[], SevereRow>(`${SEVERE} ORDER BY rowid DESC`);
  const newest = db.prepare<[], SevereRow>(`${SEVERE} ORDER BY rowid DESC LIMIT 1`);
  const ofStay = db.prepare<[number], { n: number }>('SELECT count(*) AS n FROM severe_events WHERE interval_id = ?');
  const ofSession = db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM severe_events WHERE session_id = ?');
  const ran = db.prepare<[number, number, number]>(
    `INSERT INTO stay_time (interval_id, day, ms) VALUES (?, ?, ?)
     ON CONFLICT (interval_id, day) DO UPDATE SET ms = max(ms, min(ms + excluded.ms, ${DAY_MS})), in_ledger = 0`,
  );
  const over = db.prepare<[number, number], StayDay>(
    `SELECT interval_id AS stay, day, ms FROM stay_time WHERE in_ledger = 0 AND (day <> ? OR interval_id <> ?)`,
  );
  const inLedger = db.prepare<[number, number]>('UPDATE stay_time SET in_ledger = 1 WHERE interval_id = ? AND day = ?');
  const restoreDay = db.prepare<[number, number, number, number]>(
    `INSERT INTO stay_time (interval_id, day, ms, in_ledger) VALUES (?, ?, ?, ?)
     ON CONFLICT (interval_id, day) DO UPDATE SET ms = excluded.ms, in_ledger = excluded.in_ledger`,
  );
  const days = db.prepare<[], StayDay & { inLedger: 0 | 1 }>(
    'SELECT interval_id AS stay, day, ms, in_ledger AS inLedger FROM stay_time ORDER BY interval_id, day',
  );
  const times = db.prepare<[], { intervalId: number; ms: number }>(
    'SELECT interval_id AS intervalId, sum(ms) AS ms FROM stay_time GROUP BY interval_id',
  );
  const ofLevel = db.prepare<[Level], { ms: number }>(
    `SELECT coalesce(sum(t.ms), 0) AS ms FROM stay_time t JOIN level_intervals i ON i.id = t.interval_id
     WHERE i.level = ?`,
  );
  const addShadow = db.prepare<[string, Level, Shadow['would'], string, number]>(
    'INSERT INTO shadow_decisions (decision_id, as_level, would, reason, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const shadows = db.prepare<[number], ShadowRow>(`${SHADOW} ORDER BY s.at DESC, s.rowid DESC LIMIT ?`);
  const shadow = db.prepare<[string], ShadowRow>(`${SHADOW} WHERE s.decision_id = ?`);
  const mark = db.prepare<[string, number | null, string, number]>(
    'INSERT INTO shadow_marks (decision_id, agrees, marked_by, at) VALUES (?, ?, ?, ?)',
  );
  const allShadows = db.prepare<[], Pick<Shadow, 'decisionId' | 'asLevel' | 'would' | 'reason' | 'at'>>(
    'SELECT decision_id AS decisionId, as_level AS asLevel, would, reason, at FROM shadow_decisions ORDER BY rowid',
  );
  const allMarks = db.prepare<[], { decisionId: string; agrees: 0 | 1 | null; by: string; at: number }>(
    'SELECT decision_id AS decisionId, agrees, marked_by AS "by", at FROM shadow_marks ORDER BY seq',
  );
  const figures = db.prepare<[], Shadows['figures']>(
    `SELECT count(*) AS recorded,
       count(*) FILTER (WHERE would = 'allow') AS allow,
       count(*) FILTER (WHERE would = 'ask') AS ask,
       count(*) FILTER (WHERE would = 'deny') AS deny,
       count(*) FILTER (WHERE agrees = 1) AS agreed,
       count(*) FILTER (WHERE agrees = 0) AS disagreed,
       count(*) FILTER (WHERE would = 'allow' AND answered = 'approved') AS allowedAsYou,
       count(*) FILTER (WHERE would = 'allow' AND answered = 'denied') AS allowedUnlikeYou
     FROM (${SHADOW})`,
  );

  return {
    /** False: that was recorded before. */
    addSevere: ({ source, ...event }: Omit<StoredSevere, 'afterSeq'> & { afterSeq?: number }): boolean =>
      addSevere.run({ afterSeq: null, ...event, sourceKind: source.kind, sourceId: source.id }).changes === 1,
    /** Newest first. */
    severe: (): StoredSevere[] => severe.all().map(toSevere),
    newestSevere(): StoredSevere | null {
      const row = newest.get();
      return row ? toSevere(row) : null;
    },
    severeOfStay: (intervalId: number): number => ofStay.get(intervalId)?.n ?? 0,
    hadSevere: (sessionId: string): boolean => (ofSession.get(sessionId)?.n ?? 0) > 0,

    /** The machine ran for so long in that stay; kept by the day on which that was (epoch ms), which has 24 hours. */
    ran: (intervalId: number, ms: number, at: number): void =>
      void ran.run(intervalId, Math.floor(at / DAY_MS), Math.round(ms)),
    /** Days that are not that one, or of another stay, and do not stand in the ledger as they are. */
    daysOver: (at: number, stay: number): StayDay[] => over.all(Math.floor(at / DAY_MS), stay),
    inLedger: ({ stay, day }: StayDay): void => void inLedger.run(stay, day),
    /** A day as it was. */
    restoreDay: ({ stay, day, ms }: StayDay, isInLedger: boolean): void =>
      void restoreDay.run(stay, day, ms, Number(isInLedger)),
    /** Before everything is made anew. */
    clear: (): void => void db.exec(CLEAR),
    /** Every day of every stay, and whether it stands in the ledger. */
    days: (): (StayDay & { inLedger: boolean })[] =>
      days.all().map((day) => ({ ...day, inLedger: day.inLedger === 1 })),
    /** Milliseconds in which the machine ran, by stay. */
    timeOfStays: (): Map<number, number> => new Map(times.all().map(({ intervalId, ms }) => [intervalId, ms])),
    timeAt: (level: Level): number => ofLevel.get(level)?.ms ?? 0,

    addShadow: (decisionId: string, asLevel: Level, would: Shadow['would'], reason: string, at: number): boolean =>
      addShadow.run(decisionId, asLevel, would, reason, at).changes === 1,
    shadows: (limit: number): Shadow[] => shadows.all(limit).map(toShadow),
    shadow(decisionId: string): Shadow | null {
      const row = shadow.get(decisionId);
      return row ? toShadow(row) : null;
    },
    allShadows: () => allShadows.all(),
    /** Every mark, in the order in which they were made. */
    allMarks: () => allMarks.all().map((row) => ({ ...row, agrees: row.agrees === null ? null : row.agrees === 1 })),
    mark: (decisionId: string, agrees: boolean | null, by: string, at: number): void =>
      void mark.run(decisionId, agrees === null ? null : Number(agrees), by, at),
    figures: (): Shadows['figures'] =>
      figures.get() ?? {
        recorded: 0,
        allow: 0,
        ask: 0,
        deny: 0,
        agreed: 0,
        disagreed: 0,
        allowedAsYou: 0,
        allowedUnlikeYou: 0,
      },
  };
}
