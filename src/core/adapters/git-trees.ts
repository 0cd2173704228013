import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TenureError } from '../../shared/errors.ts';
import { lineOf, parseTrees, wordsOf } from './git-output.ts';
import { CHECKOUT_MS, type GitRunner } from './git-run.ts';

/** What a merge of two commits would give. */
export type Merged = { tree: string; conflicts: null } | { tree: null; conflicts: string[] };

export interface GitTrees {
  /** Local branches, without `refs/heads/`. */
  branches(cwd: string): Promise<string[]>;
  /** The branch of HEAD; null when it is detached. */
  headBranch(cwd: string): Promise<string | null>;
  /** Untracked files, ignored ones too, that a `:(glob)` pathspec names. */
  untrackedMatching(cwd: string, patterns: readonly string[]): Promise<string[]>;
  /** Whether any file that a `:(glob)` pathspec names is another at one commit than at the other. */
  differ(cwd: string, from: string, to: string, patterns: readonly string[]): Promise<boolean>;
  /** Puts a tree back where it was, on its branch. */
  restoreTree(cwd: string, tree: { path: string; branch: string }): Promise<void>;
  /** What is half-done in a tree (`merge`, `rebase`, …); null: nothing. */
  underWay(cwd: string): Promise<string | null>;
  /** Where a rebase or bisect of a branch is under way, which is checked out nowhere meanwhile; null: nowhere. */
  heldAt(cwd: string, branch: string): Promise<{ tree: string; what: 'rebase' | 'bisect' } | null>;
  /** Merges two commits in memory: no tree, branch or index is touched, and no merge program is run. */
  mergeInMemory(cwd: string, ours: string, theirs: string): Promise<Merged>;
  /** Writes a merge commit that no branch has yet. */
  commitMerge(cwd: string, merge: { tree: string; parents: readonly string[]; message: string }): Promise<string>;
  /** Moves a branch that is checked out nowhere, only while it is at `from`. */
  moveBranch(cwd: string, move: { branch: string; from: string; to: string; reason: string }): Promise<void>;
  /** Moves the branch that is checked out there, with index and files; git refuses where files would be lost. */
  forwardTree(cwd: string, to: string, env: Readonly<Record<string, string>>): Promise<void>;
  /** Makes branch, index and files what that commit says, whatever they are now. */
  resetTree(cwd: string, to: string): Promise<void>;
  /** Commits and stashes in the submodules of a tree, and in theirs, that are on none of their remotes and tags. */
  commitsInSubmodules(cwd: string): Promise<number>;
  /** Commits between two points, newest first: id, parents, time and message. */
  log(cwd: string, from: string, to: string, limit: number): Promise<LoggedCommit[]>;
}

export interface LoggedCommit {
  id: string;
  /** When it was committed, epoch ms, as it says itself. */
  at: number;
  parents: string[];
  message: string;
}

/** Files of the git directory that mean that something is half-done. */
const UNDER_WAY: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'merge',
  'rebase-merge': 'rebase',
  'rebase-apply': 'rebase',
  CHERRY_PICK_HEAD: 'cherry-pick',
  REVERT_HEAD: 'revert',
  BISECT_LOG: 'bisect',
};

