import { placeFor } from '../conversation/opening.ts';
import type { Prompts } from '../conversation/prompts.ts';
import type { Change, Neighbours } from '../ports.ts';
import { RUNNING_STATES } from '../rules.ts';
import type { SessionStorage, StoredSession } from '../storage.ts';

interface WorkplaceDeps {
  storage: SessionStorage;
  change: Change;
  prompts: Prompts;
  near: Pick<Neighbours, 'projects' | 'worktrees' | 'work'>;
}

/** Where a session works: the place that it has, or a new one, which the project's set-up makes ready. */
export function createWorkplace({ storage, change, prompts, near }: WorkplaceDeps) {
  /** The branch of the session that this one forks. */
  const branchBefore = (id: string): string | null =>
    prompts.forkOf(id) === null ? null : (storage.get(prompts.before(id) ?? '')?.branch ?? null);

  /** @throws TenureError; then the session has no place, and none is left behind. */
  return async (session: StoredSession, signal: AbortSignal): Promise<string> => {
    const { id, nonce } = session;
    const project = near.projects.get(session.projectId);
    if (session.baseCommit !== null) {
      const cwd = await near.worktrees.standing(project, session);
      if (session.worktree !== null && cwd !== session.worktree) change(id, { worktree: cwd }, RUNNING_STATES);
      return cwd;
    }
    const place = await placeFor(session, project, near.worktrees, branchBefore(id));
    const { cwd, branch, worktree, baseCommit } = place;
    // Written before anything runs in it: what is cut off here is found again.
    change(id, { branch, worktree, baseCommit }, RUNNING_STATES, () => near.work.placed(id, place));
    if (session.worktree !== null) return cwd;
    try {
      await near.worktrees.setUp(project, place, { nonce, signal });
    } catch (error) {
      change(id, { branch: null, worktree: null, baseCommit: null }, RUNNING_STATES);
      throw error;
    }
    return cwd;
  };
}
