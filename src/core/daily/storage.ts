import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { dailyFacts } from '../../shared/contract/daily.ts';
import type { Figures } from './rules.ts';

const TOLD = 'daily.told';
/** When it was told last, or was due and there was nothing to tell; and the newest that was told. */
const Told = z.object({ at: z.number(), message: dailyFacts['daily.told'].nullable() });
export type Told = z.infer<typeof Told>;

export type DailyStorage = ReturnType<typeof createDailyStorage>;

/** Figures of a while are read from the record itself: after `from`, up to `to`, epoch ms. */
export function createDailyStorage(db: Database) {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const write = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const ended = db.prepare<[number, number], { outcome: string; n: number; commits: number }>(
    `SELECT coalesce(outcome, 'unknown') AS outcome, count(*) AS n, coalesce(sum(commits), 0) AS commits
     FROM sessions WHERE ended_at > ? AND ended_at <= ? GROUP BY 1`,
  );
  const scores = db.prepare<[number, number], { scored: number; score: number | null; unscored: number }>(
    `SELECT count(e.score) AS scored, avg(e.score) AS score, count(*) - count(e.score) AS unscored
     FROM sessions s JOIN evaluations e ON e.session_id = s.id
       AND e.number = (SELECT max(number) FROM evaluations WHERE session_id = s.id)
     WHERE s.ended_at > ? AND s.ended_at <= ?`,
  );
  const price = db.prepare<[number, number], { costUsd: number | null; costUnknown: number }>(
    `SELECT sum(coalesce(cost_usd, cost_least_usd)) AS costUsd, count(*) - count(cost_usd) AS costUnknown
     FROM spawn_record WHERE finished_at > ? AND finished_at <= ?`,
  );
  const began = db.prepare<[number, number], { title: string }>(
    'SELECT title FROM incidents WHERE part_of IS NULL AND opened_at > ? AND opened_at <= ? ORDER BY opened_at',
  );
  return {
    told(): Told | null {
      const row = read.get(TOLD);
      return row === undefined ? null : Told.parse(JSON.parse(row.value));
    },
    setTold: (told: Told): void => void write.run(TOLD, JSON.stringify(told)),
    figures(from: number, to: number): Figures {
      const sessions = ended.all(from, to);
      const none = { scored: 0, score: null, unscored: 0, costUsd: null, costUnknown: 0 };
      return {
        ...none,
        ...scores.get(from, to),
        ...price.get(from, to),
        outcomes: Object.fromEntries(sessions.map(({ outcome, n }) => [outcome, n])),
        commits: sessions.reduce((sum, { commits }) => sum + commits, 0),
        incidents: began.all(from, to).map(({ title }) => title),
      };
    },
  };
}
