import type { Database } from 'better-sqlite3';

const TOLD = 'notify.told_to';

export type NotifyStorage = ReturnType<typeof createNotifyStorage>;

/** How far in the journal the news have been told; outlives a restart, so that held ones are not lost. */
export function createNotifyStorage(db: Database) {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const write = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    /** A journal sequence; null: nothing was ever told. */
    toldTo(): number | null {
      const row = read.get(TOLD);
      return row === undefined ? null : Number(row.value);
    },
    setToldTo: (seq: number): void => void write.run(TOLD, String(seq)),
  };
}
