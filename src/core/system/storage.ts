import type { Database } from 'better-sqlite3';
import type { Journal } from '../kernel/journal.ts';

const PAUSED = 'sessions.paused';
const TOUCHED = 'store.touched_at';

/** Small switches that outlive a restart. */
export function createSwitches(db: Database, journal: Journal) {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const write = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    paused: (): boolean => read.get(PAUSED)?.value === 'true',
    setPaused: (paused: boolean): void =>
      journal.commit((emit) => {
        write.run(PAUSED, String(paused));
        emit({ type: 'sessions.paused', body: { paused } });
      }),
    /** Every row of SQLite's own check, joined; `ok` alone means sound. */
    check: (): string =>
      (db.pragma('quick_check') as { quick_check: string }[]).map((row) => row.quick_check).join('; '),
    /** Writes a little, to see whether the store can be written. */
    touch: (now: number): void => journal.commit(() => void write.run(TOUCHED, String(now))),
    /** A cheap read and check of the store; throws what SQLite says. */
    probe(): void {
      db.prepare('SELECT count(*) FROM settings').get();
    },
  };
}
