import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterAll } from 'vitest';
import { openDatabase } from '../src/core/db/open.ts';
import type { Journal } from '../src/core/kernel/journal.ts';
import type { Ledger } from '../src/core/kernel/ledger-ports.ts';
import type { Clock } from '../src/core/kernel/ports.ts';
import { createSeal } from '../src/core/ledger/seal.ts';
import { createLedger } from '../src/core/ledger/service.ts';
import { START } from './fakes/clock.ts';
import { repositoryAt, type TestRepository } from './rows.ts';

export { gitEnv, insertProject, insertSession, repositoryAt, type TestRepository } from './rows.ts';

/** 256 bits that are no secret. */
export const TEST_SECRET = Buffer.alloc(32, 7).toString('base64url');

const made: string[] = [];
const opened: Database[] = [];

afterAll(() => {
  for (const db of opened.splice(0)) db.close();
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

/** A directory of its own, symlinks resolved; gone when the test file has ended. */
export function tempDir(name = 'test'): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), `tenure-${name}-`)));
  made.push(dir);
  return dir;
}

let begun: string | undefined;

/** A repository with one commit, made once: to copy it is a tenth of what starting git four times takes. */
function begunRepository(): string {
  if (begun === undefined) {
    begun = tempDir('begun');
    const repository = repositoryAt(begun);
    repository.git('init', '--quiet', '--initial-branch=main', '--template=');
    repository.commit({ 'README.md': '# A project\n' }, 'first');
  }
  return begun;
}

/** A throw-away repository on branch `main` with one commit, or with none when `empty`. */
export function testRepository(options: { empty?: boolean; name?: string } = {}): TestRepository {
  const path = join(tempDir('repo'), options.name ?? 'app');
  const repository = repositoryAt(path);
  if (options.empty) {
    mkdirSync(path);
    repository.git('init', '--quiet', '--initial-branch=main');
  } else cpSync(begunRepository(), path, { recursive: true, preserveTimestamps: true });
  return repository;
}

export interface TestDatabase {
  db: Database;
  dir: string;
  /** Closes and opens the same file again, as a restart of the program does. */
  reopen(): Database;
}

let migrated: string | undefined;

/** A file with the real migrations and no rows, made once: to migrate takes thirty times as long as to open. */
function migratedFile(): string {
  if (migrated === undefined) {
    const dir = tempDir('migrated');
    openDatabase({ dir, now: START }).close();
    migrated = join(dir, 'tenure.db');
  }
  return migrated;
}

/** A database with the real migrations, in a directory of its own; or the one that is in `dir` already. */
export function testDatabase(dir = tempDir('db')): TestDatabase {
  const file = join(dir, 'tenure.db');
  if (!existsSync(file)) copyFileSync(migratedFile(), file);
  const open = (): Database => {
    const db = openDatabase({ dir, now: START });
    // No test cuts the power, and waiting for the disk at every commit is most of what a test of a service takes.
    db.pragma('synchronous = OFF');
    opened.push(db);
    return db;
  };
  const made: TestDatabase = {
    db: open(),
    dir,
    reopen() {
      made.db.close();
      made.db = open();
      return made.db;
    },
  };
  return made;
}

/** A ledger with a key of its own on that database, as trust needs one. */
export function testLedger(db: Database, journal: Journal, clock: Clock): Ledger & { whyNotRaise(): string | null } {
  return { ...createLedger({ db, journal, clock, seal: createSeal(TEST_SECRET) }), whyNotRaise: () => null };
}
