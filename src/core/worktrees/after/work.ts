import type { Loss, SessionWork } from '../../../shared/contract/worktrees.ts';
import { TenureError } from '../../../shared/errors.ts';
import { lossWords } from '../../../shared/work-words.ts';
import type { Clock, Ids, Spawner } from '../../kernel/ports.ts';
import type { RepositoryLock } from '../lock.ts';
import { namesFor, placeOf } from '../rules.ts';
import type { createWorktreeStorage, WorkNote, WorkRow } from '../storage.ts';
import { cameAs } from './content.ts';
import { type FateGit, fateOf, MOST_COMMITS } from './fate.ts';
import { type LookGit, lookAt, type Standing } from './look.ts';
import { inTheWay, type MergeGit, type Plan, planOf } from './merge.ts';
import { alone, obstaclesTo, revertedIn, whyUnfinished } from './rules.ts';

export interface AfterGit extends LookGit, MergeGit, FateGit {
  underWay(cwd: string): Promise<string | null>;
  heldAt(cwd: string, branch: string): Promise<{ tree: string; what: string } | null>;
  remotes(cwd: string): Promise<string[]>;
  commitsInSubmodules(cwd: string): Promise<number>;
  removeTree(cwd: string, path: string, options: { force: boolean }): Promise<void>;
  deleteBranch(cwd: string, branch: string, commit: string): Promise<void>;
}

export interface AfterDeps {
  git: AfterGit;
  storage: ReturnType<typeof createWorktreeStorage>;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
  spawner: Pick<Spawner, 'run' | 'treeOf'>;
  /** Work trees are in its folder `worktrees`. */
  dataDir: string;
  locked: RepositoryLock;
  /** Writes down and tells what became of a work; `also` runs in the same commit. */
  settle(
    sessionId: string,
    what: {
      state: 'merged' | 'kept' | 'discarded';
      by: string;
      tip: string | null;
      target?: string | null;
      mergedAs?: string | null;
    },
    also?: () => void,
  ): void;
  workOf(session: WorkRow): SessionWork;
  log: { warn(about: object, message: string): void };
}

const OUTSIDE = 'outside';

export type Work = ReturnType<typeof createWork>;

