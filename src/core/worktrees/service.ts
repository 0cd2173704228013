import { existsSync } from 'node:fs';
import { mkdir, realpath, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Project } from '../../shared/contract/projects.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Clock } from '../kernel/ports.ts';
import { copyIncluded } from './include.ts';
import { createRepositoryLock } from './lock.ts';
import { markOf } from './mark.ts';
import { assertPlain, branchFor, noCommit, treeOf, whyKept, whyNotOwnTree } from './rules.ts';
import { runSetUp, type SetUpDeps } from './setup.ts';
import { createStart, type Heads, type StartGit } from './start.ts';

export type Place = { kind: 'tree'; top: string } | { kind: 'bare' | 'git_dir' | 'none' | 'failed' };

export interface TreeState {
  head: { commit: string | null; branch: string | null };
  changes: { path: string; entry: string }[];
}

/** What is used of git; each throws TenureError with git's own words. */
interface WorktreeGit extends StartGit {
  heads(cwd: string): Promise<Heads>;
  untrackedMatching(cwd: string, patterns: readonly string[]): Promise<string[]>;
  restoreTree(cwd: string, tree: { path: string; branch: string }): Promise<void>;
  place(path: string): Promise<Place>;
  commonDir(cwd: string): Promise<string>;
  state(cwd: string): Promise<TreeState>;
  commitsOnlyOn(cwd: string, branches: readonly string[], heads: readonly string[]): Promise<number>;
  addTree(cwd: string, tree: { path: string; branch: string; commit: string }): Promise<void>;
  linkedTrees(cwd: string): Promise<{ path: string; branch: string | null; missing: boolean; locked: string | null }[]>;
  removeTree(cwd: string, path: string, options: { force: boolean }): Promise<void>;
  deleteBranch(cwd: string, branch: string, commit: string): Promise<void>;
}

/** A session of a project that has not ended. */
export interface OpenSession {
  id: string;
  /** Recorded as working in the project's own tree: it has a base commit and no work tree. */
  inOwnTree: boolean;
}

export interface WorktreeDeps extends SetUpDeps {
  git: WorktreeGit;
  clock: Clock;
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
  /** The project's branch that the work is meant for; null: HEAD was detached. */
  target: string | null;
  /** Something that a person should know about the place, or null. */
  note: string | null;
}

type Where = Pick<Project, 'id' | 'name' | 'path' | 'worktree' | 'base' | 'include'>;
type Made = Pick<Workplace, 'cwd' | 'branch' | 'worktree'>;
export type Worktrees = ReturnType<typeof createWorktrees>;

/** What git says of a repository before a tree is made in it. */
interface Look {
  /** The directory that all its trees share. */
  repository: string;
  heads: Heads;
}

/** A look that was begun with a launch is believed for so long. */
const FORESEEN_MS = 1_000;
/** The lock reason that git itself sets while it makes a tree: one that still has it was never finished. */
const UNFINISHED = 'initializing';

