import type { Clock } from '../../kernel/ports.ts';
import { placeFor } from '../conversation/opening.ts';
import type { Prompts } from '../conversation/prompts.ts';
import type { Change, Neighbours, Workplace } from '../ports.ts';
import { RUNNING_STATES } from '../rules.ts';
import type { SessionStorage, StoredSession } from '../storage.ts';

interface WorkplaceDeps {
  storage: SessionStorage;
  change: Change;
  prompts: Prompts;
  clock: Clock;
  near: Pick<Neighbours, 'projects' | 'worktrees' | 'work'>;
}

type Placed = Pick<Workplace, 'cwd' | 'branch' | 'worktree'>;

/** Where a session works: the place that it has, or a new one, which the project's set-up makes ready. */
export function createWorkplace({ storage, change, prompts, clock, near }: WorkplaceDeps) {
  /** The branch of the session that this one forks. */
  const branchBefore = (id: string): string | null =>
    prompts.forkOf(id) === null ? null : (storage.get(prompts.before(id) ?? '')?.branch ?? null);

  /** Makes a place ready that no agent has been in. @throws TenureError; then the place is gone. */
  async function setUp(session: StoredSession, place: Placed, signal: AbortSignal): Promise<void> {
    const { id, nonce, projectId } = session;
    const project = near.projects.get(projectId);
    const made = await near.worktrees.setUp(project, place, { nonce, signal }).catch((error: unknown) => {
      change(id, { branch: null, worktree: null, baseCommit: null }, RUNNING_STATES);
      throw error;
    });
    // What it has committed is not the agent's.
    const measured = made === null ? {} : { baseCommit: made.baseCommit };
    change(id, { setUpAt: clock.now(), ...measured }, RUNNING_STATES, () => {
      if (made?.note == null) return;
      const { target, note } = near.work.of({ ...session, uncommitted: null });
      near.work.placed(id, { target, note: note === null ? made.note : `${note} ${made.note}` });
    });
  }

  /** @throws TenureError; then the session has no place, and none is left behind. */
  return async (session: StoredSession, signal: AbortSignal): Promise<string> => {
    const { id } = session;
    const project = near.projects.get(session.projectId);
    if (session.baseCommit !== null) {
      const cwd = await near.worktrees.standing(project, session);
      if (session.worktree !== null && cwd !== session.worktree) change(id, { worktree: cwd }, RUNNING_STATES);
      // Everything was killed while it was set up.
      if (session.setUpAt === null && session.agentVersion === null) {
        const worktree = session.worktree === null ? null : cwd;
        await setUp(session, { cwd, branch: session.branch, worktree }, signal);
      }
      return cwd;
    }
    const place = await placeFor(session, project, near.worktrees, branchBefore(id));
    const { cwd, branch, worktree, baseCommit } = place;
    // Written before anything runs in it: what is cut off here is found again.
    const ready = session.worktree !== null || worktree === null || project.setupCommand === null;
    const setUpAt = ready ? clock.now() : null;
    change(id, { branch, worktree, baseCommit, setUpAt }, RUNNING_STATES, () => near.work.placed(id, place));
    // Another session's tree has been set up, and where nothing is to be run nothing is waited for.
    if (setUpAt !== null) return cwd;
    await setUp(session, place, signal);
    return cwd;
  };
}
