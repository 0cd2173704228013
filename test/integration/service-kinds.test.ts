import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createTls } from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createClock } from '../../src/core/adapters/clock.ts';
import { createDocker } from '../../src/core/adapters/docker.ts';
import { createLaunchd, readPrint } from '../../src/core/adapters/launchd.ts';
import { createSockets } from '../../src/core/adapters/sockets.ts';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import { createSystemd, readShow } from '../../src/core/adapters/systemd.ts';
import { createLook } from '../../src/core/probes/checks/look.ts';
import type { Looked } from '../../src/core/probes/run/loop.ts';
import { type ServiceInput, ServiceSettings } from '../../src/shared/contract/services.ts';
import { tempDir } from '../builders.ts';
import { startFakeDocker } from '../fakes/services/docker-engine.ts';
import { startHttpTarget } from '../fakes/services/http-target.ts';
import { until } from '../rig.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'services');
const bin = tempDir('bin');
const log = join(bin, 'asked');
const clock = createClock();
const spawner = createSpawner();
const sockets = createSockets();
const environment = {
  forCommands: () => Promise.resolve({ PATH: `${bin}:${process.env.PATH}`, HOME: bin, ASKED: log }),
} as never;
const docker = createDocker({ sockets, clock, home: bin, dockerHost: undefined });
const launchd = createLaunchd({ spawner, environment, uid: 501 });
const systemd = createSystemd({ spawner, environment });
let offline: string | null = null;
const look = createLook({
  sockets,
  spawner,
  environment,
  docker,
  launchd,
  systemd,
  clock,
  offline: () => Promise.resolve(offline),
});

const at = (target: object, more: Partial<ServiceInput> = {}): Promise<Looked> =>
  look(ServiceSettings.parse({ name: 'x', target, timeoutMs: 2_000, ...more }), { lastAt: null, since: 0 });

/** A program on the PATH that prints what was recorded, and writes down how it was called. */
function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\necho "\${0##*/} $*" >> "$ASKED"\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}
const asked = (): string[] => readFileSync(log, 'utf8').trim().split('\n');

/** A key and a certificate of January 2020. */
function expiredCertificate(): { key: string; cert: string } {
  const dir = tempDir('tls');
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  writeFileSync(join(dir, 'index.txt'), '');
  writeFileSync(join(dir, 'serial'), '01');
  const rows = ['[ca]', 'default_ca=d', '[d]', 'dir=.', 'database=index.txt', 'serial=serial', 'new_certs_dir=.'];
  writeFileSync(
    join(dir, 'ca.cnf'),
    [...rows, 'default_md=sha256', 'policy=p', '[p]', 'commonName=supplied', ''].join('\n'),
  );
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'req.pem', '-subj', '/CN=localhost');
  const dates = ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'];
  openssl(
    'ca',
    '-batch',
    '-config',
    'ca.cnf',
    '-selfsign',
    '-keyfile',
    'key.pem',
    '-in',
    'req.pem',
    '-out',
    'cert.pem',
    ...dates,
    '-notext',
  );
  return { key: join(dir, 'key.pem'), cert: join(dir, 'cert.pem') };
}

beforeEach(() => {
  offline = null;
  writeFileSync(log, '');
});
afterAll(() => {
  docker.close();
  sockets.close();
});

