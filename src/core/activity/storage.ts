import type { Database } from 'better-sqlite3';
import type { ActivityEntry, ActivityFilter } from '../../shared/contract/activity.ts';
import { likeAny, likePatterns } from '../kernel/like.ts';

interface Row extends Omit<ActivityEntry, 'routine'> {
  routine: 0 | 1;
}

const CURSOR = 'activity.seq';
/** The words of a search; more of them narrow nothing any more. */
const MOST_WORDS = 20;

/** The conditions of a filter, with what they are about. */
function conditionsOf(filter: ActivityFilter): { where: string[]; given: (string | number)[] } {
  const where: string[] = [];
  const given: (string | number)[] = [];
  const add = (condition: string, ...values: (string | number)[]): void => {
    where.push(condition);
    given.push(...values);
  };
  const { areas, subject, text, routine, since, until } = filter;
  if (areas) add(`area IN (${areas.map(() => '?').join(', ')})`, ...areas);
  if (subject !== undefined) add('subject = ?', subject);
  if (!routine) add('routine = 0');
  if (since !== undefined) add('at >= ?', since);
  if (until !== undefined) add('at < ?', until);
  for (const word of (text ?? '').split(/\s+/).filter(Boolean).slice(0, MOST_WORDS)) {
    const patterns = likePatterns(word);
    add(`(${likeAny('sentence', patterns)} OR ${likeAny('subject', patterns)})`, ...patterns, ...patterns);
  }
  return { where, given };
}

const clause = (where: readonly string[]): string => (where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`);

export function createActivityStorage(db: Database) {
  const cursor = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const move = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const add = db.prepare<[Row]>(
    `INSERT INTO activity (seq, at, area, routine, subject, sentence, place)
     VALUES (@seq, @at, @area, @routine, @subject, @sentence, @place) ON CONFLICT DO NOTHING`,
  );
  const drop = db.prepare<[number]>(
    'DELETE FROM activity WHERE seq <= (SELECT seq FROM activity ORDER BY seq DESC LIMIT 1 OFFSET ?)',
  );
  const subjects = db.prepare<[], { subject: string }>(
    'SELECT DISTINCT subject FROM activity WHERE subject IS NOT NULL ORDER BY subject COLLATE NOCASE',
  );
  const oldest = db.prepare<[], { at: number }>('SELECT at FROM activity ORDER BY seq LIMIT 1');

  return {
    /** The newest fact that was read; 0 before the first. */
    cursor: (): number => Number(cursor.get(CURSOR)?.value ?? 0),
    moveTo: (seq: number): void => void move.run(CURSOR, String(seq)),
    add: (entry: ActivityEntry): void => void add.run({ ...entry, routine: entry.routine ? 1 : 0 }),
    /** Drops all but the newest `keep` entries. */
    trim: (keep: number): void => void drop.run(keep),
    page(filter: ActivityFilter, before: number | undefined, limit: number): ActivityEntry[] {
      const { where, given } = conditionsOf(filter);
      if (before !== undefined) {
        where.push('seq < ?');
        given.push(before);
      }
      return db
        .prepare<unknown[], Row>(
          `SELECT seq, at, area, routine, subject, sentence, place FROM activity${clause(where)} ORDER BY seq DESC LIMIT ?`,
        )
        .all(...given, limit)
        .map((row) => ({ ...row, routine: row.routine === 1 }));
    },
    count(filter: ActivityFilter): number {
      const { where, given } = conditionsOf(filter);
      return (
        db.prepare<unknown[], { n: number }>(`SELECT count(*) AS n FROM activity${clause(where)}`).get(...given)?.n ?? 0
      );
    },
    subjects: (): string[] => subjects.all().map(({ subject }) => subject),
    oldestAt: (): number | null => oldest.get()?.at ?? null,
  };
}
