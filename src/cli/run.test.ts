import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Project } from '../shared/contract/projects.ts';
import { runCli } from './run.ts';
import { VERBS } from './verbs.ts';

const project: Project = {
  id: 'prj_1',
  name: 'shop',
  path: '/code/shop',
  agent: 'demo',
  defaultPrompt: null,
  model: null,
  verifyCommand: null,
  verifyTimeoutMs: 1_000,
  worktree: true,
  base: 'current',
  include: [],
  setupCommand: null,
  setupTimeoutMs: 600_000,
  ceiling: 'full',
  protected: false,
  timeBoxMs: 60_000,
  schedule: null,
  createdAt: 0,
  problem: null,
};

interface Call {
  url: string;
  authorization: string | undefined;
  input: unknown;
}

let home: string;
let server: Server | undefined;
let calls: Call[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tenure-cli-'));
  calls = [];
});

afterEach(async () => {
  if (server) await new Promise((done) => server?.close(done));
  server = undefined;
  rmSync(home, { recursive: true });
});

const inRun = (name: string, content: unknown, folder = home): void => {
  mkdirSync(join(folder, 'run'), { recursive: true });
  writeFileSync(join(folder, 'run', name), JSON.stringify(content));
};

/** A real server on loopback that answers by path, and the description that points to it. */
async function serve(answers: Record<string, [status: number, body: unknown]>): Promise<number> {
  const started = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const url = request.url ?? '';
      calls.push({ url, authorization: request.headers.authorization, input: body ? JSON.parse(body) : null });
      const [status, answer] = answers[url] ?? [404, { kind: 'not_found', detail: `Nothing at ${url}.` }];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  server = started;
  await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
  const address = started.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  inRun('gateway.json', { url: `http://127.0.0.1:${port}`, port, pid: process.pid, readToken: 'reads', startedAt: 1 });
  return port;
}

async function tenure(args: readonly string[], env: Record<string, string> = {}) {
  let stdout = '';
  let stderr = '';
  const code = await runCli(args, {
    env: { TENURE_HOME: home, ...env },
    platform: 'linux',
    home: '/nowhere',
    cwd: '/code',
    fetch,
    now: () => 1_000_000,
    sleep: () => Promise.resolve(),
    browse: () => {},
    stdin: () => Promise.resolve(''),
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout: stripVTControlCharacters(stdout), stderr };
}

const owner = { TENURE_OWNER_TOKEN: 'owns' };

describe('tokens', () => {
  test('a question goes with the read token, an act with the owner token', async () => {
    await serve({ '/rpc/projects.list': [200, [project]], '/rpc/projects.remove': [200, { id: 'prj_1' }] });
    expect(await tenure(['project', 'remove', 'shop', '--json'], owner)).toEqual({
      code: 0,
      stdout: `${JSON.stringify({ id: 'prj_1' }, null, 2)}\n`,
      stderr: '',
    });
    expect(calls).toEqual([
      { url: '/rpc/projects.list', authorization: 'Bearer reads', input: {} },
      { url: '/rpc/projects.remove', authorization: 'Bearer owns', input: { id: 'prj_1' } },
    ]);
  });

  test('an act without the owner token is told so and never sent: exit code 4', async () => {
    await serve({});
    const { code, stdout, stderr } = await tenure(['pause', '--json']);
    expect({ code, stderr, calls }).toEqual({ code: 4, stderr: '', calls: [] });
    expect(JSON.parse(stdout)).toEqual({
      error: { kind: 'unauthenticated', message: expect.stringContaining('set TENURE_OWNER_TOKEN') },
    });
  });

  test('what the gateway does not allow is exit code 4, what failed otherwise is 1', async () => {
    await serve({
      '/rpc/trust.setLevel': [403, { kind: 'not_allowed', detail: 'Not you.' }],
      '/rpc/decisions.approve': [410, { kind: 'expired', detail: 'Too late.' }],
    });
    expect(await tenure(['level', '--set', 'full'], owner)).toEqual({ code: 4, stdout: '', stderr: 'Not you.\n' });
    expect(await tenure(['approve', 'dec_1'], owner)).toEqual({ code: 1, stdout: '', stderr: 'Too late.\n' });
  });
});

test('stop --all names each session with its project, and says what resisted and that nothing starts', async () => {
  const gone = { id: 'ses_1', project: 'shop', prompt: 'Go.', stopped: true, stillAlive: [] };
  await serve({ '/rpc/sessions.stopAll': [200, [gone]] });
  expect(await tenure(['stop', '--all'], owner)).toEqual({
    code: 0,
    stdout: 'ses_1 of shop is stopped.\n',
    stderr: '',
  });
  await new Promise((done) => server?.close(done));
  const left = { ...gone, id: 'ses_2', stopped: false, stillAlive: [7] };
  await serve({ '/rpc/sessions.stopAll': [200, [gone, left]] });
  const { code, stdout } = await tenure(['stop', '--all'], owner);
  expect(code).toBe(1);
  expect(stdout).toContain('ses_2 of shop was stopped, but these processes are still alive: 7.');
  expect(stdout).toContain('everything is paused until "tenure go-on"');
});

describe('not running: exit code 3', () => {
  test('with the reason of the last start that failed', async () => {
    inRun('last-error.json', { at: Date.UTC(2026, 10, 20, 9, 41), message: 'Port 4517 is taken.' });
    const { code, stdout } = await tenure(['status', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        kind: 'unavailable',
        message: `Tenure is not running on ${home}; start it with "npm start". Its last start failed (Fri, 20 Nov 2026, 09:41:00 UTC): Port 4517 is taken.`,
      },
    });
  });

  test('a description whose process is gone is none, and no token is sent to whoever has its port now', async () => {
    const port = await serve({ '/rpc/sessions.pauseAll': [200, { paused: true }] });
    inRun('gateway.json', { url: '', port, pid: 2 ** 30, readToken: 'reads', startedAt: 1 });
    expect(await tenure(['pause'], owner)).toMatchObject({ code: 3 });
    expect(calls).toEqual([]);
  });

  test('nobody at the port', async () => {
    const port = await serve({});
    await new Promise((done) => server?.close(done));
    server = undefined;
    inRun('gateway.json', { url: '', port, pid: process.pid, readToken: 'reads', startedAt: 1 });
    expect(await tenure(['status'])).toMatchObject({ code: 3, stdout: '' });
  });

  test('says when only the demo runs, and --demo reaches it', async () => {
    const port = await serve({ '/rpc/projects.list': [200, [project]] });
    rmSync(join(home, 'run'), { recursive: true });
    inRun('gateway.json', { url: '', port, pid: process.pid, readToken: 'demo', startedAt: 1 }, join(home, 'demo'));
    expect((await tenure(['project', 'list'])).stderr).toContain('The demo is running: add --demo.');
    expect(await tenure(['project', 'list', '--demo'])).toMatchObject({ code: 0 });
    expect(calls[0]?.authorization).toBe('Bearer demo');
  });
});

