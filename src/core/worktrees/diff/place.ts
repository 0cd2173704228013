import { existsSync } from 'node:fs';
import { TenureError } from '../../../shared/errors.ts';
import type { Place, TreeState } from '../service.ts';
import type { WorkRow } from '../storage.ts';

/** What is used of git to find the work of a session. */
export interface WhereGit {
  place(path: string): Promise<Place>;
  state(cwd: string): Promise<TreeState>;
  commitAt(cwd: string, name: string): Promise<string | null>;
}

/** Where the work of a session can be looked at now. */
export interface WorkPlace {
  cwd: string;
  baseCommit: string;
  headCommit: string;
  /** `cwd` is the tree it worked in, as it left it. */
  hasTree: boolean;
  /** Paths of the tree that differ from its HEAD. */
  changed: ReadonlyMap<string, 'changed' | 'conflicted'>;
}

/**
 * The tree of a session while it stands, else its branch, else the commit at which it was measured.
 * @throws TenureError `refused` with the sentence why there is nothing to look at.
 */
export async function workPlaceOf(git: WhereGit, session: WorkRow): Promise<WorkPlace> {
  const { id, baseCommit, worktree, branch, projectPath } = session;
  if (baseCommit === null) throw new TenureError('refused', `Session ${id} never got a place to work.`);
  const at = worktree ?? projectPath;
  const place = existsSync(at) ? await git.place(at) : null;
  if (place?.kind === 'tree' && place.top === at) {
    const { head, changes } = await git.state(at);
    // The project's own folder goes on without the session: then only what was measured is known to be its work.
    const asLeft = worktree !== null || session.state !== 'ended' || head.commit === session.measuredHead;
    if (asLeft && head.commit !== null) {
      const kind = (entry: string): 'changed' | 'conflicted' => (entry.startsWith('u ') ? 'conflicted' : 'changed');
      const changed = new Map(changes.map(({ path, entry }) => [path, kind(entry)]));
      return { cwd: at, baseCommit, headCommit: head.commit, hasTree: true, changed };
    }
  }
  if (!existsSync(projectPath)) throw new TenureError('refused', `The folder "${projectPath}" of its project is gone.`);
  const tip = worktree === null || branch === null ? null : await git.commitAt(projectPath, `refs/heads/${branch}`);
  const headCommit = tip ?? (session.measuredHead && (await git.commitAt(projectPath, session.measuredHead)));
  if (!headCommit || (await git.commitAt(projectPath, baseCommit)) === null) {
    throw new TenureError(
      'refused',
      `The work of session ${id} is no longer in the repository "${projectPath}": its tree and its branch are gone.`,
    );
  }
  return { cwd: projectPath, baseCommit, headCommit, hasTree: false, changed: new Map() };
}
