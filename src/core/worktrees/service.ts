import { existsSync } from 'node:fs';
import { mkdir, realpath, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Project } from '../../shared/contract/projects.ts';
import { TenureError } from '../../shared/errors.ts';
import { markOf } from './mark.ts';
import { assertPlain, branchOf, treeOf, whyKept, whyNotOwnTree } from './rules.ts';
import { createSerial } from './serial.ts';

export type Place = { kind: 'tree'; top: string } | { kind: 'bare' | 'git_dir' | 'none' | 'failed' };

export interface TreeState {
  head: { commit: string | null; branch: string | null };
  changes: { path: string; entry: string }[];
}

/** What is used of git; each throws TenureError with git's own words. */
interface WorktreeGit {
  place(path: string): Promise<Place>;
  commonDir(cwd: string): Promise<string>;
  state(cwd: string): Promise<TreeState>;
  commitAt(cwd: string, name: string): Promise<string | null>;
  hasSubmodules(cwd: string, commit: string): Promise<boolean>;
  commitsOnlyOn(cwd: string, branch: string): Promise<number>;
  addTree(cwd: string, tree: { path: string; branch: string; commit: string }): Promise<void>;
  linkedTrees(cwd: string): Promise<{ path: string; locked: string | null }[]>;
  removeTree(cwd: string, path: string, options: { force: boolean }): Promise<void>;
  deleteBranch(cwd: string, branch: string, commit: string): Promise<void>;
}

/** A session of a project that has not ended. */
export interface OpenSession {
  id: string;
  /** Recorded as working in the project's own tree: it has a base commit and no work tree. */
  inOwnTree: boolean;
}

export interface WorktreeDeps {
  git: WorktreeGit;
  /** Work trees are made in its folder `worktrees`. */
  dataDir: string;
  openSessions(projectId: string): readonly OpenSession[];
}

/** Where a session works and what it is measured against. */
export interface Workplace {
  cwd: string;
  /** Null: detached HEAD, in the project's own tree. */
  branch: string | null;
  /** The work tree that was made for it; null in the project's own. */
  worktree: string | null;
  baseCommit: string;
  /** Something that a person should know about the place, or null. */
  note: string | null;
}

type Where = Pick<Project, 'id' | 'name' | 'path' | 'worktree'>;
export type Worktrees = ReturnType<typeof createWorktrees>;

/** The lock reason that git itself sets while it makes a tree: one that still has it was never finished. */
const UNFINISHED = 'initializing';

export function createWorktrees(deps: WorktreeDeps) {
  const { git, dataDir } = deps;
  const inTurn = createSerial();
  // Who was given a project's own tree, until the session's row says so.
  const given = new Map<string, string>();

  async function baseOf(project: Where, startAt?: string): Promise<string> {
    const commit = await git.commitAt(project.path, startAt === undefined ? 'HEAD' : `refs/heads/${startAt}`);
    if (commit !== null) return commit;
    if (startAt !== undefined) throw new TenureError('refused', `The branch ${startAt} of "${project.name}" is gone.`);
    throw new TenureError('refused', `"${project.name}" has no commit yet, so there is nothing to start from.`);
  }

  async function noteOn(project: Where, commit: string): Promise<string | null> {
    return (await git.hasSubmodules(project.path, commit))
      ? 'The repository has submodules; they are left empty in a new work tree.'
      : null;
  }

  /** Removes tree and branch of a session unless work would be lost; then the sentence why they stay. */
  async function clear(project: Where, path: string, branch: string): Promise<string | null> {
    const listed = (await git.linkedTrees(project.path)).find((tree) => tree.path === path);
    const tip = await git.commitAt(project.path, `refs/heads/${branch}`);
    const broken = listed !== undefined && (listed.locked === UNFINISHED || !existsSync(path));
    const kept = whyKept({
      changes: listed && !broken ? (await git.state(path)).changes.length : 0,
      commitsOnlyHere: tip === null ? 0 : await git.commitsOnlyOn(project.path, branch),
      branch,
    });
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

  async function placeOf(project: Where, sessionId: string): Promise<{ path: string; branch: string }> {
    assertPlain(project.id);
    assertPlain(sessionId);
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return { path: treeOf(await realpath(dataDir), project.id, sessionId), branch: branchOf(sessionId) };
  }

  async function newTree(project: Where, sessionId: string, startAt?: string): Promise<Workplace> {
    const baseCommit = await baseOf(project, startAt);
    const { path, branch } = await placeOf(project, sessionId);
    const kept = await clear(project, path, branch);
    if (kept !== null) throw new TenureError('conflict', `Session ${sessionId} already has a place to work. ${kept}`);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await git.addTree(project.path, { path, branch, commit: baseCommit });
    } catch (error) {
      await clear(project, path, branch).catch(() => undefined); // the first error is the one to tell
      throw error;
    }
    return { cwd: path, branch, worktree: path, baseCommit, note: await noteOn(project, baseCommit) };
  }

  async function ownTree(project: Where, sessionId: string): Promise<Workplace> {
    const { head, changes } = await git.state(project.path);
    const baseCommit = await baseOf(project);
    const open = deps.openSessions(project.id);
    const other = open.find(({ id, inOwnTree }) => id !== sessionId && (inOwnTree || given.get(id) === project.path));
    const why = whyNotOwnTree({ name: project.name, changes: changes.length, occupant: other?.id ?? null });
    if (why !== null) throw new TenureError('refused', why);
    // Nobody else is open here, so whoever had the tree has ended.
    for (const [id, path] of given) if (path === project.path) given.delete(id);
    given.set(sessionId, project.path);
    return { cwd: project.path, branch: head.branch, worktree: null, baseCommit, note: null };
  }

  return {
    /**
     * Makes the place where a session works: a branch `tenure/<session>` from HEAD with a work tree of
     * its own, or the project's own tree when the project has work trees switched off. One after the
     * other for each repository. A second call for a session that did nothing yet makes it anew.
     * @param startAt the branch at whose tip a new tree begins instead of HEAD.
     * @throws TenureError `refused` or `conflict` with a sentence; then no tree and no branch is left behind.
     */
    async prepare(project: Where, sessionId: string, startAt?: string): Promise<Workplace> {
      const repository = await git.commonDir(project.path);
      return inTurn(repository, () =>
        project.worktree ? newTree(project, sessionId, startAt) : ownTree(project, sessionId),
      );
    },

    /**
     * Removes the work tree and the branch of a session when no work would be lost with them.
     * @returns null when they are gone, else the sentence why they stay.
     */
    async discard(project: Where, sessionId: string): Promise<string | null> {
      const { path, branch } = await placeOf(project, sessionId);
      const repository = await git.commonDir(project.path);
      return inTurn(repository, () => clear(project, path, branch));
    },

    /** A fingerprint of a work tree, to which an approval is bound (see `markOf`). */
    mark: (cwd: string): Promise<string> => markOf(git, cwd),
  };
}
