import { lineOf } from './git-output.ts';
import { CHECKOUT_MS, type GitRunner } from './git-run.ts';

/** What a local branch follows. */
interface Upstream {
  /** `.` when it follows another local branch. */
  remote: string;
  /** The branch there: `refs/heads/main`. */
  branch: string;
  /** Where its state is kept here: `refs/remotes/origin/main`. */
  tracking: string;
}

/** What is checked out, and what it follows. */
interface HeadBranch {
  name: string;
  commit: string;
  upstream: Upstream | null;
}

interface Heads {
  /** Local branches without `refs/heads/`, each with its commit. */
  branches: ReadonlyMap<string, string>;
  /** Null: HEAD is detached, or has no commit yet. */
  head: HeadBranch | null;
}

export interface GitLook {
  /** All local branches, the one that is checked out, and what that one follows: one call of git. */
  heads(cwd: string): Promise<Heads>;
  /** A text file as it is in a commit; null when it is not there, or is larger than 1 MB. */
  fileAt(cwd: string, commit: string, path: string): Promise<string | null>;
  /** Every path of a commit. */
  pathsAt(cwd: string, commit: string): Promise<string[]>;
  /**
   * Makes a throw-away repository at `path`, which must not exist, with that commit checked out. It shares
   * the objects and nothing else: no branch, hook or setting of the one it comes from.
   */
  cloneAt(cwd: string, path: string, commit: string): Promise<void>;
}

const HEADS =
  '%(HEAD)%00%(refname:lstrip=2)%00%(objectname)%00%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)';

const FILE_BYTES = 1 << 20;

/** Looks into commits, and copies of them, that leave the repository as it is. */
export function createGitLook({ run, read }: GitRunner): GitLook {
  return {
    async heads(cwd) {
      const lines = (await read(cwd, ['for-each-ref', `--format=${HEADS}`, 'refs/heads'])).split('\n');
      const branches = new Map<string, string>();
      let head: HeadBranch | null = null;
      for (const line of lines) {
        const [mark, name = '', commit = '', remote = '', branch = '', tracking = ''] = line.split('\0');
        if (name === '') continue;
        branches.set(name, commit);
        const upstream = remote === '' || branch === '' || tracking === '' ? null : { remote, branch, tracking };
        if (mark === '*') head = { name, commit, upstream };
      }
      return { branches, head };
    },

    async fileAt(cwd, commit, path) {
      const size = await run(cwd, ['cat-file', '-s', `${commit}:${path}`]);
      if (!size.ok || Number(lineOf(size.stdout)) > FILE_BYTES) return null;
      const found = await run(cwd, ['cat-file', 'blob', `${commit}:${path}`]);
      return found.ok ? found.stdout : null;
    },

    async pathsAt(cwd, commit) {
      const listed = await read(cwd, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]);
      return listed.split('\0').filter((path) => path !== '');
    },

    async cloneAt(cwd, path, commit) {
      const source = lineOf(await read(cwd, ['rev-parse', '--path-format=absolute', '--git-common-dir']));
      const how = ['--quiet', '--shared', '--no-checkout', '--no-tags', '--template=', '--single-branch'];
      await read(cwd, ['clone', ...how, '--', source, path], { timeoutMs: CHECKOUT_MS });
      await read(path, ['checkout', '--quiet', '--detach', '--force', commit, '--'], { timeoutMs: CHECKOUT_MS });
    },
  };
}
