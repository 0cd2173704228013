import type { Database } from 'better-sqlite3';
import { TenureError } from '../../shared/errors.ts';
import type { Git } from '../adapters/git.ts';
import { createDiffs } from '../worktrees/diff/service.ts';
import { createWorktreeStorage } from '../worktrees/storage.ts';

interface WorkTreeOptions {
  db: Database;
  git: Git;
}

export type WorkTrees = ReturnType<typeof createWorkTrees>;

/** What sessions leave behind: their work, to be looked at. */
export function createWorkTrees({ db, git }: WorkTreeOptions) {
  const storage = createWorktreeStorage(db);
  const session = (id: string) => {
    const row = storage.get(id);
    if (!row) throw new TenureError('not_found', `There is no session "${id}".`);
    return row;
  };
  return { diffs: createDiffs({ git, session }) };
}
