import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Loss } from '../../../shared/contract/worktrees.ts';
import { TenureError } from '../../../shared/errors.ts';
import { count } from '../../../shared/format.ts';
import { lossWords } from '../../../shared/work-words.ts';
import { namesFor } from '../rules.ts';
import type { Standing } from './look.ts';
import type { AfterDeps, Work } from './work.ts';

/** A folder among the work trees about which no session can be asked: it is none's, or its repository is gone. */
export interface Stray {
  path: string;
  /** The git directory that has it in its list; null: none has. */
  repository: string | null;
  /** Branches that Tenure made for it and that are checked out nowhere else. */
  own: Standing['own'];
  locked: string | null;
  /** What nothing holds any more once it is removed. Without a repository, nobody can tell of any of its files. */
  loss: Loss;
  /** Why it stays until a person says so; null: nothing is lost with it. */
  keeps: string | null;
}

/** Every file in a folder, but for the one by which git knows a linked tree. */
async function filesIn(folder: string): Promise<number> {
  const all = await readdir(folder, { withFileTypes: true, recursive: true });
  return all.filter((one) => !one.isDirectory() && !(one.parentPath === folder && one.name === '.git')).length;
}

/** The repository that a linked tree says to be of, there or not; null: it says nothing. */
async function saidToBeOf(path: string): Promise<string | null> {
  const text = await readFile(join(path, '.git'), 'utf8').catch(() => '');
  return /^gitdir: (.+?)(?:\/\.git)?\/worktrees\/[^/]+$/m.exec(text)?.[1] ?? null;
}

/** Looks at such folders and removes them. */
export function createStrays({ git, locked }: Pick<AfterDeps, 'git' | 'locked'>, { remove }: Pick<Work, 'remove'>) {
  /** @throws TenureError refused, when git would not say. */
  async function look(path: string): Promise<Stray> {
    const place = await git.place(path);
    if (place.kind === 'failed') throw new TenureError('refused', `git does not say what "${path}" is.`);
    // The first of a list is the repository's own.
    const trees = place.kind === 'tree' && place.top === path ? await git.linkedTrees(path) : [];
    const listed = trees.slice(1).find((tree) => tree.path === path);
    if (listed === undefined) {
      const files = await filesIn(path);
      const of = await saidToBeOf(path);
      const why =
        of === null
          ? `No session of Tenure knows this folder, and it has ${count(files, 'file')}.`
          : `Its repository "${of}" ${existsSync(of) ? 'does not know it any more' : 'is not there'}, so nobody can tell what of its ${count(files, 'file')} is elsewhere.`;
      const loss = { uncommittedFiles: files, commits: 0 };
      return { path, repository: null, own: [], locked: null, loss, keeps: files === 0 ? null : why };
    }
    // Asked from the repository: in the tree, HEAD is its own, and would hold its own commits.
    const repository = await git.commonDir(path);
    const state = listed.locked === 'initializing' ? null : await git.state(path);
    const own: Stray['own'] = [];
    for (const name of namesFor(basename(path))) {
      const tip = await git.commitAt(repository, `refs/heads/${name}`);
      if (tip !== null && !trees.some((tree) => tree !== listed && tree.branch === name)) own.push({ name, tip });
    }
    const head = state?.head.commit ?? null;
    const branches = own.map(({ name }) => name);
    const inside = state === null ? 0 : await git.commitsInSubmodules(path);
    const commits = inside + (await git.commitsOnlyOn(repository, branches, head === null ? [] : [head]));
    const loss = { uncommittedFiles: state?.changes.length ?? 0, commits };
    const words = lossWords(loss);
    const keeps = words === null ? null : `It is no session's, and has ${words}.`;
    return { path, repository, own, locked: listed.locked, loss, keeps };
  }

  return {
    look,

    /**
     * Removes such a folder with the branches that were made for it, when `agreed` says so of what it is now.
     * @returns why it stays; null: it is gone. @throws TenureError what git says.
     */
    async remove(path: string, agreed: (now: Stray) => string | null): Promise<string | null> {
      const found = await look(path);
      const work = async (): Promise<string | null> => {
        const now = await look(path);
        const why = agreed(now);
        if (why !== null) return why;
        const { repository } = now;
        if (repository === null) await rm(path, { recursive: true, force: true });
        else await remove({ ...now, repository, tree: path, forgotten: null }, now.loss);
        return null;
      };
      return found.repository === null ? work() : locked(found.repository, work);
    },
  };
}
