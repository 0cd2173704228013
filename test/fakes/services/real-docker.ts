import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { tempDir } from '../../builders.ts';

/** The programs that a container of a test is made of, with what they are linked to. */
const PROGRAMS = ['/bin/sh', '/bin/sleep', '/bin/cat'];

function ask(socketPath: string, method: string, path: string, body?: object | Buffer): Promise<string> {
  const isRaw = Buffer.isBuffer(body);
  const headers = { host: 'localhost', 'content-type': isRaw ? 'application/x-tar' : 'application/json' };
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path, headers, timeout: 20_000 }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString();
        if ((response.statusCode ?? 500) < 400) resolve(text);
        else reject(new Error(`Docker answered ${response.statusCode} to ${method} ${path}: ${text}`));
      });
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`Docker gave no answer to ${path}`)));
    request.on('error', reject);
    request.end(isRaw ? body : body && JSON.stringify(body));
  });
}

/** The socket of a Docker that answers, on Linux, whose programs its containers can run; null: none. */
export async function realDockerSocket(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const socket = process.env.DOCKER_HOST?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock';
  if (!existsSync(socket)) return null;
  return ask(socket, 'GET', '/_ping').then(
    () => socket,
    () => null,
  );
}

/** Containers of a real Docker, of an image that is packed here: nothing is fetched. All is taken away at the end. */
export async function openRealDocker(socket: string) {
  const root = tempDir('image');
  const put = (path: string, as = path): void => {
    mkdirSync(join(root, dirname(as)), { recursive: true });
    copyFileSync(path, join(root, as));
  };
  for (const program of PROGRAMS) {
    put(program);
    const linked = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/[^\s:]+/g) ?? [];
    for (const library of linked) put(library);
  }
  const tag = `tenure-test-${randomUUID().slice(0, 8)}`;
  const tar = execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 256 * 1024 * 1024 });
  await ask(socket, 'POST', `/images/create?fromSrc=-&repo=${tag}&tag=1`, tar);
  const names: string[] = [];
  const on = (name: string, verb: string) => ask(socket, 'POST', `/containers/${name}/${verb}`);
  return {
    socket,
    /** Starts one that runs that script. @param health a command of its health check, each second. */
    async run(script: string, health?: string): Promise<string> {
      const name = `${tag}-${names.length}`;
      names.push(name);
      const second = 1_000_000_000;
      await ask(socket, 'POST', `/containers/create?name=${name}`, {
        Image: `${tag}:1`,
        Cmd: ['/bin/sh', '-c', script],
        HostConfig: { NetworkMode: 'none' },
        ...(health && {
          Healthcheck: { Test: ['CMD-SHELL', health], Interval: second, Timeout: second, Retries: 1, StartPeriod: 0 },
        }),
      });
      await on(name, 'start');
      return name;
    },
    kill: (name: string) => on(name, 'kill'),
    /** At once, as `docker stop -t 0`. */
    stop: (name: string) => on(name, 'stop?t=0'),
    start: (name: string) => on(name, 'start'),
    pause: (name: string) => on(name, 'pause'),
    unpause: (name: string) => on(name, 'unpause'),
    async close(): Promise<void> {
      for (const name of names) await ask(socket, 'DELETE', `/containers/${name}?force=1`);
      await ask(socket, 'DELETE', `/images/${tag}:1`);
    },
  };
}
