import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { TenureError } from '../../shared/errors.ts';
import { absolute } from '../../shared/format.ts';

export interface LockHolder {
  pid: number;
  host: string;
  /** Epoch ms. */
  since: number;
}

export interface Lock {
  release(): void;
}

/**
 * One engine per data directory. The lock is SQLite's own file lock, which the system gives back
 * however the holder ends: no stale pid file, no guess whether a pid was reused. Who holds it is
 * written beside it, for the sentence only.
 * @throws TenureError `conflict` naming the holder; what the file system says where no lock can be written.
 */
export function takeLock(runDir: string, holder: LockHolder): Lock {
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const infoFile = join(runDir, 'lock.json');
  const db = new Sqlite(join(runDir, 'lock.db'), { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    // A full disk or one that cannot be written is nobody else's engine.
    if (!(error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error;
    throw new TenureError('conflict', sentence(runDir, readHolder(infoFile)), { cause: error });
  }
  writeFileSync(infoFile, JSON.stringify(holder), { mode: 0o600 });
  return {
    release() {
      if (!db.open) return;
      rmSync(infoFile, { force: true });
      db.close();
    },
  };
}

function readHolder(file: string): LockHolder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockHolder;
  } catch {
    return null;
  }
}

function sentence(runDir: string, holder: LockHolder | null): string {
  const who = holder ? `process ${holder.pid} (${holder.host}), since ${absolute(holder.since)}` : 'another process';
  return `Tenure already runs on this data directory (${runDir}): ${who}. Use that one, or stop it first.`;
}
