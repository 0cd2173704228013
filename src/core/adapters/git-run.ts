import { TenureError } from '../../shared/errors.ts';
import type { RunResult, Spawner } from '../kernel/ports.ts';
import { withPatience } from './git-locks.ts';
import { lineOf, parseTrees, wordsOf } from './git-output.ts';

export interface GitDeps {
  spawner: Pick<Spawner, 'run'>;
  /** Where PATH, HOME and the like are taken from; nothing else of it reaches git. */
  env: Readonly<Record<string, string | undefined>>;
  /**
   * The PATH, asked at each use; that of `env` unless given. An app that launchd started knows next to none, and
   * git needs the person's programs: content filters (git-lfs), credential helpers, ssh.
   */
  path?: () => string;
}

const QUICK_MS = 60_000;
/** For what writes a whole tree, milliseconds. */
export const CHECKOUT_MS = 600_000;
const MAX_BYTES = 64 << 20;

const PASSED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_CONFIG_HOME', 'DEVELOPER_DIR'];

const NETWORK = `SSH_AUTH_SOCK HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy
  SSL_CERT_FILE SSL_CERT_DIR GIT_SSL_CAINFO`.split(/\s+/);

/** No question on a terminal, no lock for a refresh, no replaced objects, messages in English. */
const FIXED = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  LC_ALL: 'C',
};

/**
 * A repository may not run programs by being looked at: no file-system monitor, no hooks from its
 * folder, and none from its configuration (`hook.*`, git 2.54 and later) for the events that we cause.
 */
const SAFE = [
  '--no-optional-locks',
  '--no-pager',
  ...[
    'core.fsmonitor=false',
    'core.hooksPath=/dev/null',
    'hook.post-checkout.enabled=false',
    'hook.post-index-change.enabled=false',
    'hook.reference-transaction.enabled=false',
    'hook.post-merge.enabled=false',
    'hook.pre-push.enabled=false',
    'submodule.recurse=false',
    'gc.auto=0',
    'maintenance.auto=false',
  ].flatMap((setting) => ['-c', setting]),
];

/** How one call of git differs from the others. */
export interface GitCall {
  timeoutMs?: number;
  /** The most output, in bytes; of more than that only the end is kept. */
  maxBytes?: number;
  stdin?: string;
  /** Beside the built environment. */
  env?: Readonly<Record<string, string>>;
}

/** Settings for one command, before it and around it. */
export interface GitSettings {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

export interface GitRunner {
  /** Whatever comes of it. @throws TenureError `unavailable` when git cannot be run. */
  run(cwd: string, args: readonly string[], call?: GitCall): Promise<RunResult>;
  /** Stdout of a command that must succeed. @throws TenureError `refused` with git's own words when it does not. */
  read(cwd: string, args: readonly string[], call?: GitCall): Promise<string>;
  /** `read` for what writes: waits for another git that holds a lock (see `withPatience`). */
  write(cwd: string, args: readonly string[], call?: GitCall): Promise<string>;
  /** What a git that talks to others gets beside the built environment. */
  network: Readonly<Record<string, string>>;
}

/** Runs git so that a repository that nobody vouches for runs nothing of its own. */
export function createGitRunner({ spawner, env, path }: GitDeps): GitRunner {
  const environment = { ...pick(env, PASSED), ...FIXED };

  const run: GitRunner['run'] = async (
    cwd,
    args,
    { timeoutMs = QUICK_MS, maxBytes = MAX_BYTES, stdin, env: more } = {},
  ) => {
    // `-C`, not the child's own directory: a missing folder must not look like a missing git.
    const result = await spawner.run('git', [...SAFE, '-C', cwd, ...args], {
      cwd: '/',
      env: { ...environment, ...(path && { PATH: path() }), ...more },
      timeoutMs,
      maxBytes,
      ...(stdin === undefined ? {} : { stdin }),
    });
    if (result.spawnError !== null) {
      throw new TenureError(
        'unavailable',
        `Tenure needs git and could not run it (${result.spawnError}). Install git, or put it on the PATH.`,
      );
    }
    return result;
  };

  const outputOf = (result: RunResult, cwd: string, args: readonly string[], call: GitCall | undefined): string => {
    if (result.ok) return result.stdout;
    throw new TenureError('refused', `git ${verbOf(args)} did not work in ${cwd}: ${whyNot(result, call)}.`);
  };

  const read: GitRunner['read'] = async (cwd, args, call) => outputOf(await run(cwd, args, call), cwd, args, call);

  const placesOf = async (cwd: string): Promise<string[]> => {
    const common = lineOf(await read(cwd, ['rev-parse', '--path-format=absolute', '--git-common-dir']));
    const trees = parseTrees(await read(cwd, ['worktree', 'list', '--porcelain', '-z']));
    return [common, ...trees.map(({ path }) => path)];
  };

  return {
    run,
    read,
    async write(cwd, args, call) {
      const result = await withPatience(
        () => run(cwd, args, call),
        () => placesOf(cwd),
      );
      return outputOf(result, cwd, args, call);
    },
    network: pick(env, NETWORK),
  };
}

const pick = (env: GitDeps['env'], names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

/** The subcommand, after options of git itself. */
const verbOf = (args: readonly string[]): string => args.find((arg) => /^[a-z]/.test(arg)) ?? 'git';

/** Why a call failed, in git's own words or as the limit that it met. */
export const whyNot = (result: RunResult, { timeoutMs = QUICK_MS }: GitCall = {}): string =>
  result.timedOut ? `it did not finish within ${timeoutMs / 1_000} s` : wordsOf(result);
