import type { Database } from 'better-sqlite3';
import { TenureError } from '../../shared/errors.ts';
import { migrations as shipped } from './migrations/index.ts';

export type Migration = (typeof shipped)[number];

/** How many migrations this build still has to apply to that database; 0: it is current. */
export function pendingIn(db: Database, migrations: readonly Migration[] = shipped): number {
  return migrations.length - versionOf(db);
}

export function versionOf(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/**
 * Brings the schema up to this build in one immediate transaction: all of it or nothing, whenever it is cut off.
 * @throws TenureError `unavailable` for a database newer than the build, `internal` for one that a step does not fit;
 * nothing is changed then.
 */
export function migrate(db: Database, migrations: readonly Migration[] = shipped): void {
  const version = versionOf(db);
  if (version > migrations.length) {
    throw new TenureError(
      'unavailable',
      `The database was written by a newer Tenure: its schema is version ${version}, this build knows ${migrations.length}. Update Tenure; nothing was changed.`,
    );
  }
  if (version === migrations.length) return;
  let at = '';
  try {
    db.transaction(() => {
      // Another process may have done it while this one waited for its turn.
      for (const { name, sql } of migrations.slice(versionOf(db))) {
        at = name;
        db.exec(sql);
      }
      db.pragma(`user_version = ${migrations.length}`);
    }).immediate();
  } catch (error) {
    // What the disk or the file itself says has sentences of its own.
    if (!(error instanceof Error && 'code' in error && error.code === 'SQLITE_ERROR')) throw error;
    const step = `"${at}", from schema ${version} to ${migrations.length}`;
    const sentence = `The database could not be brought up to this version (${step}: ${error.message}). Nothing was changed: the version before still opens it.`;
    throw new TenureError('internal', sentence, { cause: error });
  }
}
