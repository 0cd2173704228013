import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentEnvironment, Spawner } from '../kernel/ports.ts';
import type { Sockets } from '../kernel/watch-ports.ts';

interface SurroundingsOptions {
  spawner: Spawner;
  sockets: Sockets;
  environment: Pick<AgentEnvironment, 'forCommands'>;
  platform: NodeJS.Platform;
  home: string;
  /** `DOCKER_HOST`, when the person has set one. */
  dockerHost: string | undefined;
}

/** The raw text of one place that was asked; null: there is none here. `problem`: why it could not be asked. */
export interface Asked {
  text: string | null;
  problem: string | null;
}

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 4 * 1024 * 1024;
const NONE: Asked = { text: null, problem: null };

/** What runs around Tenure, as each place tells it. Asked only when somebody looks; nothing here rejects. */
export function createSurroundings({ spawner, sockets, environment, platform, home, dockerHost }: SurroundingsOptions) {
  async function run(command: string, args: readonly string[]): Promise<Asked> {
    const env: Record<string, string> = { ...(await environment.forCommands()) };
    const runtime = process.env.XDG_RUNTIME_DIR;
    if (runtime !== undefined) env.XDG_RUNTIME_DIR = runtime;
    const { ok, stdout, stderr, spawnError, timedOut } = await spawner.run(command, args, {
      env,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MOST_BYTES,
    });
    if (spawnError === 'ENOENT') return NONE;
    // lsof ends with 1 when it could not see everything, and still says what it saw.
    if (ok || (command.endsWith('lsof') && stdout !== '')) return { text: stdout, problem: null };
    const why = timedOut ? 'it took too long' : (spawnError ?? stderr.trim().split('\n').at(-1)?.slice(0, 200));
    return { text: null, problem: `${command} could not be asked: ${why || 'it failed'}.` };
  }

  return {
    isMac: platform === 'darwin',
    /** `/proc/net/tcp` and `tcp6`. */
    procNet: async (): Promise<string> =>
      (await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')))).join(
        '\n',
      ),
    /** Who holds each socket, by inode: only of processes that this person may look into. */
    async socketOwners(): Promise<ReadonlyMap<string, { pid: number; program: string }>> {
      const owners = new Map<string, { pid: number; program: string }>();
      const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
      for (const pid of pids) {
        const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
        const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
        const inodes = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
        if (inodes.length === 0) continue;
        const program = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
        for (const inode of inodes) if (!owners.has(inode)) owners.set(inode, { pid: Number(pid), program });
      }
      return owners;
    },
    lsof: (): Promise<Asked> => run('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-Fpcn']),
    launchctl: (): Promise<Asked> => (platform === 'darwin' ? run('launchctl', ['list']) : Promise.resolve(NONE)),
    systemctl: (scope: 'user' | 'system'): Promise<Asked> =>
      platform === 'linux' && existsSync('/run/systemd/system')
        ? run('systemctl', [
            ...(scope === 'user' ? ['--user'] : []),
            'list-units',
            '--type=service',
            '--state=active',
            '--plain',
            '--no-legend',
            '--no-pager',
          ])
        : Promise.resolve(NONE),
    /** The containers that run, from the first Docker socket there is. */
    async containers(): Promise<Asked> {
      const known = [
        ...(dockerHost?.startsWith('unix://') ? [dockerHost.slice('unix://'.length)] : []),
        '/var/run/docker.sock',
        ...[
          '.docker/run/docker.sock',
          '.orbstack/run/docker.sock',
          '.colima/default/docker.sock',
          '.rd/docker.sock',
        ].map((path) => join(home, path)),
      ];
      const socketPath = known.find((path) => existsSync(path));
      if (socketPath === undefined) return NONE;
      const reply = await sockets.request({
        url: 'http://localhost/containers/json',
        method: 'GET',
        headers: {},
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
        socketPath,
      });
      if (reply.error !== null || reply.status !== 200) {
        return { text: null, problem: `Docker could not be asked: ${reply.error ?? `status ${reply.status}`}.` };
      }
      return { text: reply.body, problem: null };
    },
  };
}
