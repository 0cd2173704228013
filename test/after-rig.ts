import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createClock } from '../src/core/adapters/clock.ts';
import { createGit } from '../src/core/adapters/git.ts';
import { createIds } from '../src/core/adapters/ids.ts';
import { createSpawner } from '../src/core/adapters/spawner.ts';
import { createJournal } from '../src/core/kernel/journal.ts';
import { createOutside } from '../src/core/worktrees/after/outside.ts';
import { createRecovery } from '../src/core/worktrees/after/recover.ts';
import { createAfter } from '../src/core/worktrees/after/service.ts';
import { createUse } from '../src/core/worktrees/after/use.ts';
import { type AfterDeps, createWork } from '../src/core/worktrees/after/work.ts';
import { createWorkBook } from '../src/core/worktrees/book.ts';
import { createRepositoryLock } from '../src/core/worktrees/lock.ts';
import { createWorktrees } from '../src/core/worktrees/service.ts';
import { createWorktreeStorage } from '../src/core/worktrees/storage.ts';
import type { Envelope } from '../src/shared/contract/index.ts';
import {
  gitEnv,
  insertProject,
  insertSession,
  repositoryAt,
  type TestDatabase,
  type TestRepository,
  tempDir,
  testDatabase,
  testRepository,
} from './builders.ts';

export const home = tempDir('home');
export const env = gitEnv(home);
const spawner = createSpawner();
export const clock = createClock();
export const ids = createIds();
/** Who acts. */
export const BY = 'owner (test)';

export const clean = (at: TestRepository) => expect(at.git('status', '--porcelain')).toBe('');

function build({ db }: TestDatabase, dataDir: string) {
  const facts: Envelope[] = [];
  const journal = createJournal(db, clock, (error) => expect.fail(String(error)));
  journal.subscribe((fact) => facts.push(fact));
  const git = createGit({ spawner, env });
  const locked = createRepositoryLock(clock);
  const told: string[] = [];
  const book = createWorkBook({ db, journal, clock, tell: (_emit, id) => told.push(id) });
  const storage = createWorktreeStorage(db);
  const warned: object[] = [];
  const deps: AfterDeps = {
    git,
    storage,
    clock,
    ids,
    spawner,
    dataDir,
    locked,
    settle: book.settle,
    workOf: book.of,
    log: { warn: (about) => warned.push(about) },
  };
  const work = createWork(deps);
  const pushed: object[] = [];
  const programs = join(home, 'bin');
  const outside = createOutside(
    {
      git,
      spawner,
      clock,
      environment: {
        forCommands: async () => ({ ...env, PATH: `${programs}:${env.PATH}` }),
        find: async (name) => (existsSync(join(programs, name)) ? join(programs, name) : null),
      },
      env: {},
      platform: 'linux',
      commands: () => ({ editor: ['edit', '--wait', '{path}'], terminal: null }),
      pushed: (fact) => pushed.push(fact),
    },
    work,
  );
  const worktrees = createWorktrees({
    git,
    clock,
    spawner,
    env: async () => env,
    dataDir,
    openSessions: () => [],
    ids: createIds(),
    treeOfSession: () => null,
  });
  const stateOf = (id: string) => book.of(storage.get(id) ?? expect.fail());
  return {
    git,
    storage,
    book,
    worktrees,
    told,
    warned,
    pushed,
    stateOf,
    outside,
    after: createAfter(deps, work),
    use: createUse(deps, work),
    recover: createRecovery(deps).recover,
  };
}

let begun: TestRepository | undefined;

/** A person's repository with two files; made once, then copied. */
function repository(): TestRepository {
  if (begun === undefined) {
    begun = testRepository();
    begun.git('config', 'user.name', 'Test Person');
    begun.git('config', 'user.email', 'test@example.com');
    begun.commit({ 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n' });
  }
  const path = join(tempDir('repo'), 'app');
  cpSync(begun.path, path, { recursive: true, preserveTimestamps: true });
  return repositoryAt(path);
}

/** A repository with a session that has ended in a tree of its own, and all that can be done with its work. */
export async function afterRig() {
  const dataDir = tempDir('data');
  const database = testDatabase();
  const engine = build(database, dataDir);
  const repo = repository();
  const projectId = insertProject(database.db, { path: repo.path });
  /** A session with a place of its own that has ended. */
  async function endedSession(over: { state?: string } = {}) {
    const id = insertSession(database.db, { projectId, state: over.state ?? 'ended' });
    const project = {
      id: projectId,
      name: 'app',
      path: repo.path,
      worktree: true,
      base: 'current' as const,
      include: [],
    };
    const place = await engine.worktrees.prepare(project, id);
    engine.book.placed(id, place);
    database.db
      .prepare('UPDATE sessions SET branch = ?, worktree = ?, base_commit = ? WHERE id = ?')
      .run(place.branch, place.worktree, place.baseCommit, id);
    return { id, tree: repositoryAt(place.cwd, home) };
  }
  const { id: sessionId, tree } = await endedSession();
  return { dataDir, database, engine, repo, projectId, endedSession, sessionId, tree };
}

export type AfterRig = Awaited<ReturnType<typeof afterRig>>;
