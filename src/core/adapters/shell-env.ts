import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Config } from '../../shared/config.ts';
import type { AgentEnvironment, Spawner } from '../kernel/ports.ts';

export interface AgentEnvironmentDeps {
  spawner: Spawner;
  /** Our own environment. */
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** Read at each use, so that an edited configuration holds for the next launch. */
  config: () => Config['claude'];
  /** Milliseconds given to the login shell; a profile may hang. */
  shellLimitMs?: number;
}

const PASSED = new Set(
  `HOME USER LOGNAME SHELL LANG TERM TMPDIR TZ SSH_AUTH_SOCK
   HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy
   NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR DISABLE_TELEMETRY DISABLE_AUTOUPDATER`.split(/\s+/),
);
const PASSED_PREFIXES = ['LC_', 'XDG_'];

const MARK = '--tenure-path--';

/**
 * The environment in which agents and projects' commands run. An app that launchd started knows
 * next to nothing of a person's PATH, so their login shell is asked for it, once.
 */
export function createAgentEnvironment(deps: AgentEnvironmentDeps): AgentEnvironment & { pathNow(): string } {
  const { spawner, env, platform, config, shellLimitMs = 3_000 } = deps;
  const home = env.HOME ?? homedir();
  const allowed = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => pair(name, value)));

  const fromShell = async (): Promise<string[]> => {
    const shell = env.SHELL ?? (platform === 'darwin' ? '/bin/zsh' : null);
    if (shell === null) return [];
    // `printenv` prints what programs get, in every shell; noisy profiles print before and after it.
    const script = `echo ${MARK}; printenv PATH; echo ${MARK}`;
    const { stdout } = await spawner.run(shell, ['-ilc', script], {
      cwd: home,
      env: { ...allowed, PATH: env.PATH ?? SYSTEM.join(delimiter), TERM: 'dumb' },
      timeoutMs: shellLimitMs,
    });
    return (stdout.split(MARK)[1] ?? '').trim().split(delimiter);
  };

  const withOwn = (told: readonly string[]): string[] => {
    const all = [...(env.PATH ?? '').split(delimiter), ...told, ...wellKnown(home)];
    return [...new Set(all.filter(isOfThePerson))];
  };
  let soFar = withOwn([]);
  let known: Promise<string[]> | null = null;
  const directories = (): Promise<string[]> => (known ??= fromShell().then((told) => (soFar = withOwn(told))));

  const forCommands = async (): Promise<Record<string, string>> => ({
    ...allowed,
    PATH: (await directories()).join(delimiter),
  });

  const find = async (program: string): Promise<string | null> => {
    const path = program.startsWith('~/') ? join(home, program.slice(2)) : program;
    if (path.includes('/')) return (await isProgram(path)) ? path : null;
    for (const directory of await directories()) {
      const candidate = join(directory, path);
      if (await isProgram(candidate)) return candidate;
    }
    return null;
  };

  return {
    forCommands,

    async forAgent() {
      const { passEnv, env: given } = config();
      const passed = passEnv.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
      const asked = [...passed, ...Object.entries(given)].filter(([name]) => !name.startsWith('TENURE_'));
      return { ...(await forCommands()), ...Object.fromEntries(asked) };
    },

    find,

    /** The PATH as far as it is known: for what cannot wait for a login shell. */
    pathNow: (): string => soFar.join(delimiter),

    async findClaude() {
      const named = config().command;
      const path = await find(named ?? 'claude');
      return { path, named, stamp: path === null ? null : await stampOf(path) };
    },
  };
}

const SYSTEM = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** Where installers put programs, whether or not the shell says so. */
const wellKnown = (home: string): string[] => [
  join(home, '.local/bin'),
  join(home, '.claude/local'),
  join(home, '.npm-global/bin'),
  join(home, '.volta/bin'),
  join(home, '.bun/bin'),
  '/opt/homebrew/bin',
  ...SYSTEM,
];

/** npm puts a checkout's own programs before all others; those are the project's, not the person's. */
const isOfThePerson = (directory: string): boolean =>
  isAbsolute(directory) && !directory.split('/').includes('node_modules');

function pair(name: string, value: string | undefined): [string, string][] {
  const passes = PASSED.has(name) || PASSED_PREFIXES.some((prefix) => name.startsWith(prefix));
  return passes && value !== undefined ? [[name, value]] : [];
}

/** An update moves the times of a file, and the second of them nobody can set back. */
async function stampOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && `${path} ${found.dev} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
