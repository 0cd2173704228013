import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { MergeHow, MergeReport } from '../../../shared/contract/worktrees.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { TreeState } from '../service.ts';
import type { MergeRow } from '../storage.ts';
import type { Standing } from './look.ts';

interface Changed {
  path: string;
  objectBefore: string | null;
  objectAfter: string | null;
  modeBefore: string | null;
  modeAfter: string | null;
}

/** What is used of git to merge; each throws TenureError with git's own words. */
export interface MergeGit {
  state(cwd: string): Promise<TreeState>;
  commitAt(cwd: string, name: string): Promise<string | null>;
  headBranch(cwd: string): Promise<string | null>;
  isAncestor(cwd: string, ancestor: string, descendant: string): Promise<boolean>;
  mergeInMemory(
    cwd: string,
    ours: string,
    theirs: string,
  ): Promise<{ tree: string; conflicts: null } | { tree: null; conflicts: string[] }>;
  commitMerge(cwd: string, merge: { tree: string; parents: readonly string[]; message: string }): Promise<string>;
  moveBranch(cwd: string, move: { branch: string; from: string; to: string; reason: string }): Promise<void>;
  forwardTree(cwd: string, to: string, env: Readonly<Record<string, string>>): Promise<void>;
  resetTree(cwd: string, to: string): Promise<void>;
  changedFiles(
    cwd: string,
    range: { from: string; to: string | null },
    options?: { uncounted?: boolean; unpaired?: boolean },
  ): Promise<Changed[]>;
  hashFile(cwd: string, path: string): Promise<string | null>;
  blobText(cwd: string, id: string): Promise<string | null>;
}

/** A file that was cut off while it was written is compared up to that size. */
const MOST_BYTES = 32 << 20;

/** What a merge would be. `to`: where the target would go; null: there are conflicts. */
export type Plan =
  | { how: MergeHow; to: { commit: string } | { tree: string }; conflicts: [] }
  | { how: null; to: null; conflicts: string[] };

/** Computes a merge in memory: no tree, branch or index is touched. */
export async function planOf(git: MergeGit, at: Standing & { targetCommit: string }): Promise<Plan> {
  const { repository, tip, targetCommit } = at;
  const done = (how: MergeHow, commit: string): Plan => ({ how, to: { commit }, conflicts: [] });
  if (await git.isAncestor(repository, tip, targetCommit)) return done('nothing', targetCommit);
  if (await git.isAncestor(repository, targetCommit, tip)) return done('fast_forward', tip);
  const { tree, conflicts } = await git.mergeInMemory(repository, targetCommit, tip);
  return tree === null ? { how: null, to: null, conflicts } : { how: 'merge_commit', to: { tree }, conflicts: [] };
}

/** Files of a tree that git does not know, where the merge would put files of its own. */
export async function inTheWay(git: MergeGit, at: Standing, plan: Plan): Promise<string[]> {
  if (plan.to === null || at.targetTree === null || at.targetCommit === null) return [];
  const to = 'commit' in plan.to ? plan.to.commit : plan.to.tree;
  const changed = await git.changedFiles(
    at.repository,
    { from: at.targetCommit, to },
    { uncounted: true, unpaired: true },
  );
  const top = at.targetTree;
  // What the merge itself takes away makes room for what it puts there.
  const leaving = new Set(changed.flatMap(({ path, objectAfter }) => (objectAfter === null ? [path] : [])));
  const found = new Set<string>();
  for (const { path, objectBefore } of changed) {
    if (objectBefore !== null) continue;
    const folders = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
    for (const name of folders) {
      const there = await lstat(join(top, name)).catch(() => null);
      if (there === null) break;
      if (there.isDirectory() && name !== path) continue;
      const inside = there.isDirectory() ? await filesBelow(top, name) : [name];
      if (inside.some((one) => !leaving.has(one))) found.add(name);
      break;
    }
  }
  return [...found];
}

/** Every file in a folder of a tree, by its path from the top. */
async function filesBelow(top: string, folder: string): Promise<string[]> {
  const all = await readdir(join(top, folder), { withFileTypes: true, recursive: true });
  return all.flatMap((one) => (one.isDirectory() ? [] : [relative(top, join(one.parentPath, one.name))]));
}

interface Book {
  begin(merge: MergeRow): void;
  end(sessionId: string): void;
}

/**
 * Moves the target. Where it is checked out, its files go along; the intent is written down before, so that
 * a merge that is cut off in the middle is taken back. @throws TenureError; then nothing has changed.
 */
