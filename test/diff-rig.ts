import { join } from 'node:path';
import { expect } from 'vitest';
import { createGit } from '../src/core/adapters/git.ts';
import { createSpawner } from '../src/core/adapters/spawner.ts';
import { createDiffs } from '../src/core/worktrees/diff/service.ts';
import { createWorktreeStorage, type WorkRow } from '../src/core/worktrees/storage.ts';
import {
  gitEnv,
  insertProject,
  insertSession,
  repositoryAt,
  tempDir,
  testDatabase,
  testRepository,
} from './builders.ts';

const home = tempDir('home');
const git = createGit({ spawner: createSpawner(), env: gitEnv(home) });
export const { db } = testDatabase();
const rows = createWorktreeStorage(db);
export const must = (id: string): WorkRow => rows.get(id) ?? expect.fail(`no session ${id}`);
export const diffs = createDiffs({ git, session: must });

const START_FILES = {
  'a.txt': 'one\ntwo\nthree\nfour\nfive\n',
  'gone.txt': 'x\ny\n',
  'old name.txt': Array.from({ length: 20 }, (_, n) => `line ${n}\n`).join(''),
  'image.bin': Buffer.from([0, 1, 2, 3]),
  'run.sh': '#!/bin/sh\n',
};

/** A repository with those files, and a session that works in a tree of its own. */
export function diffRig() {
  const repo = testRepository();
  const base = repo.commit(START_FILES);
  const path = join(tempDir('trees'), 'ses');
  repo.git('worktree', 'add', '--quiet', '-b', `tenure/${path.length}`, path);
  const projectId = insertProject(db, { path: repo.path });
  return {
    repo,
    /** The session's own tree. */
    tree: repositoryAt(path, home),
    sessionId: insertSession(db, { projectId, baseCommit: base, worktree: path }),
  };
}
