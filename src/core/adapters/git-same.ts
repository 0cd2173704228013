import { createHash } from 'node:crypto';
import { lineOf } from './git-output.ts';
import type { GitRunner } from './git-run.ts';

export interface GitSame {
  /** The newest commit that both have; null: none. */
  mergeBase(cwd: string, one: string, other: string): Promise<string | null>;
  /**
   * From which commit on the work at HEAD is its own: `base`, or what of the target (a branch, here or at a remote)
   * was taken over since then by a merge, a rebase or a pull.
   */
  ownSince(cwd: string, range: { base: string; head: string }, target: string): Promise<string>;
  /** All that was done from `from` to `to` as one commit, which no branch has. The same for the same two, always. */
  asOneCommit(cwd: string, from: string, to: string): Promise<string>;
  /**
   * Commits of both sides that only one of them has, and that change the same lines as one of the other side,
   * blanks aside; newest first. Merges are not looked at.
   */
  alike(cwd: string, mine: string, theirs: string): Promise<{ mine: string[]; theirs: string[] }>;
  /** How many commits, and how many merges, `tip` has that `other` has not. */
  ahead(cwd: string, tip: string, other: string): Promise<{ commits: number; merges: number }>;
  /** Stands for the lines that a commit changes, blanks and all, wherever they are; null: too much to say. */
  patchMark(cwd: string, commit: string): Promise<string | null>;
}

/** A larger patch is not compared. */
const MOST_BYTES = 8 << 20;
const LOOK_MS = 30_000;

/** Of nobody, at no time: the same commit gets the same id. */
const NOBODY = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((who) => [
    [`GIT_${who}_NAME`, 'tenure'],
    [`GIT_${who}_EMAIL`, 'tenure@localhost'],
    [`GIT_${who}_DATE`, '1000000000 +0000'],
  ]),
);

/** Is the same work on another branch, under other commits? */
export function createGitSame({ run, read }: GitRunner): GitSame {
  const idsOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  const marked = async (cwd: string, side: string, range: string): Promise<string[]> => {
    const form = ['--cherry-mark', side, '--no-merges', '--format=%m%H', '--no-show-signature', '--no-notes'];
    const found = await read(cwd, ['log', ...form, range, '--'], { timeoutMs: LOOK_MS });
    return idsOf(found).flatMap((line) => (line.startsWith('=') ? [line.slice(1)] : []));
  };

  const mergeBase: GitSame['mergeBase'] = async (cwd, one, other) => {
    const found = await run(cwd, ['merge-base', one, other]);
    return found.ok ? lineOf(found.stdout) : null;
  };
  const count = async (cwd: string, from: string, to: string): Promise<number> =>
    Number(await read(cwd, ['rev-list', '--count', `${from}..${to}`, '--']));

  /** Did HEAD come to its commit from elsewhere, and not by a commit that was made there? */
  const hasMoved = async (cwd: string): Promise<boolean> => {
    const last = await run(cwd, ['reflog', 'show', '-1', '--format=%gs', 'HEAD', '--']);
    return last.ok && /^(merge|pull|rebase|reset|checkout)\b/.test(last.stdout);
  };

  return {
    mergeBase,

    async ownSince(cwd, { base, head }, target) {
      const branch = lineOf((await run(cwd, ['symbolic-ref', '--quiet', 'HEAD'])).stdout);
      const places = [`refs/heads/${target}`, `refs/remotes/*/${target}`];
      const listed = await read(cwd, ['for-each-ref', '--format=%(objectname) %(refname)', ...places]);
      const tips = idsOf(listed).flatMap((line) =>
        line.endsWith(` ${branch}`) ? [] : [line.slice(0, line.indexOf(' '))],
      );
      let own = { since: base, commits: await count(cwd, base, head) };
      for (const tip of new Set(tips)) {
        const common = tip === base ? null : await mergeBase(cwd, head, tip);
        if (common === null || (await count(cwd, common, base)) > 0) continue;
        // What was done here and is there already was taken over from here.
        if (common === head && !(await hasMoved(cwd))) continue;
        const commits = await count(cwd, common, head);
        if (commits < own.commits) own = { since: common, commits };
      }
      return own.since;
    },

    async asOneCommit(cwd, from, to) {
      const args = ['commit-tree', `${to}^{tree}`, '-p', from, '-m', 'one'];
      return lineOf(await read(cwd, args, { env: NOBODY }));
    },

    async alike(cwd, mine, theirs) {
      const range = `${mine}...${theirs}`;
      const [left, right] = await Promise.all([marked(cwd, '--left-only', range), marked(cwd, '--right-only', range)]);
      return { mine: left, theirs: right };
    },

    async ahead(cwd, tip, other) {
      const count = async (...how: string[]) =>
        Number(await read(cwd, ['rev-list', '--count', ...how, `${other}..${tip}`, '--']));
      const [commits, merges] = await Promise.all([count(), count('--merges')]);
      return { commits, merges };
    },

    async patchMark(cwd, commit) {
      const form = ['--root', '--no-commit-id', '-p', '--binary', '--no-renames', '--no-ext-diff', '--no-textconv'];
      const patch = await read(cwd, ['diff-tree', ...form, commit, '--'], { maxBytes: MOST_BYTES, timeoutMs: LOOK_MS });
      if (Buffer.byteLength(patch) >= MOST_BYTES) return null;
      // Where a change stands differs when other lines were added before it; the files' ids do then too.
      const lines = patch.replace(/^index [0-9a-f]+\.\.[0-9a-f]+/gm, 'index').replace(/^@@ -.*$/gm, '@@');
      return createHash('sha256').update(lines).digest('hex');
    },
  };
}
