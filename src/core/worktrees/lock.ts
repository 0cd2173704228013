import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { TenureError } from '../../shared/errors.ts';
import type { Clock } from '../kernel/ports.ts';
import { createSerial } from './serial.ts';

/** A checkout of a large repository takes minutes. */
const PATIENCE_MS = 10 * 60_000;
const LOOK_EVERY_MS = 50;

export type RepositoryLock = <T>(gitDir: string, work: () => Promise<T>) => Promise<T>;

/**
 * One after the other for each repository, also among several engines on one machine. The lock is SQLite's
 * file lock on `tenure-turn` in the git directory, which the system gives back however its holder ends.
 * @throws TenureError `unavailable` when another engine holds it for ten minutes, or the disk does not let us have it.
 */
export function createRepositoryLock(clock: Clock, patienceMs = PATIENCE_MS): RepositoryLock {
  const inTurn = createSerial();

  async function take(gitDir: string): Promise<{ release(): void }> {
    const file = join(gitDir, 'tenure-turn');
    const began = clock.monotonic();
    for (;;) {
      let db: Sqlite.Database | null = null;
      try {
        const opened = new Sqlite(file, { timeout: 0 });
        db = opened;
        opened.exec('BEGIN EXCLUSIVE');
        return { release: () => opened.close() };
      } catch (error) {
        db?.close();
        const busy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
        if (!busy) {
          const why = error instanceof Error ? error.message : String(error);
          throw new TenureError('unavailable', `Nothing can be written in "${gitDir}": ${why}.`);
        }
      }
      if (clock.monotonic() - began > patienceMs) {
        const minutes = Math.round(patienceMs / 60_000);
        throw new TenureError(
          'unavailable',
          `Another Tenure has worked in "${gitDir}" for ${minutes} minutes. Try again.`,
        );
      }
      await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
    }
  }

  return (gitDir, work) =>
    inTurn(gitDir, async () => {
      const { release } = await take(gitDir);
      try {
        return await work();
      } finally {
        release();
      }
    });
}