describe('wrong usage: exit code 2', () => {
  test.each([
    [['frobnicate'], 'There is no verb "frobnicate"; see "tenure help".'],
    [['project'], '"project" needs one of add, list, set, remove, schedule, follow; see "tenure help project".'],
    [['approve'], '"tenure approve" needs <decision>; see "tenure approve --help".'],
    [['approve', 'a', 'b'], '"tenure approve" has no use for "b"; see "tenure approve --help".'],
    [['run', 'shop', '--promt', 'x'], 'Unknown option \'--promt\'; see "tenure run --help".'],
    [['sessions', '--limit', '0'], '--limit takes a whole number from 1 to 1000, but got "0".'],
    [['sessions', '--state', 'asleep'], /^--state takes one of queued, .*, but got "asleep"\.$/],
    [['level', '--set', 'wild'], '--set takes one of observe, cautious, moderate, full, but got "wild".'],
    [['level', '--reason', 'x'], '--reason only means something with --set.'],
    [['stop'], '"tenure stop" needs either a session or --all.'],
    [['stop', 'ses_1', '--all'], '"tenure stop" needs either a session or --all.'],
    [['run', 'shop', '--timeout', '5'], '--timeout only means something with --wait.'],
    [['project', 'schedule', 'shop'], '"tenure project schedule" needs either a cron expression or --clear.'],
    [['project', 'set', 'shop'], /needs at least one setting/],
    [['--verbose'], 'There is no option --verbose; see "tenure help".'],
  ])('%j', async (args, message) => {
    const plain = await tenure(args);
    expect(plain).toMatchObject({ code: 2, stdout: '' });
    expect(plain.stderr.trimEnd()).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
    const json = await tenure([...args, '--json']);
    expect(json).toMatchObject({ code: 2, stderr: '' });
    expect(JSON.parse(json.stdout)).toEqual({ error: { kind: 'invalid', message: plain.stderr.trimEnd() } });
  });
});

