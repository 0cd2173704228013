import { TenureError } from '../../shared/errors.ts';
import { createGitDiff, type GitDiff } from './git-diff.ts';
import { createGitLook, type GitLook } from './git-look.ts';
import {
  type DiffSize,
  type LinkedTree,
  lineOf,
  parseState,
  parseTrees,
  type TreeState,
  wordsOf,
} from './git-output.ts';
import { createGitRemotes, type GitRemotes } from './git-remote.ts';
import { CHECKOUT_MS, createGitRunner, type GitDeps } from './git-run.ts';
import { createGitSame, type GitSame } from './git-same.ts';
import { createGitTrees, type GitTrees } from './git-trees.ts';

/** What git says that a folder is. */
type Place =
  | { kind: 'tree'; top: string }
  | { kind: 'bare' }
  | { kind: 'git_dir' }
  | { kind: 'none' }
  /** Git would not say; `detail` are its own words. */
  | { kind: 'failed'; detail: string };

export interface Git extends GitDiff, GitLook, GitRemotes, GitSame, GitTrees {
  /** Git's version, or null when there is no git to be run. */
  version(): Promise<string | null>;
  place(path: string): Promise<Place>;
  /** The directory that all work trees of the repository share; it names the repository. */
  commonDir(cwd: string): Promise<string>;
  /** HEAD and every file that differs from it, untracked ones one by one, ignored ones not. */
  state(cwd: string): Promise<TreeState>;
  /** The commit that a name stands for (`HEAD`, `refs/heads/…`, an id); null when there is none. */
  commitAt(cwd: string, name: string): Promise<string | null>;
  isAncestor(cwd: string, ancestor: string, descendant: string): Promise<boolean>;
  countCommits(cwd: string, from: string, to: string): Promise<number>;
  /** The change between two commits; a rename is one file, a binary file has no lines. */
  diffSize(cwd: string, from: string, to: string): Promise<DiffSize>;
  /** How many commits are on those branches and heads (commit ids), and on no other branch, tag, remote branch or HEAD. */
  commitsOnlyOn(cwd: string, branches: readonly string[], heads: readonly string[]): Promise<number>;
  /** Makes branch and work tree; submodules stay empty. */
  addTree(cwd: string, tree: { path: string; branch: string; commit: string }): Promise<void>;
  linkedTrees(cwd: string): Promise<LinkedTree[]>;
  /** Without `force` git refuses a tree with uncommitted files. */
  removeTree(cwd: string, path: string, options: { force: boolean }): Promise<void>;
  /** Deletes the branch only while it is at that commit. */
  deleteBranch(cwd: string, branch: string, commit: string): Promise<void>;
}

/**
 * The real git, behind a few typed functions that are safe on a repository that nobody vouches for.
 * Content filters (`filter.*.clean`, git-lfs) still run: without them such a tree would look changed.
 *
 * Every function throws TenureError: `unavailable` when git cannot be run, `refused` with git's own
 * words when it says no.
 */
export function createGit(deps: GitDeps): Git {
  const runner = createGitRunner(deps);
  const { run, read, write } = runner;
  const diff = createGitDiff(runner);

  return {
    ...diff,
    ...createGitRemotes(runner),
    ...createGitTrees(runner),
    ...createGitLook(runner),
    ...createGitSame(runner),

    async version() {
      const result = await run('/', ['version']).catch(() => null);
      return /^git version (\S+)/.exec(result?.stdout ?? '')?.[1] ?? null;
    },

    async place(path) {
      const flags = ['--is-bare-repository', '--is-inside-git-dir', '--is-inside-work-tree'];
      const result = await run(path, ['rev-parse', ...flags]);
      if (!result.ok) {
        const detail = wordsOf(result);
        return detail.includes('not a git repository') ? { kind: 'none' } : { kind: 'failed', detail };
      }
      const [bare, inGitDir, inTree] = result.stdout.split('\n');
      if (bare === 'true') return { kind: 'bare' };
      if (inGitDir === 'true' || inTree !== 'true') return { kind: 'git_dir' };
      return { kind: 'tree', top: lineOf(await read(path, ['rev-parse', '--show-toplevel'])) };
    },

    async commonDir(cwd) {
      return lineOf(await read(cwd, ['rev-parse', '--path-format=absolute', '--git-common-dir']));
    },

    async state(cwd) {
      const format = ['--porcelain=v2', '--branch', '-z', '--no-renames'];
      return parseState(await read(cwd, ['status', ...format, '--untracked-files=all', '--ignore-submodules=none']));
    },

    async commitAt(cwd, name) {
      const result = await run(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
      return result.ok ? lineOf(result.stdout) : null;
    },

    async isAncestor(cwd, ancestor, descendant) {
      const args = ['merge-base', '--is-ancestor', ancestor, descendant];
      const result = await run(cwd, args);
      if (result.ok || result.exitCode === 1) return result.ok;
      throw new TenureError('refused', `git merge-base did not work in ${cwd}: ${wordsOf(result)}.`);
    },

    async countCommits(cwd, from, to) {
      return Number(await read(cwd, ['rev-list', '--count', `${from}..${to}`, '--']));
    },

    async diffSize(cwd, from, to) {
      const files = await diff.changedFiles(cwd, { from, to });
      const sum = (side: 'added' | 'removed'): number => files.reduce((all, file) => all + (file[side] ?? 0), 0);
      return { files: files.length, insertions: sum('added'), deletions: sum('removed') };
    },

    async commitsOnlyOn(cwd, branches, heads) {
      const tips = [...branches.map((name) => `refs/heads/${name}`), ...heads];
      if (tips.length === 0) return 0;
      const others = ['HEAD', ...branches.map((name) => `--exclude=${name}`), '--branches', '--remotes', '--tags'];
      return Number(await read(cwd, ['rev-list', '--count', ...tips, '--not', ...others, '--']));
    },

    async addTree(cwd, { path, branch, commit }) {
      await write(cwd, ['worktree', 'add', '--quiet', '--no-track', '-b', branch, '--', path, commit], {
        timeoutMs: CHECKOUT_MS,
      });
    },

    async linkedTrees(cwd) {
      return parseTrees(await read(cwd, ['worktree', 'list', '--porcelain', '-z']));
    },

    async removeTree(cwd, path, { force }) {
      // Twice: git removes a locked tree only then, and one whose making was cut short stays locked.
      const how = force ? ['--force', '--force'] : [];
      await write(cwd, ['worktree', 'remove', ...how, '--', path], { timeoutMs: CHECKOUT_MS });
    },

    async deleteBranch(cwd, branch, commit) {
      await write(cwd, ['update-ref', '-d', `refs/heads/${branch}`, commit]);
    },
  };
}
