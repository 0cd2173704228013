import type { Database } from 'better-sqlite3';
import type { Alert } from '../../shared/contract/alerts.ts';
import type { InputOf } from '../../shared/contract/index.ts';
import type { AlertCounts } from '../../shared/contract/trust-record.ts';
import { LEVELS, type Level } from '../../shared/policy.ts';

type Judged = Pick<Alert, 'level' | 'verdict'>;
type Page = InputOf<'alerts.list'>;
type CountRow = Omit<AlertCounts, 'falseRate'> & { level: Level };

const COLUMNS = 'id, at, level, kind, subject, place, verdict';

export function createAlertStorage(db: Database) {
  const tell = db.prepare(
    `INSERT INTO alerts (id, at, level, kind, subject, place) VALUES (@id, @at, @level, @kind, @subject, @place)
     ON CONFLICT DO NOTHING`,
  );
  // By its own id, or by that of the news that tell of it again and again.
  const find = db.prepare<{ id: string }, Alert>(
    `SELECT ${COLUMNS} FROM alerts WHERE id = @id OR substr(id, 1, length(@id) + 1) = @id || '@'
     ORDER BY id = @id DESC, at DESC LIMIT 1`,
  );
  const list = db.prepare<Omit<Page, 'unjudged'> & { unjudged: 0 | 1 }, Alert>(
    `SELECT ${COLUMNS} FROM alerts WHERE at >= @since AND (@unjudged = 0 OR verdict IS NULL)
     ORDER BY at DESC, rowid DESC LIMIT @limit OFFSET @offset`,
  );
  const set = db.prepare<[Alert['verdict'], string]>('UPDATE alerts SET verdict = ? WHERE id = ?');
  const note = db.prepare<[string, Alert['verdict'], string, number]>(
    'INSERT INTO alert_verdicts (alert_id, verdict, judged_by, at) VALUES (?, ?, ?, ?)',
  );
  const told = db.prepare<[], Omit<Alert, 'verdict'>>(
    'SELECT id, at, level, kind, subject, place FROM alerts ORDER BY rowid',
  );
  const verdicts = db.prepare<[], Judged & { alert: string; by: string; at: number }>(
    `SELECT v.alert_id AS alert, a.level, v.verdict, v.judged_by AS "by", v.at
     FROM alert_verdicts v JOIN alerts a ON a.id = v.alert_id ORDER BY v.seq`,
  );
  // Also of those whose verdict was taken back.
  const judged = db.prepare<[], Judged & { key: string }>(
    `SELECT id AS key, level, verdict FROM alerts
     WHERE verdict IS NOT NULL OR id IN (SELECT alert_id FROM alert_verdicts) ORDER BY rowid`,
  );
  const counts = db.prepare<[], CountRow>(
    `SELECT level, count(*) FILTER (WHERE verdict = 'useful') AS useful,
       count(*) FILTER (WHERE verdict = 'false') AS "false", count(*) FILTER (WHERE verdict IS NULL) AS unjudged
     FROM alerts GROUP BY level`,
  );

  return {
    /** False: that was told before. */
    tell: (alert: Omit<Alert, 'verdict'>): boolean => tell.run(alert).changes === 1,
    find: (id: string): Alert | null => find.get({ id }) ?? null,
    list: ({ unjudged, ...rest }: Page): Alert[] => list.all({ ...rest, unjudged: unjudged ? 1 : 0 }),
    judge(id: string, verdict: Alert['verdict'], by: string, at: number): void {
      set.run(verdict, id);
      note.run(id, verdict, by, at);
    },
    /** Everything that was told, in the order in which it was. */
    told: () => told.all(),
    /** Before everything is made anew. */
    clear: (): void => void db.exec('DELETE FROM alert_verdicts; DELETE FROM alerts'),
    /** The verdict that counts, from before it was kept who gave it. */
    set: (id: string, verdict: Alert['verdict']): void => void set.run(verdict, id),
    /** Every verdict, in the order in which they were given. */
    verdicts: () => verdicts.all(),
    /** The verdict that counts of each alert that has one, or had. */
    judged: () => judged.all(),
    levels(): Record<Level, AlertCounts> {
      const rows = new Map(counts.all().map((row) => [row.level, row]));
      return Object.fromEntries(
        LEVELS.map((level) => {
          const { useful = 0, false: wrong = 0, unjudged = 0 } = rows.get(level) ?? {};
          const falseRate = useful + wrong === 0 ? null : wrong / (useful + wrong);
          return [level, { useful, false: wrong, unjudged, falseRate }];
        }),
      ) as Record<Level, AlertCounts>;
    },
  };
}
