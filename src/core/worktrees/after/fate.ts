import { existsSync } from 'node:fs';
import type { Fate } from '../../../shared/contract/worktrees.ts';
import type { WorkNote, WorkRow } from '../storage.ts';
import { type ContentGit, cameAs } from './content.ts';
import { alone, type LoggedCommit, lastRevertOf, revertedIn } from './rules.ts';

export interface FateGit extends ContentGit {
  commitAt(cwd: string, name: string): Promise<string | null>;
  headBranch(cwd: string): Promise<string | null>;
  isAncestor(cwd: string, ancestor: string, descendant: string): Promise<boolean>;
  countCommits(cwd: string, from: string, to: string): Promise<number>;
  log(cwd: string, from: string, to: string, limit: number): Promise<LoggedCommit[]>;
}

/** So far back a later revert is looked for. */
export const MOST_COMMITS = 5_000;

/**
 * Whether the work of a session is part of its project, from git alone: merged when its newest commit is an
 * ancestor of the target, however that came, or when the target has the very same changes under other commits;
 * reverted when commits on the target say that they take it back.
 */
export async function fateOf(git: FateGit, session: WorkRow, noted: WorkNote | null): Promise<Fate> {
  const { projectPath: at, baseCommit, worktree, branch, measuredHead } = session;
  const none: Fate = { fate: 'none', target: noted?.target ?? null, commits: 0, reverted: 0, revertedAt: null };
  if (baseCommit === null || !existsSync(at)) return none;
  const own = worktree === null || branch === null ? null : await git.commitAt(at, `refs/heads/${branch}`);
  // An agent may have gone to a branch of its own making: then the one that it was given stays where it was.
  const known = (own === baseCommit ? null : own) ?? noted?.tip ?? measuredHead ?? own;
  const tip = known === null ? null : await git.commitAt(at, known);
  if (tip === null || tip === baseCommit || (await git.commitAt(at, baseCommit)) === null) return none;
  const target = noted?.target ?? (worktree === null ? branch : await git.headBranch(at));
  const commits = await git.countCommits(at, baseCommit, tip);
  const open: Fate = { fate: commits === 0 ? 'none' : 'open', target, commits, reverted: 0, revertedAt: null };
  const there = target === null ? null : await git.commitAt(at, `refs/heads/${target}`);
  if (commits === 0 || there === null) return open;
  const isThere = await git.isAncestor(at, tip, there);
  const others = isThere ? null : await cameAs(git, at, tip, there);
  if (!isThere && others === null) return open;
  const [work, since] = await Promise.all([
    others === null ? git.log(at, baseCommit, tip, MOST_COMMITS) : others.map(alone),
    git.log(at, baseCommit, there, MOST_COMMITS),
  ]);
  const taken = revertedIn(work, since, tip);
  const reverted = taken === work.length ? commits : taken;
  const revertedAt = reverted === 0 ? null : lastRevertOf(work, since, tip);
  return { fate: reverted === commits ? 'reverted' : 'merged', target, commits, reverted, revertedAt };
}
