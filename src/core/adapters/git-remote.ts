import { lineOf } from './git-output.ts';
import { type GitRunner, type GitSettings, whyNot } from './git-run.ts';

export interface GitRemotes {
  /** Names, as in `origin`; empty: there is none. */
  remotes(cwd: string): Promise<string[]>;
  /** The default branch of a remote, as far as it is known here or the remote says; null: it does not say. */
  remoteDefault(cwd: string, remote: string): Promise<string | null>;
  /** Takes over one branch of a remote. @returns null, or why it did not work, in git's own words. */
  fetchBranch(cwd: string, from: { remote: string; branch: string; tracking: string }): Promise<string | null>;
  /** Where a remote is; null when there is no such remote. */
  remoteUrl(cwd: string, remote: string): Promise<string | null>;
  /** Does git take that as the name of a branch? */
  isBranchName(name: string): Promise<boolean>;
  /** Pushes a commit as a branch, never by force. @returns null, or why it did not work. */
  pushBranch(cwd: string, to: { remote: string; branch: string; commit: string }): Promise<string | null>;
}

const FETCH_MS = 15_000;
const PUSH_MS = 120_000;

/**
 * The repository's own configuration names programs for the network: ssh commands, credential helpers,
 * proxies, the program at the other end of a local path. None of them is run; the person's own are.
 */
const NO_PROGRAMS = ['-c', 'protocol.ext.allow=never'];
const NO_PROMPTS = { GIT_ASKPASS: '', SSH_ASKPASS: '', SSH_ASKPASS_REQUIRE: 'never', GIT_PROXY_COMMAND: '' };

/** Talking to other repositories: in bounded time, and without a question to anybody. */
export function createGitRemotes({ run, read, network }: GitRunner): GitRemotes {
  /** Settings of the person's own configuration, not the repository's. */
  async function personal(cwd: string, pattern: string): Promise<[string, string][]> {
    const { ok, stdout } = await run(cwd, ['config', '--show-scope', '-z', '--get-regexp', pattern]);
    if (!ok) return [];
    const fields = stdout.split('\0');
    return fields.flatMap((scope, index) => {
      const [key, ...value] = (fields[index + 1] ?? '').split('\n');
      const own = index % 2 === 0 && (scope === 'global' || scope === 'system');
      return own && key ? [[key, value.join('\n')] as [string, string]] : [];
    });
  }

  async function settingsFor(cwd: string): Promise<GitSettings> {
    const helpers = await personal(cwd, String.raw`^credential\.(.*\.)?helper$`);
    const ssh = (await personal(cwd, String.raw`^core\.sshcommand$`)).at(-1)?.[1] ?? 'ssh';
    return {
      args: [
        ...NO_PROGRAMS,
        // An empty one forgets those before it, the repository's own among them.
        ...['credential.helper=', ...helpers.map(([key, value]) => `${key}=${value}`)].flatMap((one) => ['-c', one]),
      ],
      env: { ...network, ...NO_PROMPTS, GIT_SSH_COMMAND: `${ssh} -oBatchMode=yes -oConnectTimeout=10` },
    };
  }

  /** Runs a command of the network. @returns null, or why it did not work. */
  async function talk(cwd: string, args: readonly string[], timeoutMs: number): Promise<string | null> {
    const { args: before, env } = await settingsFor(cwd);
    const result = await run(cwd, [...before, ...args], { env, timeoutMs });
    return result.ok ? null : whyNot(result, { timeoutMs });
  }

  return {
    async remotes(cwd) {
      return (await read(cwd, ['remote'])).split('\n').filter((name) => name !== '');
    },

    async remoteDefault(cwd, remote) {
      const known = await run(cwd, ['symbolic-ref', '--quiet', `refs/remotes/${remote}/HEAD`]);
      const start = `refs/remotes/${remote}/`;
      if (known.ok && known.stdout.startsWith(start)) return lineOf(known.stdout).slice(start.length);
      const { args, env } = await settingsFor(cwd);
      const ask = [...args, 'ls-remote', '--symref', '--upload-pack=git-upload-pack', '--', remote, 'HEAD'];
      const told = await run(cwd, ask, { env, timeoutMs: FETCH_MS });
      return /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(told.stdout)?.[1] ?? null;
    },

    fetchBranch(cwd, { remote, branch, tracking }) {
      const quiet = [
        '--quiet',
        '--no-tags',
        '--no-recurse-submodules',
        '--no-write-fetch-head',
        '--no-auto-maintenance',
      ];
      const what = [remote, `+${branch}:${tracking}`];
      return talk(cwd, ['fetch', ...quiet, '--upload-pack=git-upload-pack', '--', ...what], FETCH_MS);
    },

    async remoteUrl(cwd, remote) {
      const { ok, stdout } = await run(cwd, ['remote', 'get-url', '--push', '--', remote]);
      return ok ? lineOf(stdout) : null;
    },

    async isBranchName(name) {
      return !name.startsWith('-') && (await run('/', ['check-ref-format', `refs/heads/${name}`])).ok;
    },

    pushBranch(cwd, { remote, branch, commit }) {
      const how = ['--porcelain', '--no-verify', '--no-force', '--no-follow-tags', '--no-signed'];
      const submodules = '--recurse-submodules=no';
      const what = [remote, `${commit}:refs/heads/${branch}`];
      return talk(cwd, ['push', ...how, submodules, '--receive-pack=git-receive-pack', '--', ...what], PUSH_MS);
    },
  };
}
