import { createHash } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** A tree with more entries than this is looked at by git, which does that beside us. */
const MOST_ENTRIES = 1_000;
/** A path at the most. */
const MOST_BYTES = 4_096;

/*
 * A look at files that tells, in about a millisecond and without a process, that nothing has changed since git
 * was asked. What it cannot tell is null, and then git is asked again.
 */

const told = (found: Stats | undefined): string =>
  found ? `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}` : '-';

/** The text of a small file of git's; null: it is not there. Nothing that somebody puts in its place is waited for. */
function textOf(path: string): string | null {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(MOST_BYTES);
      return bytes.toString('utf8', 0, readSync(file, bytes)).trim();
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** The git directory of a work tree: HEAD and index are there. */
function gitDirOf(tree: string): string | null {
  const git = join(tree, '.git');
  if (statSync(git).isDirectory()) return git;
  const path = /^gitdir: (.+)$/.exec(textOf(git) ?? '')?.[1];
  if (path === undefined) return null;
  return isAbsolute(path) ? path : join(tree, path);
}

/** HEAD, the branch that it names and its commit, in the files of a git directory. */
function headIn(gitDir: string, repository: string): string[] | null {
  const head = textOf(join(gitDir, 'HEAD')) ?? '';
  // Where branches are kept in a table (reftable), HEAD's file says nothing.
  if (!head.startsWith('ref: refs/heads/') || head.endsWith('/.invalid')) return null;
  const branch = textOf(join(repository, head.slice('ref: '.length)));
  // One that stands for another moves without its own file.
  if (branch?.startsWith('ref:')) return null;
  return [head, branch ?? '-', told(statSync(join(repository, 'packed-refs'), { throwIfNoEntry: false }))];
}

const attempt = (work: () => string[] | null): string | null => {
  try {
    return work()?.join('\n') ?? null;
  } catch {
    return null;
  }
};

/**
 * What is checked out in a tree, at which commit, and what that branch follows, as a text that stays as long as they do.
 * @param repository the directory that all its trees share.
 */
export const stampOfHead = (tree: string, repository: string): string | null =>
  attempt(() => {
    const gitDir = gitDirOf(tree);
    const head = gitDir === null ? null : headIn(gitDir, repository);
    if (gitDir === null || head === null) return null;
    const config = [join(repository, 'config'), join(gitDir, 'config.worktree')];
    return [gitDir, ...head, ...config.map((path) => told(statSync(path, { throwIfNoEntry: false })))];
  });

/** The same for every file of a linked tree, for what git has staged there, and for its branch. */
export const stampOfTree = (tree: string, repository: string): string | null =>
  attempt(() => {
    const gitDir = gitDirOf(tree);
    const head = gitDir === null ? null : headIn(gitDir, repository);
    if (gitDir === null || head === null) return null;
    const all = createHash('sha256');
    let left = MOST_ENTRIES;
    const walk = (folder: string): boolean => {
      all.update(`${folder} ${told(lstatSync(folder))}\n`);
      return readdirSync(folder, { withFileTypes: true }).every((entry) => {
        left -= 1;
        if (left < 0) return false;
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return walk(path);
        all.update(`${path} ${told(lstatSync(path))}\n`);
        return true;
      });
    };
    if (!walk(tree)) return null;
    return [...head, told(statSync(join(gitDir, 'index'))), all.digest('hex')];
  });
