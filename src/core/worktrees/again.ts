import { existsSync } from 'node:fs';
import type { Project } from '../../shared/contract/projects.ts';
import { TenureError } from '../../shared/errors.ts';
import type { RepositoryLock } from './lock.ts';
import type { TreeState } from './service.ts';

interface AgainGit {
  state(cwd: string): Promise<TreeState>;
  commitAt(cwd: string, name: string): Promise<string | null>;
  commonDir(cwd: string): Promise<string>;
}

/** Places of ended sessions, for those that go on with them. */
export function createAgain(git: AgainGit, locked: RepositoryLock) {
  return {
    /** While nobody else makes or removes a tree of that repository. @throws TenureError what `work` throws. */
    undisturbed: async <T>(project: Pick<Project, 'path'>, work: () => Promise<T>): Promise<T> =>
      locked(await git.commonDir(project.path), work),

    /** The same work tree, measured from its HEAD as it is now. @throws TenureError refused, when it is gone. */
    async reopen(_project: Pick<Project, 'path'>, worktree: string) {
      if (!existsSync(worktree)) throw new TenureError('refused', `The work tree ${worktree} is gone.`);
      const { head } = await git.state(worktree);
      if (head.commit === null) throw new TenureError('refused', `The work tree ${worktree} has no commit.`);
      return { cwd: worktree, worktree, branch: head.branch, baseCommit: head.commit, target: null, note: null };
    },

    /** The path of a work tree and the name of a branch that are not there any more, else null. */
    async missing(project: Pick<Project, 'path'>, place: { worktree: string | null; branch: string | null }) {
      const { worktree, branch } = place;
      const tip = branch === null ? null : await git.commitAt(project.path, `refs/heads/${branch}`);
      return {
        tree: worktree !== null && !existsSync(worktree) ? worktree : null,
        branch: branch !== null && tip === null ? branch : null,
      };
    },
  };
}