describe('help', () => {
  test.each(VERBS.map((verb) => [verb.name] as const))('%s --help has its usage and an example', async (name) => {
    const { code, stdout } = await tenure([...name.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: tenure ${name}`);
    expect(stdout).toMatch(new RegExp(`Example:\\n {2}tenure ${name}\\b`));
    expect((await tenure(['help', ...name.split(' ')])).stdout).toBe(stdout);
  });

  test('no two verbs have one name', () => {
    const names = VERBS.map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test('without a verb: all of them', async () => {
    for (const args of [[], ['help'], ['--help'], ['-h']]) {
      const { code, stdout } = await tenure(args);
      expect(code).toBe(0);
      for (const { name } of VERBS) expect(stdout).toContain(`  ${name} `);
      expect(stdout).toContain('\n\nSessions\n  run ');
    }
    const listed = JSON.parse((await tenure(['help', '--json'])).stdout) as { name: string }[];
    expect(listed.map(({ name }) => name)).toEqual(VERBS.map(({ name }) => name));
  });
});

test('--version says which this is', async () => {
  const { stdout: json } = await tenure(['--version', '--json']);
  expect(JSON.parse(json)).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  expect((await tenure(['--version'])).stdout).toBe(`${JSON.parse(json).version}\n`);
});

describe('an engine that ends in the middle: exit code 1, and nobody says that nothing was done', () => {
  const dying = async (answer: (response: ServerResponse) => void): Promise<void> => {
    const started = createServer((_request, response) => answer(response));
    server = started;
    await new Promise<void>((done) => started.listen(0, '127.0.0.1', done));
    const { port } = started.address() as AddressInfo;
    inRun('gateway.json', { url: '', port, pid: process.pid, readToken: 'reads', startedAt: 1 });
  };

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['before its answer', (response) => response.destroy(), /ended before it answered; what was done shows/],
    [
      'within its answer',
      (response) => response.writeHead(200, { 'content-length': 99 }).write('{"paused', () => response.destroy()),
      /ended before its answer to sessions\.pauseAll was whole/,
    ],
    ['with another in its place', (response) => response.end('<html>'), /is not Tenure/],
  ])('%s', async (_name, answer, sentence) => {
    await dying(answer);
    const { code, stderr } = await tenure(['pause'], owner);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(sentence) });
  });

  test('and is no wrong token to who asks for a login', async () => {
    await dying((response) => response.writeHead(500).end());
    expect(await tenure(['open'], owner)).toMatchObject({ code: 1, stderr: expect.stringContaining('status 500') });
  });
});

describe('naming a project', () => {
  const twin = { ...project, id: 'prj_2', path: '/code/other/shop' };

  test.each([
    ['prj_2', 'prj_2'],
    ['other/shop', 'prj_2'],
    ['~/../code/shop', 'prj_1'],
    ['/code/shop', 'prj_1'],
    ['shop', 'prj_1'],
  ])('%s is %s (a path counts from the shell)', async (ref, id) => {
    await serve({ '/rpc/projects.list': [200, [project, twin]], '/rpc/projects.remove': [200, { id }] });
    await tenure(['project', 'remove', ref], owner);
    expect(calls.at(-1)?.input).toEqual({ id });
  });

  test('several of that name, or none', async () => {
    await serve({ '/rpc/projects.list': [200, [{ ...project, path: '/a' }, twin]] });
    expect((await tenure(['run', 'shop'], owner)).stderr).toContain('name one by its id: prj_1 (/a), prj_2');
    expect((await tenure(['run', 'shed'], owner)).stderr).toContain('no project with the id, name or path "shed"');
  });
});

test('only what was given is changed, and an empty text clears it', async () => {
  await serve({ '/rpc/projects.list': [200, [project]], '/rpc/projects.update': [200, project] });
  await tenure(['project', 'set', 'shop', '--verify', '', '--no-worktree', '--time-box', '45'], owner);
  expect(calls.at(-1)?.input).toEqual({ id: 'prj_1', verifyCommand: null, worktree: false, timeBoxMs: 2_700_000 });
});

test('a login URL, for the owner only', async () => {
  await serve({ '/login-link': [200, { url: 'http://127.0.0.1:1/login?code=x' }] });
  expect((await tenure(['open'], owner)).stdout).toBe('http://127.0.0.1:1/login?code=x\n');
  expect(calls).toEqual([{ url: '/login-link', authorization: 'Bearer owns', input: null }]);
  expect(await tenure(['open'])).toMatchObject({ code: 4 });
});
