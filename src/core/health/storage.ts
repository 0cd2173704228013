import type { Database } from 'better-sqlite3';

/** When a check was well last, and what was wrong last. */
export interface Memory {
  okAt: number | null;
  errorAt: number | null;
  error: string | null;
}

const KEY = 'health.record';

/** What was found before, over restarts too: one row, for it is read and written whole. */
export function createHealthStorage(db: Database) {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const write = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    load: (): Record<string, Memory> => JSON.parse(read.get(KEY)?.value ?? '{}') as Record<string, Memory>,
    save: (record: Readonly<Record<string, Memory>>): void => void write.run(KEY, JSON.stringify(record)),
  };
}