/** What merging, discarding and cleaning have in common: where a work stands, and what is in the way. */
export function createWork(deps: AfterDeps) {
  const { git, storage, locked } = deps;

  function row(sessionId: string): WorkRow {
    const found = storage.get(sessionId);
    if (!found) throw new TenureError('not_found', `There is no session "${sessionId}".`);
    return found;
  }
  /** Every session that was given the same tree. */
  const sharing = (session: WorkRow): WorkRow[] =>
    session.worktree === null ? [session] : storage.ofTree(session.worktree);
  const look = (session: WorkRow, into?: string): Promise<Standing> => {
    const names = sharing(session).flatMap((one) => namesFor(placeOf(one)));
    return lookAt(git, session, noteOf(session), names, into);
  };
  const noteOf = (session: WorkRow): WorkNote => {
    const note = storage.work(session.id) ?? NOTHING;
    // One that goes on with an earlier session's tree is meant for the same branch.
    return { ...note, target: note.target ?? storage.targetOfTree(session.worktree) };
  };

  /** Whoever works in a tree now; null: nobody. */
  const occupantOf = (tree: string, own?: { projectId: string; path: string }): string | null =>
    storage
      .open()
      .find(({ worktree, baseCommit, projectId }) =>
        worktree === null
          ? baseCommit !== null && own?.path === tree && own.projectId === projectId
          : worktree === tree,
      )?.id ?? null;

  const progressOf = ({ id, state, worktree }: WorkRow) => ({
    sessionId: id,
    ended: state === 'ended',
    follower: worktree === null || state !== 'ended' ? null : occupantOf(worktree),
  });

  /** Where finished work stands. @throws TenureError refused, while somebody works on it. */
  async function finished(sessionId: string): Promise<Standing> {
    const session = row(sessionId);
    const why = whyUnfinished(progressOf(session));
    if (why !== null) throw new TenureError('refused', why);
    return look(session);
  }

  async function obstacles(at: Standing, plan: Plan | null): Promise<string[]> {
    const { session, targetTree, target, branch } = at;
    const state = targetTree === null ? null : await git.state(targetTree);
    const dirty = state?.changes.filter(({ entry }) => !entry.startsWith('?')) ?? [];
    const found = obstaclesTo({
      ...progressOf(session),
      branch,
      target,
      targetExists: at.targetCommit !== null,
      targetTree,
      dirty: dirty.map(({ path }) => path),
      // Not staged, at another commit, and nothing changed inside.
      onlySubmodules: dirty.every(({ entry }) => entry.startsWith('1 .M SC.. ')),
      underWay: targetTree === null ? null : await git.underWay(targetTree),
      occupant:
        targetTree === null
          ? null
          : occupantOf(targetTree, { projectId: session.projectId, path: session.projectPath }),
    });
    const held = targetTree === null && target !== null ? await git.heldAt(at.repository, target) : null;
    if (held !== null) {
      found.push(`A ${held.what} of "${target}" is under way in "${held.tree}". Finish or abort it first.`);
    }
    if (plan === null) return found;
    if (plan.conflicts.length > 0) {
      found.push(
        `Both sides changed ${named(plan.conflicts)}; resolve that in the session's tree, or ask an agent to.`,
      );
    }
    const way = await inTheWay(git, at, plan);
    if (way.length > 0) found.push(`${named(way)} in "${targetTree}" is not known to git and would be overwritten.`);
    return found;
  }

  /** What nothing holds any more once tree and branches are removed, whatever is checked out there. */
  async function lossOf(at: Standing): Promise<Loss> {
    const { repository, uncommitted, own, head, tree } = at;
    const branches = own.map(({ name }) => name);
    const here = await git.commitsOnlyOn(repository, branches, head === null ? [] : [head]);
    // A linked tree has the repositories of its submodules to itself: they go with it.
    const inside = tree === null || head === null ? 0 : await git.commitsInSubmodules(tree);
    const commits = inside + (here > 0 && (await cameElsewhere(at)) ? 0 : here);
    return { uncommittedFiles: uncommitted.length, commits };
  }

  /** Has the target all of it under other commits (squashed, rebased), and does nothing else hang on its branches? */
  async function cameElsewhere({ repository, own, tip, baseCommit, targetCommit }: Standing): Promise<boolean> {
    const came = targetCommit === null ? null : await cameAs(git, repository, tip, targetCommit);
    if (targetCommit === null || came === null) return false;
    const since = await git.log(repository, baseCommit, targetCommit, MOST_COMMITS);
    if (revertedIn(came.map(alone), since, tip) > 0) return false;
    for (const one of own) if (!(await git.isAncestor(repository, one.tip, tip))) return false;
    return true;
  }

  const planFor = (at: Standing): Promise<Plan> | null =>
    at.targetCommit === null ? null : planOf(git, { ...at, targetCommit: at.targetCommit });

  /** @throws TenureError refused, where nobody can tell what is in its folder. */
  function assertListed({ unlisted, repository }: Standing): void {
    if (unlisted === null) return;
    throw new TenureError(
      'refused',
      `"${repository}" does not know the work tree "${unlisted}" any more. Save what you need of that folder, then remove it by its name.`,
    );
  }

  /** Removes tree and own branches; the caller has looked that nothing unconfirmed is lost. */
  async function remove(
    at: Pick<Standing, 'repository' | 'tree' | 'forgotten' | 'own' | 'locked'>,
    loss: Loss,
  ): Promise<void> {
    const { repository, tree, own, forgotten } = at;
    for (const { name } of own) {
      const held = await git.heldAt(repository, name);
      if (held !== null && held.tree !== tree) {
        throw new TenureError('refused', `A ${held.what} of "${name}" is under way in "${held.tree}".`);
      }
    }
    if (tree !== null) {
      if (at.locked !== null && at.locked !== 'initializing') {
        throw new TenureError('refused', `Somebody has locked the work tree "${tree}" (${at.locked || 'no reason'}).`);
      }
      const force = loss.uncommittedFiles > 0 || at.locked !== null;
      await git.removeTree(repository, tree, { force }).catch((error: unknown) => {
        // Git never removes a tree with submodules unless forced; what they hold has been looked at.
        if (force || !/submodule/.test(String(error))) throw error;
        return git.removeTree(repository, tree, { force: true });
      });
    }
    if (forgotten !== null) await git.removeTree(repository, forgotten, { force: true });
    for (const { name, tip } of own) await git.deleteBranch(repository, name, tip);
  }

  /** Written down, when it was merged without Tenure. */
  async function recognise(session: WorkRow): Promise<boolean> {
    const { state, target } = deps.workOf(session);
    if (state !== 'open' || session.state !== 'ended') return false;
    const fate = await fateOf(git, session, noteOf(session));
    if (fate.fate !== 'merged' && fate.fate !== 'reverted') return false;
    deps.settle(session.id, {
      state: 'merged',
      by: OUTSIDE,
      tip: session.measuredHead,
      target: fate.target ?? target,
    });
    return true;
  }

  /** Removes as `remove` does, and writes down what that means for every session of the tree; merged stays merged. */
  async function removeAndSettle(at: Standing, loss: Loss, by: string): Promise<void> {
    assertListed(at);
    for (const one of sharing(at.session)) await recognise(one).catch(() => false);
    await remove(at, loss);
    settleGone(at.session, at.tip, by);
  }

  /** Writes down that a tree is gone, for every session of it; merged stays merged. */
  function settleGone(session: WorkRow, tip: string | null, by: string): void {
    for (const one of sharing(session)) {
      const { state } = deps.workOf(one);
      if (state !== 'open' && state !== 'kept') continue;
      deps.settle(one.id, { state: 'discarded', by, tip: one.id === session.id ? tip : one.measuredHead });
    }
  }

  /** Why nobody touches a tree now; null: nobody works there. */
  function whyInUse(session: WorkRow): string | null {
    if (session.state !== 'ended') return 'Its session has not ended.';
    const occupant = session.worktree === null ? null : occupantOf(session.worktree);
    return occupant === null ? null : `Session ${occupant} works in it.`;
  }

  /** Why a tree is not cleaned; null: nothing is lost with it. @throws TenureError when it cannot be looked at. */
  async function whyKept(session: WorkRow): Promise<string | null> {
    const used = whyInUse(session);
    if (used !== null) return used;
    const at = await look(session);
    assertListed(at);
    if (sharing(session).some((one) => deps.workOf(one).state === 'kept')) return 'A person keeps it.';
    if (at.locked !== null && at.locked !== 'initializing') return 'Somebody has locked it.';
    const lost = lossWords(await lossOf(at));
    return lost === null ? null : `It has ${lost}.`;
  }

  async function inRepository<T>(session: WorkRow, work: () => Promise<T>): Promise<T> {
    const { repository } = await look(session);
    return locked(await git.commonDir(repository), work);
  }

  return {
    row,
    look,
    finished,
    noteOf,
    occupantOf,
    obstacles,
    lossOf,
    planFor,
    recognise,
    remove,
    removeAndSettle,
    settleGone,
    whyInUse,
    whyKept,
    inRepository,
  };
}

const NOTHING: WorkNote = { state: null, at: null, by: null, target: null, note: null, tip: null, mergedAs: null };

function named(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(', ');
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}
