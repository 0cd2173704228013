import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Project } from '../../shared/contract/projects.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { createAhead } from './ahead.ts';
import { createRepositoryLock } from './lock.ts';
import { createLooks, type Look } from './look.ts';
import { markOf } from './mark.ts';
import { noCommit, setUpNote, whyNotOwnTree } from './rules.ts';
import { runSetUp, type SetUpDeps } from './setup.ts';
import { stampOfHead } from './stamp.ts';
import { createStart, type Heads, type StartGit } from './start.ts';
import { createTrees } from './tree.ts';

export type Place = { kind: 'tree'; top: string } | { kind: 'bare' | 'git_dir' | 'none' | 'failed' };

export interface TreeState {
  head: { commit: string | null; branch: string | null };
  changes: { path: string; entry: string }[];
}

/** What is used of git; each throws TenureError with git's own words. */
export interface WorktreeGit extends StartGit {
  heads(cwd: string): Promise<Heads>;
  untrackedMatching(cwd: string, patterns: readonly string[]): Promise<string[]>;
  differ(cwd: string, from: string, to: string, patterns: readonly string[]): Promise<boolean>;
  restoreTree(cwd: string, tree: { path: string; branch: string }): Promise<void>;
  place(path: string): Promise<Place>;
  commonDir(cwd: string): Promise<string>;
  state(cwd: string): Promise<TreeState>;
  commitsOnlyOn(cwd: string, branches: readonly string[], heads: readonly string[]): Promise<number>;
  commitsInSubmodules(cwd: string): Promise<number>;
  addTree(cwd: string, tree: { path: string; branch: string; commit: string }): Promise<void>;
  linkedTrees(cwd: string): Promise<{ path: string; branch: string | null; missing: boolean; locked: string | null }[]>;
  removeTree(cwd: string, path: string, options: { force: boolean }): Promise<void>;
  deleteBranch(cwd: string, branch: string, commit: string): Promise<void>;
  resetTree(cwd: string, to: string): Promise<void>;
  headBranch(cwd: string): Promise<string | null>;
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
  ids: Ids;
  /** Work trees are made in its folder `worktrees`. */
  dataDir: string;
  openSessions(projectId: string): readonly OpenSession[];
  /** The tree that a session's row names; null: it has none, or there is no such session. */
  treeOfSession(sessionId: string): string | null;
  /** Bytes that are free on the disk that holds a folder; asked of the system unless given. */
  freeBytes?: (path: string) => Promise<number>;
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

export type Where = Pick<Project, 'id' | 'name' | 'path' | 'worktree' | 'base' | 'include'>;
export type Made = Pick<Workplace, 'cwd' | 'branch' | 'worktree'>;
export type Worktrees = ReturnType<typeof createWorktrees>;

const NOWHERE: TreeState = { head: { commit: null, branch: null }, changes: [] };

export function createWorktrees(deps: WorktreeDeps) {
  const { git, dataDir } = deps;
  const locked = createRepositoryLock(deps.clock);
  const startOf = createStart(git);
  const looks = createLooks(git, deps.clock);
  const { clear, placeOf, newTree, furnish } = createTrees(git, dataDir);
  // Who was given a project's own tree, until the session's row says so.
  const given = new Map<string, string>();
  const inTurn = async <T>({ repository }: Look, work: () => Promise<T>): Promise<T> =>
    locked(await repository(), work);
  const ahead = createAhead({
    ...deps,
    make: async (project, id) => {
      const repository = await git.commonDir(project.path);
      const head = stampOfHead(project.path, repository);
      const found = await looks.look(project);
      // Nothing is fetched on suspicion; what is elsewhere comes when the tree is used.
      const commit = found.head?.commit ?? (await git.commitAt(project.path, 'HEAD'));
      if (commit === null) throw new TenureError('refused', noCommit(project.name));
      const made = await inTurn(found, () =>
        timed(project, () => newTree({ ...project, include: [] }, id, commit, found)),
      );
      const known = { repository, checkedOut: found.head, head };
      return { path: made.cwd, branch: made.branch, commit, known };
    },
    discard,
  });

  /** Remembers how long a checkout there takes; the wait for its turn is not part of it. */
  async function timed<T>(project: Where, work: () => Promise<T>): Promise<T> {
    const began = deps.clock.monotonic();
    try {
      return await work();
    } finally {
      ahead.took(project, deps.clock.monotonic() - began);
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

  /**
   * Removes the work tree and the branch of a session when no work would be lost with them.
   * @returns null when they are gone, else the sentence why they stay.
   */
  async function discard(project: Where, sessionId: string): Promise<string | null> {
    const found = await looks.look(project);
    const { path, branch } = await placeOf(project, sessionId, found);
    return inTurn(found, () => clear(project, path, branch));
  }

  return {
    discard,

    /**
     * A session is about to be launched there: git is asked now what `prepare` will want to know. Never rejects.
     * @returns the id that the session is to have, that of the tree which was made ahead or a new one; and whether
     * something is committed there, as far as that is known.
     */
    async foresee(project: Where): Promise<{ id: string; hasCommit: true | null }> {
      if (!project.worktree) return { id: deps.ids.next('ses'), hasCommit: null };
      const at = deps.clock.monotonic();
      const said = ahead.said(project);
      const found =
        said !== null
          ? Promise.resolve(looks.remembered(project, said))
          : ahead.isReady(project)
            ? looks.glance(project)
            : looks.look(project);
      const [head, ready] = await Promise.all([
        found.then(
          (known) => known.head,
          () => null, // `prepare` says what is wrong
        ),
        ahead.take(project),
      ]);
      const id = ready ?? deps.ids.next('ses');
      looks.foresee(id, at, found);
      return { id, hasCommit: head ? true : null };
    },

    /** Nothing came of the session that was foreseen under that id. */
    forgo: ahead.giveBack,
    /** That session has ended, perhaps without ever having had a place. */
    ended: ahead.ended,

    /** The next tree of a project, made while nobody waits for it. Never rejects. */
    makeAhead: ahead.make,
    /** No session of that project will want a tree any more. Never rejects. */
    forget: ahead.forget,
    /** Once, before anything is dispatched: what was made ahead and not used before the engine was cut off goes. */
    sweepAhead: ahead.sweep,
    /** Removes what was made ahead and not used. */
    close: ahead.close,

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
      const found = await looks.looked(project, sessionId);
      const { commit, target, notes } = await startOf(project, found, startAt);
      const ready = await ahead.use(sessionId, commit);
      const made =
        ready === null
          ? await inTurn(found, () => timed(project, () => newTree(project, sessionId, commit, found)))
          : { ...ready, notes: await furnish(project, ready.cwd) };
      const { cwd, branch, worktree } = made;
      const all = [...notes, ...made.notes];
      return { cwd, branch, worktree, baseCommit: commit, target, note: all.length === 0 ? null : all.join(' ') };
    },

    /**
     * Runs the project's set-up command in a tree that was just made. When it fails, tree and branch go.
     * @returns the commit that is checked out after it, from which the agent's own work is measured, and what a
     * person should know of what it left; null: there was nothing to run.
     * @throws TenureError with the command's last lines, or that it was called off by `signal`.
     */
    async setUp(
      project: Where & Pick<Project, 'setupCommand' | 'setupTimeoutMs'>,
      place: Made,
      run: { nonce: string; signal: AbortSignal },
    ): Promise<{ baseCommit: string; note: string | null } | null> {
      const { setupCommand: command, setupTimeoutMs: timeoutMs } = project;
      const { worktree, branch } = place;
      if (worktree === null || branch === null || command === null) return null;
      try {
        await runSetUp(deps, { command, timeoutMs, cwd: worktree, ...run });
        const { head, changes } = (await git.headBranch(worktree)) === branch ? await git.state(worktree) : NOWHERE;
        if (head.commit === null) {
          const what = `left no work tree with the branch ${branch} checked out in "${worktree}"`;
          throw new TenureError('refused', redact(`The set-up command "${command}" ${what}.`));
        }
        return { baseCommit: head.commit, note: setUpNote(changes.map(({ path }) => path)) };
      } catch (error) {
        const repository = await git.commonDir(project.path);
        await locked(repository, async () => {
          // The agent has not been there: whatever is in it comes from the set-up.
          const remove = () => git.removeTree(project.path, worktree, { force: true });
          await remove().catch(async () => {
            // Git takes it for a tree no more: by hand, and then out of git's list.
            await rm(worktree, { recursive: true, force: true });
            await remove();
          });
          await clear(project, worktree, branch);
        }).catch(() => undefined);
        throw error;
      }
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

    /** Puts into a copy of a project what its sessions get copied in. @throws what the disk says. */
    furnish,

    /** A fingerprint of a work tree, to which an approval is bound (see `markOf`). */
    mark: (cwd: string): Promise<string> => markOf(git, cwd),

    /** One after the other for each repository, with everything else that writes there. */
    locked,
  };
}
