import { TenureError } from '../../shared/errors.ts';
import type { RunResult, Spawner } from '../kernel/ports.ts';
import { wordsOf } from './git-output.ts';

export interface GitDeps {
  spawner: Pick<Spawner, 'run'>;
  /** Where PATH, HOME and the like are taken from; nothing else of it reaches git. */
  env: Readonly<Record<string, string | undefined>>;
}

const QUICK_MS = 60_000;
/** For what writes a whole tree, milliseconds. */
export const CHECKOUT_MS = 600_000;
const MAX_BYTES = 64 << 20;

const PASSED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_CONFIG_HOME', 'DEVELOPER_DIR'];

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
    'submodule.recurse=false',
    'gc.auto=0',
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

export interface GitRunner {
  /** Whatever comes of it. @throws TenureError `unavailable` when git cannot be run. */
  run(cwd: string, args: readonly string[], call?: GitCall): Promise<RunResult>;
  /** Stdout of a command that must succeed. @throws TenureError `refused` with git's own words when it does not. */
  read(cwd: string, args: readonly string[], call?: GitCall): Promise<string>;
}

/** Runs git so that a repository that nobody vouches for runs nothing of its own. */
export function createGitRunner({ spawner, env }: GitDeps): GitRunner {
  const inherited = PASSED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  const environment = { ...(Object.fromEntries(inherited) as Record<string, string>), ...FIXED };

  const run: GitRunner['run'] = async (
    cwd,
    args,
    { timeoutMs = QUICK_MS, maxBytes = MAX_BYTES, stdin, env: more } = {},
  ) => {
    // `-C`, not the child's own directory: a missing folder must not look like a missing git.
    const result = await spawner.run('git', [...SAFE, '-C', cwd, ...args], {
      cwd: '/',
      env: { ...environment, ...more },
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

  return {
    run,
    async read(cwd, args, call) {
      const result = await run(cwd, args, call);
      if (result.ok) return result.stdout;
      throw new TenureError('refused', `git ${verbOf(args)} did not work in ${cwd}: ${whyNot(result, call)}.`);
    },
  };
}

/** The subcommand, after options of git itself. */
const verbOf = (args: readonly string[]): string => args.find((arg) => /^[a-z]/.test(arg)) ?? 'git';

/** Why a call failed, in git's own words or as the limit that it met. */
export const whyNot = (result: RunResult, { timeoutMs = QUICK_MS }: GitCall = {}): string =>
  result.timedOut ? `it did not finish within ${timeoutMs / 1_000} s` : wordsOf(result);
