import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { TenureError } from '../../shared/errors.ts';
import { migrate, pendingIn, versionOf } from './migrate.ts';

export interface OpenOptions {
  /** Directory of the database, its backups and its quarantine. */
  dir: string;
  /** Epoch ms, for the names of backups. */
  now: number;
}

/** `2026-11-20T10-30-00-000Z`: sorts by time and is a legal file name everywhere. */
const stamp = (now: number): string => new Date(now).toISOString().replaceAll(/[:.]/g, '-');

function newestBackup(dir: string): string | null {
  const backups = join(dir, 'backups');
  if (!existsSync(backups)) return null;
  const timeOf = (name: string): string => name.replace(/^tenure-v\d+-/, '');
  const [name] = readdirSync(backups)
    .filter((file) => file.endsWith('.db'))
    .toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
  return name === undefined ? null : join(backups, name);
}

/**
 * Copies a damaged database aside, once, under the time of its last change; the original stays as it
 * is, so nothing is overwritten.
 */
function quarantine(file: string, { dir }: OpenOptions): string {
  const target = join(dir, 'quarantine', stamp(statSync(file).mtimeMs));
  if (existsSync(target)) return target;
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(file + suffix)) copyFileSync(file + suffix, join(target, basename(file) + suffix));
  }
  return target;
}

function corrupt(file: string, problem: string, options: OpenOptions): TenureError {
  const copy = quarantine(file, options);
  const backup = newestBackup(options.dir);
  const remedy = backup
    ? `To go back to the newest backup, move ${file} away and copy ${backup} to its place.`
    : `There is no backup; to begin anew, move ${file} away.`;
  return new TenureError(
    'unavailable',
    `The database ${file} is damaged (${problem}). Tenure acts on nothing until a person has looked; a copy is in ${copy}. ${remedy}`,
  );
}

const isCorruption = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code));

function problemIn(db: Database): string | null {
  const rows = db.pragma('quick_check(1)') as { quick_check: string }[];
  const first = rows[0]?.quick_check ?? 'no answer';
  return first === 'ok' ? null : first;
}

/**
 * Opens, checks, backs up and migrates `tenure.db` in that directory.
 *
 * WAL with `synchronous=FULL`: a committed fact survives a kill at any moment and a power cut.
 * @throws TenureError `unavailable` for a damaged database (after quarantining a copy) or one from a newer build.
 */
export function openDatabase(options: OpenOptions): Database {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const file = join(options.dir, 'tenure.db');
  const isNew = !existsSync(file);
  let db: Database | undefined;
  try {
    db = new Sqlite(file, { timeout: 5_000 });
    const problem = problemIn(db);
    if (problem) throw corrupt(file, problem, options);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('fullfsync = ON');
    db.pragma('foreign_keys = ON');
    // Not in the commit that somebody waits for: every beat moves what has gathered, and this is for when none comes.
    db.pragma('wal_autocheckpoint = 4000');
    if (!isNew && pendingIn(db) > 0) {
      const backups = join(options.dir, 'backups');
      mkdirSync(backups, { recursive: true, mode: 0o700 });
      db.prepare('VACUUM INTO ?').run(join(backups, `tenure-v${versionOf(db)}-${stamp(options.now)}.db`));
    }
    migrate(db);
    return db;
  } catch (error) {
    db?.close();
    throw isCorruption(error) ? corrupt(file, error.message, options) : error;
  }
}
