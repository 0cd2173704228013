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
 * @throws TenureError `unavailable` when another engine holds it for ten minutes.
 */
export function createRepositoryLock(clock: Clock, patienceMs = PATIENCE_MS): RepositoryLock {
  const inTurn = createSerial();

  async function take(gitDir: string): Promise<{ release(): void }> {
    const file = join(gitDir, 'tenure-turn');
    const began = clock.monotonic();
    for (;;) {
      const db = new Sqlite(file, { timeout: 0 });
      try {
        db.exec('BEGIN EXCLUSIVE');
        return { release: () => db.close() };
      } catch (error) {
        db.close();
        const busy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
        if (!busy) throw error;
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
