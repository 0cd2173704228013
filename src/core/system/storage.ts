import type { Database } from 'better-sqlite3';

const PAUSED = 'sessions.paused';

/** Small switches that outlive a restart. */
export function createSwitches(db: Database) {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const write = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    paused: (): boolean => read.get(PAUSED)?.value === 'true',
    setPaused: (paused: boolean): void => void write.run(PAUSED, String(paused)),
    /** Every row of SQLite's own check, joined; `ok` alone means sound. */
    check: (): string =>
      (db.pragma('quick_check') as { quick_check: string }[]).map((row) => row.quick_check).join('; '),
    /** A cheap read and check of the store; throws what SQLite says. */
    probe(): void {
      db.prepare('SELECT count(*) FROM settings').get();
    },
  };
}
