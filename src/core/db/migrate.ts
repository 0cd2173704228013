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
 * Brings the schema up to this build, one immediate transaction a migration.
 * @throws TenureError `unavailable` for a database newer than the build; nothing is changed then.
 */
export function migrate(db: Database, migrations: readonly Migration[] = shipped): void {
  const version = versionOf(db);
  if (version > migrations.length) {
    throw new TenureError(
      'unavailable',
      `The database was written by a newer Tenure: its schema is version ${version}, this build knows ${migrations.length}. Update Tenure; nothing was changed.`,
    );
  }
  migrations.forEach((migration, index) => {
    if (index < version) return;
    db.transaction(() => {
      db.exec(migration.sql);
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  });
}
