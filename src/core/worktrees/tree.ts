import { existsSync } from 'node:fs';
import { mkdir, realpath, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TenureError } from '../../shared/errors.ts';
import { copyIncluded } from './include.ts';
import type { Look } from './look.ts';
import { withRoom } from './room.ts';
import { assertPlain, branchFor, placesFor, treeOf, whyKept } from './rules.ts';
import type { Made, Where, WorktreeGit } from './service.ts';

/** The lock reason that git itself sets while it makes a tree: one that still has it was never finished. */
const UNFINISHED = 'initializing';

/** Makes and removes the trees of sessions. To be called only by whoever has the repository's turn. */
export function createTrees(git: WorktreeGit, dataDir: string) {
  /** Removes tree and branch of a session unless work would be lost; then the sentence why they stay. */
  async function clear(project: Where, path: string, branch: string): Promise<string | null> {
    const all = await git.linkedTrees(project.path);
    const listed = all.find((tree) => tree.path === path);
    const elsewhere = all.find((tree) => tree !== listed && !tree.missing && tree.branch === branch);
    if (elsewhere) return `Its branch ${branch} is checked out in "${elsewhere.path}".`;
    const tip = await git.commitAt(project.path, `refs/heads/${branch}`);
    const broken = listed !== undefined && (listed.locked === UNFINISHED || !existsSync(path));
    const state = listed && !broken ? await git.state(path) : null;
    const head = state?.head.commit;
    const inside = state === null ? 0 : await git.commitsInSubmodules(path);
    const only = await git.commitsOnlyOn(project.path, tip === null ? [] : [branch], head ? [head] : []);
    const kept = whyKept({ changes: state?.changes.length ?? 0, commitsOnlyHere: inside + only, branch });
    if (kept !== null) return kept;
    if (listed) await git.removeTree(project.path, path, { force: broken });
    else if (
      existsSync(path) &&
      !(await rmdir(path).then(
        () => true,
        () => false,
      ))
    ) {
      return `"${path}" is in the way and is not a work tree of this repository.`;
    }
    if (tip !== null) await git.deleteBranch(project.path, branch, tip);
    return null;
  }

  /** @param name a session's id, or what else its place is called. */
  async function placeOf(project: Where, name: string, found: Pick<Look, 'branches'>) {
    assertPlain(project.id);
    assertPlain(name);
    const branch = branchFor(name, [...(await found.branches()).keys()]);
    if (branch === null) {
      throw new TenureError('conflict', `Other branches of "${project.name}" leave no name for session ${name}.`);
    }
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return { path: treeOf(await realpath(dataDir), project.id, name), branch };
  }

  /** The first place of a session in which nobody's work lies, and what to say when it is not the first of all. */
  async function freePlace(project: Where, sessionId: string, found: Look) {
    let why = '';
    for (const name of placesFor(sessionId)) {
      const { path, branch } = await placeOf(project, name, found);
      // What a making of this place that was cut short can have left: its branch, its folder, git's note of the tree.
      const left =
        (await found.branches()).has(branch) ||
        [path, join(await found.repository(), 'worktrees', name)].some(existsSync);
      const kept = left ? await clear(project, path, branch) : null;
      if (kept === null) return { path, branch, notes: why === '' ? [] : [`It works beside "${sessionId}". ${why}`] };
      why = kept;
    }
    throw new TenureError('conflict', `Session ${sessionId} already has a place to work. ${why}`);
  }

  async function newTree(
    project: Where,
    sessionId: string,
    commit: string,
    found: Look,
  ): Promise<Made & { notes: string[] }> {
    const { path, branch, notes } = await freePlace(project, sessionId, found);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await git.addTree(project.path, { path, branch, commit });
      return { cwd: path, branch, worktree: path, notes: [...notes, ...(await furnish(project, path))] };
    } catch (error) {
      const told = await withRoom(error, dataDir);
      // Nothing but what we put there ourselves is in it; the first error is the one to tell.
      await git.removeTree(project.path, path, { force: true }).catch(() => undefined);
      await clear(project, path, branch).catch(() => undefined);
      throw told;
    }
  }

  /** What of a project's files is to be in a tree beside what git puts there, and what to say of it. */
  async function furnish(project: Where, path: string): Promise<string[]> {
    const notes = await copyIncluded(git, project.path, path, project.include);
    if (existsSync(join(path, '.gitmodules'))) {
      notes.push('The repository has submodules; they are left empty in a new work tree.');
    }
    return notes;
  }

  return { clear, placeOf, newTree, furnish };
}