export function createWorktrees(deps: WorktreeDeps) {
  const { git, dataDir } = deps;
  const locked = createRepositoryLock(deps.clock);
  const startOf = createStart(git);
  // Who was given a project's own tree, until the session's row says so.
  const given = new Map<string, string>();
  // Begun while the launch is still written down, and used once.
  let foreseen: { sessionId: string; at: number; look: Promise<Look> } | null = null;

  async function look(project: Pick<Project, 'path'>): Promise<Look> {
    const [repository, heads] = await Promise.all([git.commonDir(project.path), git.heads(project.path)]);
    return { repository, heads };
  }

  function looked(project: Where, sessionId: string): Promise<Look> {
    const known = foreseen?.sessionId === sessionId ? foreseen : null;
    if (known === null) return look(project);
    foreseen = null;
    return deps.clock.monotonic() - known.at < FORESEEN_MS ? known.look : look(project);
  }

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
    const kept = whyKept({
      changes: state?.changes.length ?? 0,
      commitsOnlyHere: await git.commitsOnlyOn(project.path, tip === null ? [] : [branch], head ? [head] : []),
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

  async function placeOf(project: Where, sessionId: string, { branches }: Heads) {
    assertPlain(project.id);
    assertPlain(sessionId);
    const branch = branchFor(sessionId, [...branches.keys()]);
    if (branch === null) {
      throw new TenureError('conflict', `Other branches of "${project.name}" leave no name for session ${sessionId}.`);
    }
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return { path: treeOf(await realpath(dataDir), project.id, sessionId), branch };
  }

  async function newTree(
    project: Where,
    sessionId: string,
    commit: string,
    { repository, heads }: Look,
  ): Promise<Made & { notes: string[] }> {
    const { path, branch } = await placeOf(project, sessionId, heads);
    // What a making of this place that was cut short can have left: its branch, its folder, git's note of the tree.
    const left = heads.branches.has(branch) || [path, join(repository, 'worktrees', sessionId)].some(existsSync);
    const kept = left ? await clear(project, path, branch) : null;
    if (kept !== null) throw new TenureError('conflict', `Session ${sessionId} already has a place to work. ${kept}`);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await git.addTree(project.path, { path, branch, commit });
      const notes = await copyIncluded(git, project.path, path, project.include);
      if (existsSync(join(path, '.gitmodules'))) {
        notes.push('The repository has submodules; they are left empty in a new work tree.');
      }
      return { cwd: path, branch, worktree: path, notes };
    } catch (error) {
      // Nothing but what we put there ourselves is in it; the first error is the one to tell.
      await git.removeTree(project.path, path, { force: true }).catch(() => undefined);
      await clear(project, path, branch).catch(() => undefined);
      throw error;
    }
  }

  async function ownTree(project: Where, sessionId: string): Promise<Made & { baseCommit: string }> {
    const baseCommit = await git.commitAt(project.path, 'HEAD');
    if (baseCommit === null) throw new TenureError('refused', noCommit(project.name));
    const { head, changes } = await git.state(project.path);
    const open = deps.openSessions(project.id);
    const other = open.find(({ id, inOwnTree }) => id !== sessionId && (inOwnTree || given.get(id) === project.path));
    const why = whyNotOwnTree({ name: project.name, changes: changes.length, occupant: other?.id ?? null });
    if (why !== null) throw new TenureError('refused', why);
    // Nobody else is open here, so whoever had the tree has ended.
    for (const [id, path] of given) if (path === project.path) given.delete(id);
    given.set(sessionId, project.path);
    return { cwd: project.path, branch: head.branch, worktree: null, baseCommit };
  }

  return {
    /** A session is about to be launched there: git is asked now what `prepare` will want to know. Never rejects. */
    foresee(project: Where, sessionId: string): void {
      if (!project.worktree) return;
      foreseen = { sessionId, at: deps.clock.monotonic(), look: look(project) };
      foreseen.look.catch(() => undefined); // `prepare` says what is wrong
    },

    /**
     * Makes the place where a session works: a branch of its own with a work tree of its own, from the
     * project's base (fetched first where it is elsewhere), or the project's own tree when the project has
     * work trees switched off. One after the other for each repository. A second call for a session that
     * did nothing yet makes it anew.
     * @param startAt the branch at whose tip a new tree begins instead of the base.
     * @throws TenureError `refused` or `conflict` with a sentence; then no tree and no branch is left behind.
     */
    async prepare(project: Where, sessionId: string, startAt?: string): Promise<Workplace> {
      if (!project.worktree) {
        const repository = await git.commonDir(project.path);
        const made = await locked(repository, () => ownTree(project, sessionId));
        return { ...made, target: made.branch, note: null };
      }
      const found = await looked(project, sessionId);
      const { commit, target, notes } = await startOf(project, found.heads, startAt);
      const made = await locked(found.repository, () => newTree(project, sessionId, commit, found));
      const { cwd, branch, worktree } = made;
      const all = [...notes, ...made.notes];
      return { cwd, branch, worktree, baseCommit: commit, target, note: all.length === 0 ? null : all.join(' ') };
    },

    /**
     * Runs the project's set-up command in a tree that was just made. When it fails, tree and branch go.
     * @throws TenureError with the command's last lines, or that it was called off by `signal`.
     */
    async setUp(
      project: Where & Pick<Project, 'setupCommand' | 'setupTimeoutMs'>,
      place: Made,
      run: { nonce: string; signal: AbortSignal },
    ): Promise<void> {
      const { setupCommand: command, setupTimeoutMs: timeoutMs } = project;
      const { worktree, branch } = place;
      if (worktree === null || branch === null || command === null) return;
      try {
        await runSetUp(deps, { command, timeoutMs, cwd: worktree, ...run });
      } catch (error) {
        const repository = await git.commonDir(project.path);
        await locked(repository, async () => {
          // The agent has not been there: whatever is in it comes from the set-up.
          await git.removeTree(project.path, worktree, { force: true });
          await clear(project, worktree, branch);
        }).catch(() => undefined);
        throw error;
      }
    },

    /**
     * Removes the work tree and the branch of a session when no work would be lost with them.
     * @returns null when they are gone, else the sentence why they stay.
     */
    async discard(project: Where, sessionId: string): Promise<string | null> {
      const { repository, heads } = await look(project);
      const { path, branch } = await placeOf(project, sessionId, heads);
      return locked(repository, () => clear(project, path, branch));
    },

    /**
     * Where a session that was given a place goes on. A tree that a person moved is found by its branch;
     * one that was deleted is made again from its branch.
     * @throws TenureError `refused` when nothing of it is left.
     */
    async standing(
      project: Pick<Project, 'path'>,
      session: { id: string; worktree: string | null; branch: string | null },
    ): Promise<string> {
      const { worktree, branch } = session;
      if (worktree === null) return project.path;
      const repository = await git.commonDir(project.path);
      return locked(repository, async () => {
        const trees = (await git.linkedTrees(project.path)).filter(({ path }) => existsSync(path));
        const found =
          trees.find(({ path }) => path === worktree) ??
          trees.find((tree) => tree.branch === branch && tree.path !== project.path);
        if (found) return found.path;
        const tip = branch === null ? null : await git.commitAt(project.path, `refs/heads/${branch}`);
        if (branch === null || tip === null || existsSync(worktree)) {
          throw new TenureError(
            'refused',
            `The work tree "${worktree}" of session ${session.id} is gone, and its branch too.`,
          );
        }
        await git.restoreTree(project.path, { path: worktree, branch });
        return worktree;
      });
    },

    /** A fingerprint of a work tree, to which an approval is bound (see `markOf`). */
    mark: (cwd: string): Promise<string> => markOf(git, cwd),

    /** One after the other for each repository, with everything else that writes there. */
    locked,
  };
}
