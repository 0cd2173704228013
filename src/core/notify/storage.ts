import type { Database } from 'better-sqlite3';

const TOLD = 'notify.told_to';
const SENT = 'notify.sent_other';

export type NotifyStorage = ReturnType<typeof createNotifyStorage>;

/** How far the news have been told, and what was sent elsewhere; outlives a restart, so that nothing is lost or sent twice. */
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
    /** What the further channel was sent that still waits, each with how loudly. */
    sent(): Map<string, number> {
      const row = read.get(SENT);
      return new Map(row === undefined ? [] : (JSON.parse(row.value) as [string, number][]));
    },
    setSent: (sent: ReadonlyMap<string, number>): void => void write.run(SENT, JSON.stringify([...sent])),
  };
}