export async function carryOut(
  git: MergeGit,
  book: Book,
  at: Standing & { targetCommit: string; target: string },
  plan: Plan & { how: MergeHow },
  mark: Pick<MergeRow, 'by' | 'nonce' | 'at'>,
): Promise<MergeReport> {
  const { session, repository, tip, target, targetCommit, targetTree, branch } = at;
  const report = (commit: string): MergeReport => ({ sessionId: session.id, target, how: plan.how, commit });
  if (plan.how === 'nothing' || plan.to === null) return report(targetCommit);
  const to =
    'commit' in plan.to
      ? plan.to.commit
      : await git.commitMerge(repository, {
          tree: plan.to.tree,
          parents: [targetCommit, tip],
          message: `Merge branch '${branch ?? tip.slice(0, 12)}' into ${target}\n\nTenure-Session: ${session.id}\n`,
        });
  if (targetTree === null) {
    const reason = `tenure: merge session ${session.id}`;
    await git.moveBranch(repository, { branch: target, from: targetCommit, to, reason });
    return report(to);
  }
  const merge: MergeRow = {
    ...mark,
    sessionId: session.id,
    repository,
    tree: targetTree,
    target,
    fromCommit: targetCommit,
    toCommit: to,
    tip,
  };
  // A person may have gone to another branch since it was looked at, and that one would move.
  if ((await git.headBranch(targetTree)) !== target) {
    throw new TenureError('conflict', `"${target}" is not checked out in "${targetTree}" any more. Try again.`);
  }
  book.begin(merge);
  const isThere = async () => (await git.commitAt(repository, `refs/heads/${target}`)) === to;
  try {
    await git.forwardTree(targetTree, to, { TENURE_NONCE: mark.nonce });
    // Believed when it is seen, whatever git said.
    if (!(await isThere())) throw new TenureError('refused', `git has not moved "${target}" to the merged work.`);
  } catch (error) {
    if (await isThere()) return report(to);
    const why = await takeBack(git, merge);
    if (why === null) book.end(session.id);
    const more =
      why === null ? 'Nothing was changed.' : `It is half-done: ${why} It is taken back as soon as that can be.`;
    throw new TenureError('refused', `${error instanceof Error ? error.message : String(error)} ${more}`);
  }
  return report(to);
}

/**
 * Brings a tree in which a merge was cut off back to where it was. Only files that are as they were before
 * the merge, as after it, or a beginning of that are touched; anything else is a person's.
 * @returns null when the tree is as before; else the sentence why it is not.
 */
export async function takeBack(git: MergeGit, merge: MergeRow): Promise<string | null> {
  const { tree, fromCommit, toCommit } = merge;
  const files = await git.changedFiles(tree, { from: fromCommit, to: toCommit }, { uncounted: true, unpaired: true });
  const byPath = new Map(files.map((file) => [file.path, file]));
  const { head, changes } = await git.state(tree);
  if (head.commit !== fromCommit) return null; // somebody has moved on: it is theirs now
  const differing = new Set(changes.map(({ path }) => path));
  // An ignored file is told by no state; before the merge there was none where it puts one.
  const added = files.filter(({ path, objectBefore }) => objectBefore === null && existsSync(join(tree, path)));
  const touched = [...new Set([...files.filter(({ path }) => differing.has(path)), ...added])];
  if (touched.length === 0) return null;
  const other = changes.find(({ path, entry }) => !byPath.has(path) && !entry.startsWith('?'));
  if (other) return `"${join(tree, other.path)}" was changed meanwhile.`;
  for (const file of touched) {
    if (!(await isOurs(git, tree, file))) return `"${join(tree, file.path)}" was changed meanwhile.`;
  }
  const problem = await git.resetTree(tree, fromCommit).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (problem !== null) return problem;
  // What the merge has added is unknown to git again.
  for (const { path } of added) await rm(join(tree, path), { force: true });
  return null;
}

/** Is what lies there the file before the merge, the one after it, or a beginning of that? */
async function isOurs(git: MergeGit, tree: string, file: Changed): Promise<boolean> {
  const path = join(tree, file.path);
  const found = await lstat(path).catch(() => null);
  if (found === null) return true;
  const blob = (id: string | null) => (id === null ? null : git.blobText(tree, id));
  if (found.isSymbolicLink()) {
    const to = await readlink(path);
    return (await Promise.all([blob(file.objectBefore), blob(file.objectAfter)])).includes(to);
  }
  if (!found.isFile()) return false;
  const hash = await git.hashFile(tree, file.path);
  if (hash !== null && (hash === file.objectBefore || hash === file.objectAfter)) return true;
  const after = await blob(file.objectAfter);
  if (after === null || found.size > MOST_BYTES) return false;
  // Cut off while it was written: the last character may be half there, and line ends may be another kind.
  const written = (await readFile(path, 'utf8')).replace(/\uFFFD+$/, '');
  return after.replaceAll('\r', '').startsWith(written.replaceAll('\r', ''));
}