/** Branches, trees and merges. */
export function createGitTrees({ run, read, write }: GitRunner): GitTrees {
  /** Every merge program of the configuration, put aside for git's own merge of lines. */
  async function plainMerges(cwd: string): Promise<string[]> {
    const { ok, stdout } = await run(cwd, [
      'config',
      '-z',
      '--name-only',
      '--get-regexp',
      String.raw`^merge\..*\.driver$`,
    ]);
    const names = ok ? stdout.split('\0').filter((name) => name !== '') : [];
    return [...new Set(names)].map((name) => `--config-env=${name}=TENURE_PLAIN_MERGE`);
  }

  async function commitsInSubmodules(cwd: string): Promise<number> {
    const listed = await read(cwd, ['ls-files', '--stage', '-z']);
    // Mode 160000 points to a commit of another repository, which a linked tree keeps in its own git directory.
    const paths = listed.split('\0').flatMap((entry) => (entry.startsWith('160000 ') ? [entry.split('\t')[1]] : []));
    let commits = 0;
    for (const path of paths) {
      const at = join(cwd, path ?? '');
      if (!existsSync(join(at, '.git'))) continue;
      const range = ['--exclude=refs/tags/*', '--all', '--not', '--remotes', '--tags'];
      const counted = await run(at, ['rev-list', '--count', ...range, '--']);
      if (!counted.ok && wordsOf(counted).includes('not a git repository')) continue; // nothing is left of it
      if (!counted.ok) throw new TenureError('refused', `git would not look into "${at}": ${wordsOf(counted)}.`);
      commits += Number(counted.stdout) + (await commitsInSubmodules(at));
    }
    return commits;
  }

  return {
    async branches(cwd) {
      const all = await read(cwd, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads']);
      return all.split('\n').filter((name) => name !== '');
    },

    async headBranch(cwd) {
      const head = await run(cwd, ['symbolic-ref', '--quiet', 'HEAD']);
      return head.ok ? lineOf(head.stdout).replace(/^refs\/heads\//, '') : null;
    },

    async untrackedMatching(cwd, patterns) {
      const specs = patterns.map((pattern) => `:(top,glob)${pattern}`);
      const found = await read(cwd, ['ls-files', '--others', '--full-name', '-z', '--', ...specs]);
      return found.split('\0').filter((path) => path !== '');
    },

    async differ(cwd, from, to, patterns) {
      const specs = patterns.map((pattern) => `:(top,glob)${pattern}`);
      const args = ['diff-tree', '-r', '--name-only', '--no-renames', from, to, '--', ...specs];
      return (await read(cwd, args)) !== '';
    },

    async restoreTree(cwd, { path, branch }) {
      await write(cwd, ['worktree', 'prune']);
      await write(cwd, ['worktree', 'add', '--quiet', '--', path, branch], { timeoutMs: CHECKOUT_MS });
    },

    async underWay(cwd) {
      const names = Object.keys(UNDER_WAY);
      const flags = names.flatMap((name) => ['--git-path', name]);
      const paths = (await read(cwd, ['rev-parse', '--path-format=absolute', ...flags])).split('\n');
      const at = names.findIndex((_, index) => existsSync(paths[index] ?? ''));
      return UNDER_WAY[names[at] ?? ''] ?? null;
    },

    async heldAt(cwd, branch) {
      const names = ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'];
      const flags = names.flatMap((name) => ['--git-path', name]);
      const trees = parseTrees(await read(cwd, ['worktree', 'list', '--porcelain', '-z']));
      for (const tree of trees.filter((one) => one.branch === null && !one.missing && existsSync(one.path))) {
        const paths = (await read(tree.path, ['rev-parse', '--path-format=absolute', ...flags])).split('\n');
        for (const [index, name] of names.entries()) {
          const held = await readFile(paths[index] ?? '', 'utf8').catch(() => '');
          if (lineOf(held).replace(/^refs\/heads\//, '') !== branch) continue;
          return { tree: tree.path, what: name.startsWith('rebase') ? 'rebase' : 'bisect' };
        }
      }
      return null;
    },

    async mergeInMemory(cwd, ours, theirs) {
      const plain = await plainMerges(cwd);
      const form = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages'];
      const env = { TENURE_PLAIN_MERGE: 'git merge-file --quiet --marker-size=%L %A %O %B' };
      const result = await run(cwd, [...plain, ...form, ours, theirs], { env });
      const [tree = '', ...names] = result.stdout.split('\0');
      if (result.ok) return { tree, conflicts: null };
      if (result.exitCode === 1 && /^[0-9a-f]{40,}$/.test(tree)) {
        // Where one side has a file and the other a folder, git moves the file aside under a name of its own.
        const aside = new RegExp(`~(${ours}|${theirs})(_\\d+)?$`);
        return { tree: null, conflicts: [...new Set(names.map((name) => name.replace(aside, '')))].filter(Boolean) };
      }
      // Said in git's own words.
      await read(cwd, [...plain, ...form, ours, theirs], { env });
      throw new Error('git merge-tree failed once and then not');
    },

    async commitMerge(cwd, { tree, parents, message }) {
      const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
      return lineOf(await read(cwd, args, { stdin: message }));
    },

    async moveBranch(cwd, { branch, from, to, reason }) {
      await write(cwd, ['update-ref', '-m', reason, `refs/heads/${branch}`, to, from]);
    },

    async forwardTree(cwd, to, env) {
      const how = [
        '--quiet',
        '--ff-only',
        // A branch may have options of its own (`branch.<name>.mergeOptions`), by which it would not move.
        '--commit',
        '--no-squash',
        '--no-autostash',
        '--no-stat',
        '--no-verify-signatures',
        '--no-overwrite-ignore',
      ];
      await write(cwd, ['merge', ...how, to], { env, timeoutMs: CHECKOUT_MS });
    },

    async resetTree(cwd, to) {
      await write(cwd, ['reset', '--quiet', '--hard', to, '--'], { timeoutMs: CHECKOUT_MS });
    },

    commitsInSubmodules,

    async log(cwd, from, to, limit) {
      const form = ['--format=%H%n%ct%n%P%n%B', '-z', `--max-count=${limit}`];
      const all = await read(cwd, [
        'log',
        '--no-show-signature',
        '--no-notes',
        '--encoding=UTF-8',
        ...form,
        `${from}..${to}`,
        '--',
      ]);
      return all.split('\0').flatMap((entry) => {
        const [id = '', seconds, parents = '', ...message] = entry.split('\n');
        const at = Number(seconds) * 1_000;
        return id === '' ? [] : [{ id, at, parents: parents.split(' ').filter(Boolean), message: message.join('\n') }];
      });
    },
  };
}
