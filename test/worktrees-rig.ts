import { join } from 'node:path';
import { createClock } from '../src/core/adapters/clock.ts';
import { createGit } from '../src/core/adapters/git.ts';
import { createIds } from '../src/core/adapters/ids.ts';
import { createSpawner } from '../src/core/adapters/spawner.ts';
import { createWorktrees, type OpenSession } from '../src/core/worktrees/service.ts';
import type { Base } from '../src/shared/contract/projects.ts';
import { gitEnv, type TestRepository, tempDir } from './builders.ts';

export const home = tempDir('home');
export const spawner = createSpawner();
export const git = createGit({ spawner, env: gitEnv(home) });

/** Work trees below a folder that is made on first use, with the real git. */
export function worktreesRig() {
  const dataDir = join(tempDir('data'), 'made on first use');
  const deps = {
    git,
    spawner,
    clock: createClock(),
    ids: createIds(),
    env: async () => gitEnv(home),
    openSessions: () => rig.open,
    treeOfSession: () => null,
  };
  const rig = {
    /** The sessions that have not ended, as the engine would name them. */
    open: [] as OpenSession[],
    dataDir,
    deps,
    worktrees: createWorktrees({ ...deps, dataDir }),
  };
  return rig;
}

export type WorktreesRig = ReturnType<typeof worktreesRig>;

export const projectAt = (repo: TestRepository, worktree = true) => ({
  id: 'prj_1',
  name: 'app',
  path: repo.path,
  worktree,
  base: 'current' as Base,
  include: [] as string[],
});
export const branches = (repo: TestRepository) => repo.git('branch', '--format=%(refname:short)').split('\n');