describe('http', () => {
  test('status, conditions, headers and response time', async () => {
    const web = await startHttpTarget(JSON.stringify({ status: 'ok', items: [1, 2] }));
    const conditions = [
      '[STATUS] == 200',
      '[BODY].status == ok',
      'len([BODY].items) == 2',
      '[HEADER].x-version == 7',
      '[RESPONSE_TIME] < 2000',
      '[IP] == 127.0.0.1',
    ];
    expect(await at({ kind: 'http', url: web.url }, { conditions })).toMatchObject({ ok: true, detail: 'status 200' });
    const failed = await at(
      { kind: 'http', url: web.url },
      { conditions: ['[BODY].status == fine', '[STATUS] == 200'] },
    );
    expect(failed).toMatchObject({ ok: false, detail: '[BODY].status (ok) == fine' });
    await web.become('error');
    expect(await at({ kind: 'http', url: web.url })).toMatchObject({
      ok: false,
      detail: 'status 503, expected 200-299',
    });
    expect(await at({ kind: 'http', url: web.url, status: '200,500-599' })).toMatchObject({ ok: true });
    expect(await at({ kind: 'http', url: web.url }, { conditions: ['[STATUS] == 503'] })).toMatchObject({ ok: true });
    await web.close();
  });

  test.each([
    ['closed', /refused/],
    ['hang', /no whole answer within 300 ms/],
    ['reset', /cut/],
    ['half', /broke off/],
  ] as const)('%s', async (behaviour, why) => {
    const web = await startHttpTarget();
    await at({ kind: 'http', url: web.url });
    await web.become(behaviour);
    const seen = await at({ kind: 'http', url: web.url }, { timeoutMs: 300 });
    expect(seen.ok).toBe(false);
    expect(seen.detail).toMatch(why);
    await web.close();
  });

  test('a kept connection that the server closed meanwhile is no failure', async () => {
    const web = await startHttpTarget();
    expect((await at({ kind: 'http', url: web.url })).ok).toBe(true);
    await web.become('closed');
    await web.become('ok');
    expect((await at({ kind: 'http', url: web.url })).ok).toBe(true);
    await web.close();
  });

  test('retries are within one check', async () => {
    const web = await startHttpTarget();
    await web.become('error');
    await at({ kind: 'http', url: web.url }, { retries: 2 });
    expect(web.asked).toBe(3);
    await web.close();
  });

  test('an expired certificate fails and is told with its date', async () => {
    const { key, cert } = expiredCertificate();
    const server = createTls({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
      response.end('ok'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const seen = await at(
      { kind: 'http', url: `https://localhost:${port}/` },
      { conditions: ['[CERTIFICATE_EXPIRATION] > 7d'] },
    );
    expect(seen.ok).toBe(false);
    expect(seen.detail).toMatch(/CERTIFICATE_EXPIRATION|certificate/i);
    expect(seen.certificateExpiresAt).toBe(Date.UTC(2020, 1, 1));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('ports and names', () => {
  test('tcp: stands, is refused, is not answered', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await at({ kind: 'tcp', host: '127.0.0.1', port })).toMatchObject({ ok: true, detail: 'connected' });
    await new Promise((resolve) => server.close(resolve));
    const gone = await at({ kind: 'tcp', host: '127.0.0.1', port });
    expect(gone).toMatchObject({ ok: false, detail: expect.stringContaining('refused') });
    expect(await at({ kind: 'tcp', host: '127.0.0.1', port }, { conditions: ['[CONNECTED] == false'] })).toMatchObject({
      ok: true,
    });
  });

  test('dns: the system knows localhost; what is nothing is none', async () => {
    expect(await at({ kind: 'dns', name: 'localhost' })).toMatchObject({ ok: true, detail: '127.0.0.1' });
    const none = await at({ kind: 'dns', name: 'nothing.invalid', server: '127.0.0.1:1' }, { timeoutMs: 500 });
    expect(none.ok).toBe(false);
  });

  test('while this machine is offline, what is outside is not judged, and loopback is', async () => {
    offline = 'This machine has no network; services outside of it are not judged.';
    expect(await at({ kind: 'tcp', host: 'nothing.invalid', port: 80 })).toMatchObject({ ok: null, detail: offline });
    expect((await at({ kind: 'tcp', host: '127.0.0.1', port: 1 })).ok).toBe(false);
  });
});

test('an answer that came while Tenure itself was held up is not late', async () => {
  const script = `const s = require('node:http').createServer((q, r) => { process.stdout.write('asked\\n'); setTimeout(() => r.end('ok'), 200); });
    s.listen(0, '127.0.0.1', () => process.stdout.write(s.address().port + '\\n'));`;
  const server = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let said = '';
    server.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    const port = await until('it listens', () => Number(said.split('\n')[0]) || undefined);
    const looked = at({ kind: 'http', url: `http://127.0.0.1:${port}/` }, { timeoutMs: 400 });
    await until('it was asked', () => said.includes('asked') || undefined);
    // As a Mac that sleeps, or a machine that has too much to do; behind the reading, so that timers come next.
    await new Promise((resolve) => setImmediate(resolve));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800);
    expect(await looked).toMatchObject({ ok: true });
  } finally {
    server.kill();
  }
});

describe('this machine', () => {
  test('process: by name and by pid file', async () => {
    program('pgrep', '[ "$3" = postgres ] && echo 4121 || exit 1');
    expect(await at({ kind: 'process', name: 'postgres' })).toMatchObject({ ok: true, detail: 'running, pid 4121' });
    expect(await at({ kind: 'process', name: 'nothing' })).toMatchObject({ ok: false });
    program('pgrep', `[ "$1" = -f ] && printf %s "/opt/a+b/app --serve" | grep -qE "$3" && echo 7 || exit 1`);
    expect(await at({ kind: 'process', name: 'app' })).toMatchObject({ ok: true, detail: 'running, pid 7' });
    expect(await at({ kind: 'process', name: 'ap' })).toMatchObject({ ok: false });
    expect(await at({ kind: 'process', name: 'a.p' })).toMatchObject({ ok: false });
    const file = join(bin, 'own.pid');
    writeFileSync(file, `${process.pid}\n`);
    expect(await at({ kind: 'process', pidFile: file })).toMatchObject({ ok: true });
    writeFileSync(file, '4194303');
    expect(await at({ kind: 'process', pidFile: file })).toMatchObject({ ok: false });
    writeFileSync(file, 'soon');
    expect(await at({ kind: 'process', pidFile: file })).toMatchObject({ ok: null });
    expect(await at({ kind: 'process', pidFile: join(bin, 'none.pid') })).toMatchObject({ ok: false });
  });

  test('command: the exit code is the verdict', async () => {
    expect(await at({ kind: 'command', argv: ['sh', '-c', 'exit 0'] })).toMatchObject({ ok: true });
    expect(await at({ kind: 'command', argv: ['sh', '-c', 'echo no room >&2; exit 3'] })).toMatchObject({
      ok: false,
      detail: 'exit code 3, expected 0: no room',
    });
    expect(await at({ kind: 'command', argv: ['sh', '-c', 'exit 3'], exitCode: 3 })).toMatchObject({ ok: true });
    expect(await at({ kind: 'command', argv: ['sh', '-c', 'sleep 30'] }, { timeoutMs: 200 })).toMatchObject({
      ok: false,
      detail: 'no end within 200 ms',
    });
    expect(await at({ kind: 'command', argv: ['no-such-program'] })).toMatchObject({
      ok: false,
      detail: expect.stringContaining('ENOENT'),
    });
    expect(await at({ kind: 'command', argv: ['echo', '{"n":7}'] }, { conditions: ['[BODY].n == 7'] })).toMatchObject({
      ok: true,
    });
  });

  test('ping: an echo, none, and where it may not be used', async () => {
    program(
      'ping',
      'case "$4" in up) echo "64 bytes: time=1.25 ms";; mute) exit 1;; *) echo "ping: socket: Operation not permitted" >&2; exit 2;; esac',
    );
    expect(await at({ kind: 'ping', host: 'up' })).toMatchObject({ ok: true, ms: 1.25 });
    expect(await at({ kind: 'ping', host: 'mute' })).toMatchObject({ ok: false });
    expect(await at({ kind: 'ping', host: 'barred' })).toMatchObject({
      ok: null,
      detail: expect.stringContaining('not permitted'),
    });
  });

  test('disk: room, too little, and what cannot be looked at', async () => {
    expect(await at({ kind: 'disk', path: bin, maxUsedPercent: 100 })).toMatchObject({ ok: true });
    const full = await at({ kind: 'disk', path: '/proc', maxUsedPercent: 1 });
    expect(full.ok).toBe(null);
    expect(await at({ kind: 'disk', path: '/no/such/place' })).toMatchObject({ ok: null });
  });

  test('heartbeat: late only after its interval and its grace, and not for silence before our start', async () => {
    const settings = ServiceSettings.parse({
      name: 'x',
      target: { kind: 'heartbeat' },
      intervalMs: 60_000,
      timeoutMs: 10_000,
    });
    const now = clock.now();
    expect((await look(settings, { lastAt: null, since: now })).ok).toBe(null);
    expect((await look(settings, { lastAt: now - 65_000, since: 0 })).ok).toBe(true);
    expect((await look(settings, { lastAt: now - 75_000, since: 0 })).ok).toBe(false);
    expect((await look(settings, { lastAt: now - 75_000, since: now - 5_000 })).ok).toBe(true);
    expect((await look(settings, { lastAt: null, since: now - 75_000 })).ok).toBe(false);
  });
});

describe('docker', () => {
  test('state and health; once an event flows, nothing is asked that no event named', async () => {
    const engine = await startFakeDocker(join(tempDir('docker'), 'docker.sock'));
    const target = { kind: 'docker', container: 'web', socket: engine.socket };
    engine.set('web', { Status: 'running', ExitCode: 0 });
    engine.set('other', { Status: 'running' });
    for (let n = 0; n < 20; n++) expect(await at(target)).toMatchObject({ ok: true, detail: 'running' });
    expect(engine.asked).toEqual(['GET /events', 'GET /containers/web/json']);
    engine.set('web', { Status: 'exited', ExitCode: 137, OOMKilled: true }, 'die');
    await until('the event was heard', async () => (await at(target)).ok === false);
    expect(await at(target)).toMatchObject({
      ok: false,
      stopped: false,
      detail: 'exited, exit code 137, out of memory',
    });
    engine.set('web', { Status: 'running', Health: { Status: 'starting' } }, 'start');
    await until('it starts', async () => (await at(target)).ok === null);
    engine.set(
      'web',
      { Status: 'running', Health: { Status: 'unhealthy', Log: [{ Output: 'no answer\n' }] } },
      'health_status: unhealthy',
    );
    await until('it is ill', async () => (await at(target)).ok === false);
    expect((await at(target)).detail).toBe('running, unhealthy: no answer');
    engine.set('web', { Status: 'running', Health: { Status: 'healthy' } }, 'health_status: healthy');
    await until('it is well', async () => (await at(target)).ok === true);
    await engine.close();
  });

  test('one that a person stopped is known as such; one that died is not; Docker away is unknown', async () => {
    const engine = await startFakeDocker(join(tempDir('docker'), 'docker.sock'));
    const target = { kind: 'docker', container: 'web', socket: engine.socket };
    engine.set('web', { Status: 'running' });
    await at(target);
    engine.set('web', { Status: 'exited', ExitCode: 137 }, 'die');
    engine.set('web', { Status: 'exited', ExitCode: 137 }, 'stop');
    await until('it is stopped', async () => (await at(target)).stopped);
    expect(await docker.restart('web', engine.socket, 2_000)).toEqual({ ok: true, detail: 'Docker restarted web' });
    await until('it runs again', async () => (await at(target)).ok === true);
    expect(await docker.restart('gone', engine.socket, 2_000)).toMatchObject({
      ok: false,
      detail: 'Docker answered 404: No such container: gone',
    });
    expect(await at({ ...target, container: 'gone' })).toMatchObject({
      ok: false,
      detail: 'there is no container gone',
    });
    await engine.close();
    const away = await until('Docker is away', async () => {
      const seen = await at(target);
      return seen.ok === null && seen;
    });
    expect(away.detail).toMatch(/Docker/);
    expect(await at({ ...target, socket: join(bin, 'no.sock') })).toMatchObject({
      ok: null,
      detail: expect.stringContaining('no socket'),
    });
  });
});

describe('launchd', () => {
  const target = { kind: 'launchd', label: 'com.example.media' };
  test('running, dead, not loaded, and no launchctl', async () => {
    program('launchctl', `cat ${join(FIXTURES, 'launchctl-running.txt')}`);
    expect(await at(target)).toMatchObject({ ok: true, detail: 'running, pid 4121' });
    program('launchctl', `cat ${join(FIXTURES, 'launchctl-dead.txt')}`);
    expect(await at(target)).toMatchObject({
      ok: false,
      stopped: false,
      detail: 'not running, ended by Segmentation fault: 11',
    });
    program(
      'launchctl',
      'echo "Could not find service \\"com.example.media\\" in domain for user gui: 501" >&2; exit 113',
    );
    expect(await at(target)).toMatchObject({ ok: false, stopped: true });
    for (const code of [112, 125]) {
      program('launchctl', `echo "Could not find domain for user gui: 501" >&2; exit ${code}`);
      expect(await at(target)).toMatchObject({ ok: null, detail: expect.stringContaining('nobody is logged in') });
    }
    program('launchctl', 'echo "Operation not permitted" >&2; exit 1');
    expect(await at(target)).toMatchObject({ ok: null, detail: expect.stringContaining('not permitted') });
    expect(asked()[0]).toBe('launchctl print gui/501/com.example.media');
  });
  test.each([
    ['launchctl-12-running', { running: true, detail: 'running, pid 913' }],
    ['launchctl-15-running', { running: true, detail: 'running, pid 52021' }],
    // Respawned for ever: launchd waits between two tries, so it is hardly ever seen to run.
    [
      'launchctl-15-spawn-failed',
      { running: false, stopped: false, detail: 'spawn scheduled, last exit code 78: EX_CONFIG' },
    ],
    [
      'launchctl-12-stopped',
      { running: false, stopped: true, detail: 'not running, ended by Terminated: 15, stopped on purpose' },
    ],
    ['launchctl-15-timed', { running: true, state: 'waiting', detail: 'waits for its next run, last exit code 0' }],
  ])('%s, in the shape of that version of macOS', (name, seen) => {
    expect(readPrint(readFileSync(join(FIXTURES, `${name}.txt`), 'utf8'))).toMatchObject(seen);
  });
  test('one that was never started is about to be; a timed one that failed is down', () => {
    expect(readPrint('a = {\n\tstate = spawn scheduled\n\tlast exit code = (never exited)\n}').running).toBe(null);
    expect(
      readPrint('a = {\n\tstate = not running\n\tlast exit code = 1\n\trun interval = 120 seconds\n}'),
    ).toMatchObject({
      running: false,
      stopped: false,
    });
    expect(readPrint('a = {\n\tstate = not running\n\tlast exit reason = OS_REASON_CODESIGNING\n}')).toMatchObject({
      running: false,
      detail: 'not running, ended by OS_REASON_CODESIGNING',
    });
  });
  test('kickstart -k, of the person or of the system', async () => {
    program('launchctl', 'exit 0');
    expect((await launchd.restart('com.example.media', 'gui', 2_000)).ok).toBe(true);
    expect((await launchd.restart('com.example.job', 'system', 2_000)).ok).toBe(true);
    expect(asked()).toEqual([
      'launchctl kickstart -k gui/501/com.example.media',
      'launchctl kickstart -k system/com.example.job',
    ]);
  });
  test('what is printed otherwise is unknown, never down', () => {
    expect(readPrint('some = {\n\tother = words\n}').running).toBe(null);
    expect(readPrint('').running).toBe(null);
  });
});

describe('systemd', () => {
  const target = { kind: 'systemd', unit: 'app.service' };
  const shows = (facts: Record<string, string>): void =>
    program(
      'systemctl',
      Object.entries(facts)
        .map(([name, value]) => `echo "${name}=${value}"`)
        .join('\n'),
    );
  test.each([
    [
      { LoadState: 'loaded', ActiveState: 'active', SubState: 'running', Result: 'success' },
      { ok: true, stopped: false },
    ],
    [
      { LoadState: 'loaded', ActiveState: 'failed', SubState: 'failed', Result: 'exit-code', ExecMainStatus: '1' },
      { ok: false, stopped: false, detail: 'failed, exit-code 1' },
    ],
    [
      { LoadState: 'loaded', ActiveState: 'inactive', SubState: 'dead', Result: 'success' },
      { ok: false, stopped: true },
    ],
    [
      { LoadState: 'masked', ActiveState: 'inactive', SubState: 'dead', Result: 'exit-code' },
      { ok: false, stopped: true },
    ],
    [
      { LoadState: 'not-found', ActiveState: 'inactive' },
      { ok: false, stopped: true },
    ],
    [{ LoadState: 'loaded', ActiveState: 'activating', SubState: 'start', Result: 'success' }, { ok: null }],
    [
      { LoadState: 'loaded', ActiveState: 'activating', SubState: 'auto-restart', Result: 'signal' },
      { ok: false, stopped: false },
    ],
  ])('%j', async (facts, expected) => {
    shows(facts);
    expect(await at(target)).toMatchObject(expected);
  });
  test('restarts of the user and of the system; no systemd is unknown', async () => {
    program('systemctl', 'exit 0');
    await systemd.restart('app.service', 'user', 2_000);
    await systemd.restart('app.service', 'system', 2_000);
    expect(asked()).toEqual(['systemctl --user restart -- app.service', 'systemctl restart -- app.service']);
    program('systemctl', 'echo "Failed to connect to bus: No medium found" >&2; exit 1');
    expect(await at(target)).toMatchObject({ ok: null, detail: expect.stringContaining('Failed to connect to bus') });
    expect(readShow('', 'x').running).toBe(null);
  });
});
