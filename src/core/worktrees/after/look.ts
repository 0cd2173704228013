import { existsSync } from 'node:fs';
import { TenureError } from '../../../shared/errors.ts';
import type { Place, TreeState } from '../service.ts';
import type { WorkNote, WorkRow } from '../storage.ts';

/** What is used of git to see where the work of a session stands; each throws TenureError with git's own words. */
export interface LookGit {
  place(path: string): Promise<Place>;
  state(cwd: string): Promise<TreeState>;
  commonDir(cwd: string): Promise<string>;
  commitAt(cwd: string, name: string): Promise<string | null>;
  headBranch(cwd: string): Promise<string | null>;
  linkedTrees(cwd: string): Promise<{ path: string; branch: string | null; missing: boolean; locked: string | null }[]>;
  countCommits(cwd: string, from: string, to: string): Promise<number>;
  branches(cwd: string): Promise<string[]>;
  commitsOnlyOn(cwd: string, branches: readonly string[], heads: readonly string[]): Promise<number>;
}

/** The work of a session as it stands in its repository. */
export interface Standing {
  session: WorkRow;
  /** A folder of the repository: the project's. */
  repository: string;
  /** The tree that it worked in, where it is now; null: gone. */
  tree: string | null;
  /** Its folder, which is there but which git has no longer in its list; null: it has, or there is none. */
  unlisted: string | null;
  /** Where git's list still has the tree, on its branch, although its folder is gone; null: it has not. */
  forgotten: string | null;
  /** Why git was told not to remove the tree; null: it was not. */
  locked: string | null;
  /** The commit that is checked out in its tree, on a branch or not; null: the tree is gone. */
  head: string | null;
  /** Branches that Tenure made for it and that are checked out nowhere else: they go together with the tree. */
  own: { name: string; tip: string }[];
  /** Its branch, or another one that was checked out in its tree; null: gone, or HEAD is detached. */
  branch: string | null;
  /** The newest commit of its work. */
  tip: string;
  baseCommit: string;
  /** Uncommitted files in its tree. */
  uncommitted: string[];
  /** The branch to merge into; null: the project's folder has none checked out. */
  target: string | null;
  /** Null: there is no such branch. */
  targetCommit: string | null;
  /** Where the target is checked out; null: nowhere. */
  targetTree: string | null;
}

/**
 * Looks where the work of a session stands. A tree that a person moved is found by its branch; one that is
 * gone leaves the branch; a branch that is gone leaves the commit that was measured.
 * @param names the branches that Tenure may have made for this tree; others in it are a person's or an agent's.
 * @param into the branch to merge into, instead of the one that the session started for.
 * @throws TenureError `refused` with the sentence why there is nothing to be decided about.
 */
export async function lookAt(
  git: LookGit,
  session: WorkRow,
  noted: Pick<WorkNote, 'target' | 'tip'> | null,
  names: readonly string[],
  into?: string,
): Promise<Standing> {
  const { id, projectPath: repository, baseCommit, worktree } = session;
  if (baseCommit === null) throw new TenureError('refused', `Session ${id} never got a place to work.`);
  if (worktree === null) {
    throw new TenureError(
      'refused',
      `Session ${id} worked in the project's own folder, on the branch that was checked out there: there is nothing to merge or to discard.`,
    );
  }
  if (!existsSync(repository)) {
    throw new TenureError(
      'refused',
      `The repository "${repository}" is not there: it was moved or deleted, or its disk is not mounted. Once it is back, so is this work.`,
    );
  }
  if ((await git.place(repository)).kind !== 'tree') {
    throw new TenureError('refused', `"${repository}" is no git work tree any more.`);
  }
  const listed = await git.linkedTrees(repository);
  const trees = listed.filter((one) => !one.missing && existsSync(one.path));
  const own =
    trees.find(({ path }) => path === worktree) ??
    trees.find(({ branch, path }) => branch !== null && names.includes(branch) && path !== repository);
  // Killed while git made it: then it holds nothing yet.
  const state = own && own.locked !== 'initializing' ? await git.state(own.path) : null;
  const branch = own ? own.branch : session.branch;
  const found = [
    state?.head.commit,
    session.branch && `refs/heads/${session.branch}`,
    noted?.tip,
    session.measuredHead,
  ];
  let tip: string | null = null;
  for (const name of found) if (tip === null && name) tip = await git.commitAt(repository, name);
  if (tip === null) throw new TenureError('refused', `The work of session ${id} is gone: its tree and its branch.`);
  const target = into ?? noted?.target ?? (await git.headBranch(repository));
  const gone: Standing['own'] = [];
  for (const name of await git.branches(repository)) {
    if (!names.includes(name) || trees.some((one) => one !== own && one.branch === name)) continue;
    const at = await git.commitAt(repository, `refs/heads/${name}`);
    if (at !== null) gone.push({ name, tip: at });
  }
  const branchExists = branch !== null && (await git.commitAt(repository, `refs/heads/${branch}`)) !== null;
  // Detached, it may be all that holds its commits.
  const left = listed.find(({ path, locked }) => path === worktree && locked === null && !existsSync(path));
  return {
    session,
    repository,
    tree: own?.path ?? null,
    unlisted: own === undefined && existsSync(worktree) ? worktree : null,
    forgotten: left?.branch != null && names.includes(left.branch) ? left.path : null,
    locked: own?.locked ?? null,
    head: state?.head.commit ?? null,
    own: gone,
    branch: branchExists ? branch : null,
    tip,
    baseCommit,
    uncommitted: state?.changes.map(({ path }) => path) ?? [],
    target,
    targetCommit: target === null ? null : await git.commitAt(repository, `refs/heads/${target}`),
    targetTree: trees.find((one) => one.branch !== null && one.branch === target)?.path ?? null,
  };
}
