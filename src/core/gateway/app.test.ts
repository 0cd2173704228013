import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertSession, type TestDatabase, tempDir, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock } from '../../../test/fakes/clock.ts';
import { TenureError } from '../../shared/errors.ts';
import { createIds } from '../adapters/ids.ts';
import type { GateCall } from '../drivers/driver.ts';
import { createJournal, type Journal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { createGateway, type Gateway } from './app.ts';
import { type Auth, createAuth, type Principal } from './auth.ts';
import { type Listener, listen } from './listen.ts';

const OWNER = 'an owner token of the test';

let store: TestDatabase;
let clock: FakeClock;
let journal: Journal;
let auth: Auth;
let gateway: Gateway;
let listener: Listener;
let base: string;
let calls: { method: string; input: unknown; principal: Principal }[];
let posted: [string, string, string | null][];
let asked: { sessionId: string; call: GateCall }[];

beforeEach(async () => {
  store = testDatabase();
  clock = createFakeClock();
  journal = createJournal(store.db, clock, () => undefined);
  auth = createAuth({ db: store.db, clock, ids: createIds() });
  auth.ensureOwner(OWNER);
  calls = [];
  asked = [];
  posted = [];
  const rendererDir = tempDir('renderer');
  mkdirSync(join(rendererDir, 'assets'));
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Tenure</title>');
  writeFileSync(join(rendererDir, 'assets', 'app.js'), 'export {};');
  writeFileSync(join(rendererDir, '..', 'outside.txt'), 'secret');
  let port = 0;
  gateway = createGateway({
    auth,
    clock,
    journal,
    log: silentLog,
    rendererDir,
    health: { version: '1.2.3', uptimeMs: () => 5_000, notReady: () => null, lastTickAgeMs: () => 10 },
    address: () => ({ port, url: `http://127.0.0.1:${port}` }),
    call: (method, input, principal) => {
      calls.push({ method, input, principal });
      if (method === 'boom') return Promise.reject(new Error('internal secret detail'));
      if (method === 'nope') return Promise.reject(new TenureError('not_found', 'There is no method "nope".'));
      return Promise.resolve({ ok: true });
    },
    postRevenue: (id, token, body, key) => {
      if (token !== 'tnr_hook_good') throw new TenureError('unauthenticated', 'No such webhook.');
      posted.push([id, body, key]);
      return { added: 1, known: 0 };
    },
    watch: { pushed: () => false, publicStatus: () => null },
    ask: (sessionId, call) => {
      asked.push({ sessionId, call });
      return Promise.resolve({ permission: 'allow', reason: 'test' });
    },
    propose: {
      create: () => Promise.reject(new TenureError('refused', 'No.')),
      execute: () => Promise.reject(new TenureError('refused', 'No.')),
      report: () => {
        throw new TenureError('refused', 'No.');
      },
    },
    onReaders: () => undefined,
  });
  listener = await listen((request) => gateway.fetch(request, false), 0);
  port = listener.port;
  base = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  gateway.close();
  await listener.close();
});

/** Straight into the app, so that any Host can be claimed. */
const claim = (path: string, headers: Record<string, string>, method = 'GET') =>
  gateway.fetch(new Request(`${base}${path}`, { method, headers }), false);

const rpc = (method: string, headers: Record<string, string>, body: string | null = '{}') =>
  fetch(`${base}/rpc/${method}`, { method: 'POST', headers, body });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function signIn(): Promise<{ cookie: string; key: string }> {
  const response = await fetch(`${base}/login?code=${auth.mintLoginCode()}`, { redirect: 'manual' });
  expect(response.status).toBe(303);
  const [, key = ''] = /^\/#key=(.+)$/.exec(response.headers.get('location') ?? '') ?? [];
  return { cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '', key };
}

describe('only this machine, only this page', () => {
  const paths = ['/', '/rpc/state.snapshot', '/events', '/login', '/hooks/claude/pre-tool-use', '/health', '/live'];
  const hosts = ['evil.example', '127.0.0.1', 'localhost:1', '127.0.0.1.evil.example:80', '0.0.0.0', '[::1]:1', ''];

  test.each(paths.flatMap((path) => hosts.map((host) => [path, host] as const)))(
    '%s for host "%s": 421',
    async (path, host) => {
      const response = await claim(path, { host, ...bearer(OWNER) });
      expect(response.status).toBe(421);
    },
  );

  const origins = [
    'https://evil.example',
    'null',
    'http://127.0.0.1:1',
    'http://localhost',
    'file://',
    'https://127.0.0.1',
  ];
  test.each(paths.flatMap((path) => origins.map((origin) => [path, origin] as const)))(
    '%s from origin %s: refused',
    async (path, origin) => {
      const response = await claim(
        path,
        { host: base.slice(7), origin, ...bearer(OWNER) },
        path === '/login' ? 'POST' : 'GET',
      );
      expect(response.status).toBe(403);
    },
  );

  test('a request that another site started is refused even without an Origin', async () => {
    const response = await claim(
      '/rpc/x',
      { host: base.slice(7), 'sec-fetch-site': 'cross-site', ...bearer(OWNER) },
      'POST',
    );
    expect(response.status).toBe(403);
    expect(calls).toEqual([]);
  });

  test('every answer carries the headers, with a policy that allows nothing inline', async () => {
    for (const path of ['/', '/health', '/login', '/nothing', '/rpc/x']) {
      const { headers } = await fetch(base + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('who is asking', () => {
  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['a made-up token', bearer('tnr_owner_made-up')],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${OWNER}` }],
    ['a made-up cookie', { cookie: 'tenure=tnr_browser_made-up' }],
    ['the owner token as a cookie', { cookie: `tenure=${encodeURIComponent(OWNER)}` }],
  ])('%s: 401, and nothing is called', async (_name, headers) => {
    const response = await rpc('state.snapshot', headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('problem+json');
    expect(calls).toEqual([]);
  });

  test('the read token reads, the owner token owns, a token in the URL is nothing', async () => {
    await rpc('a', bearer(auth.readToken));
    await rpc('b', bearer(OWNER));
    expect(calls.map((c) => c.principal)).toEqual([{ kind: 'read' }, { kind: 'owner', via: 'token' }]);
    expect((await fetch(`${base}/events?token=${OWNER}`)).status).toBe(401);
  });

  test("a session's token only asks the gate", async () => {
    const token = auth.mintSessionToken(insertSession(store.db), 1_000);
    expect((await rpc('state.snapshot', bearer(token))).status).toBe(403);
    expect((await fetch(`${base}/events`, { headers: bearer(token) })).status).toBe(403);
    expect((await fetch(`${base}/login-link`, { method: 'POST', headers: bearer(token) })).status).toBe(403);
    expect(calls).toEqual([]);
  });

  test('a login link works once and gives an HttpOnly, SameSite=Strict cookie', async () => {
    const code = auth.mintLoginCode();
    const first = await fetch(`${base}/login?code=${code}`, { redirect: 'manual' });
    expect(first.headers.get('set-cookie')).toMatch(/^tenure=tnr_browser_.*; Path=\/; HttpOnly; SameSite=Strict$/);
    const second = await fetch(`${base}/login?code=${code}`, { redirect: 'manual' });
    expect(second.status).toBe(401);
    expect(await second.text()).toContain('used already');
  });

  test('a cookie acts only with our own Origin and the key of its page', async () => {
    const { cookie, key } = await signIn();
    const page = { cookie, origin: base, 'x-tenure-page': key };
    expect((await rpc('x', page)).status).toBe(200);
    expect(calls.at(-1)?.principal).toEqual({ kind: 'owner', via: 'browser' });
    expect((await rpc('x', { cookie, 'x-tenure-page': key })).status).toBe(401);
    // A server on another port of this machine gets the cookie from the browser, and can claim any Origin.
    expect((await rpc('x', { cookie, origin: base })).status).toBe(401);
    const other = await signIn();
    expect((await rpc('x', { cookie, origin: base, 'x-tenure-page': other.key })).status).toBe(401);
    expect((await fetch(`${base}/login-link`, { method: 'POST', headers: { cookie, origin: base } })).status).toBe(401);
    expect(calls).toHaveLength(1);
    await fetch(`${base}/logout`, { method: 'POST', headers: { cookie, origin: base }, redirect: 'manual' });
    expect((await rpc('x', page)).status).toBe(401);
  });

  test('bodies are bounded, whatever their length claims to be', async () => {
    const flood = (path: string, mebibytes: number, headers: Record<string, string> = {}) => {
      let left = mebibytes;
      const body = new ReadableStream({
        pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(1 << 20)) : controller.close()),
      });
      return fetch(base + path, {
        method: 'POST',
        body,
        duplex: 'half',
        headers: { origin: base, ...headers },
      } as RequestInit).then(
        (response) => response.status,
        () => 'cut off',
      );
    };
    expect([413, 'cut off']).toContain(
      await flood('/login', 8, { 'content-type': 'application/x-www-form-urlencoded' }),
    );
    expect([413, 'cut off']).toContain(await flood('/rpc/x', 8, bearer(OWNER)));
    const token = auth.mintSessionToken(insertSession(store.db), 1_000);
    expect([413, 'cut off']).toContain(await flood('/hooks/claude/pre-tool-use', 40, bearer(token)));
    expect(calls).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('the owner token signs in through the form, and guessing is slowed down', async () => {
    const post = (token: string) =>
      fetch(`${base}/login`, {
        method: 'POST',
        body: new URLSearchParams({ token }),
        headers: { origin: base },
        redirect: 'manual',
      });
    expect((await post(OWNER)).status).toBe(303);
    for (let tries = 0; tries < 20; tries++) expect((await post('wrong')).status).toBe(401);
    expect((await post('wrong')).status).toBe(429);
    // Somebody else's guesses never lock the owner out.
    expect((await post(OWNER)).status).toBe(303);
    clock.advance(60_000);
    expect((await post('wrong')).status).toBe(401);
  });

  test('only hashes are stored, and expired ones are worth nothing', async () => {
    const token = auth.mintSessionToken(insertSession(store.db), 1_000);
    const rows = JSON.stringify(store.db.prepare('SELECT * FROM credentials').all());
    for (const secret of [OWNER, token]) expect(rows).not.toContain(secret);
    clock.advance(1_000);
    expect((await fetch(`${base}/hooks/claude/pre-tool-use`, { method: 'POST', headers: bearer(token) })).status).toBe(
      401,
    );
  });

  test('an owner token is adopted at the very first start only, and a short one is refused', () => {
    expect(auth.ensureOwner('another token, given too late')).toBeNull();
    expect(auth.byBearer('another token, given too late')).toBeNull();
    const fresh = createAuth({ db: testDatabase().db, clock, ids: createIds() });
    expect(() => fresh.ensureOwner('short')).toThrow(/at least 12/);
    expect(fresh.ensureOwner(undefined)).toMatch(/^tnr_owner_.{40,}/);
    expect(fresh.ensureOwner(undefined)).toBeNull();
  });
});

describe('rpc', () => {
  test('expected failures are problems, unexpected ones say nothing of the inside', async () => {
    const nope = await rpc('nope', bearer(OWNER));
    expect(nope.status).toBe(404);
    expect(await nope.json()).toMatchObject({ kind: 'not_found', status: 404, detail: 'There is no method "nope".' });
    const boom = await rpc('boom', bearer(OWNER));
    expect(boom.status).toBe(500);
    expect(await boom.text()).not.toContain('secret');
    expect((await rpc('x', bearer(OWNER), '{"broken')).status).toBe(400);
  });
});

describe('the gate at the door', () => {
  const hook = (token: string | null, body: unknown) =>
    fetch(`${base}/hooks/claude/pre-tool-use`, {
      method: 'POST',
      headers: token === null ? {} : bearer(token),
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const good = {
    tool_name: 'Bash',
    tool_input: { command: 'ls' },
    cwd: '/x',
    tool_use_id: 'toolu_1',
    session_id: 'whatever',
  };
  const decision = async (response: Response): Promise<string> =>
    ((await response.json()) as { hookSpecificOutput: { permissionDecision: string } }).hookSpecificOutput
      .permissionDecision;

  test('a known session asks, as itself, whatever it claims', async () => {
    const id = insertSession(store.db);
    const response = await hook(auth.mintSessionToken(id, 1_000), good);
    expect(await decision(response)).toBe('allow');
    expect(asked).toEqual([
      {
        sessionId: id,
        call: { tool: 'Bash', input: { command: 'ls' }, cwd: '/x', toolUseId: 'toolu_1', agentId: null },
      },
    ]);
  });

  test.each([
    ['no token', () => null],
    ['an unknown token', () => 'tnr_session_x'],
    ['the owner token', () => OWNER],
    ['the read token', () => auth.readToken],
    [
      'a revoked token',
      () => {
        const id = insertSession(store.db);
        const token = auth.mintSessionToken(id, 1_000);
        auth.revokeSessionToken(id);
        return token;
      },
    ],
  ])('%s: 401 and a deny, and the gate is not asked', async (_name, token) => {
    const response = await hook(token(), good);
    expect(response.status).toBe(401);
    expect(await decision(response)).toBe('deny');
    expect(asked).toEqual([]);
  });

  test.each([
    ['not json', 'x{'],
    ['null', 'null'],
    ['no tool', { ...good, tool_name: '' }],
    ['no cwd', { ...good, cwd: 7 }],
    ['a list', [good]],
  ])('malformed (%s): a deny', async (_name, body) => {
    const response = await hook(auth.mintSessionToken(insertSession(store.db), 1_000), body);
    expect(response.status).toBe(400);
    expect(await decision(response)).toBe('deny');
    expect(asked).toEqual([]);
  });
});

describe('events', () => {
  async function read(response: Response, until: (text: string) => boolean): Promise<string> {
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = '';
    for (let go = reader !== undefined; go && !until(text); ) {
      const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
      go = !done;
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    await reader?.cancel();
    return text;
  }
  const pause = (paused: boolean) => journal.commit((emit) => emit({ type: 'sessions.paused', body: { paused } }));
  const idsIn = (text: string): string[] => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1] ?? '');

  test('replays after the last id seen, then goes on live', async () => {
    for (let n = 0; n < 3; n++) pause(n % 2 === 0);
    const response = await fetch(`${base}/events`, { headers: { ...bearer(auth.readToken), 'last-event-id': '1' } });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    pause(true);
    expect(idsIn(await read(response, (text) => text.includes('id: 4')))).toEqual(['2', '3', '4']);
  });

  test('says reset where the journal was trimmed', async () => {
    for (let n = 0; n < 10; n++) pause(n % 2 === 0);
    journal.trim(2);
    const response = await fetch(`${base}/events?after=3`, { headers: bearer(auth.readToken) });
    expect(await read(response, (text) => text.includes('event: reset'))).toContain('event: reset');
  });

  test('a nonsense id is refused with a sentence', async () => {
    const response = await fetch(`${base}/events?after=latest`, { headers: bearer(auth.readToken) });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('is no event id');
  });
});

describe('files and health', () => {
  test.each([
    '/../outside.txt',
    '/..%2foutside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/assets',
    '//etc/passwd',
  ])('%s is not served', async (path) => {
    const response = await claim(path, { host: base.slice(7) });
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });

  test('the page, its parts and the state of things need no token', async () => {
    expect(await (await fetch(base)).text()).toContain('<title>Tenure</title>');
    expect((await fetch(`${base}/assets/app.js`)).headers.get('content-type')).toContain('javascript');
    expect(await (await fetch(`${base}/health`)).json()).toEqual({
      status: 'ok',
      problem: null,
      version: '1.2.3',
      uptimeSeconds: 5,
      lastTickAgeMs: 10,
    });
    expect((await fetch(`${base}/ready`)).status).toBe(200);
    expect((await fetch(`${base}/live`)).status).toBe(200);
  });

  test('a taken port is a sentence', async () => {
    await expect(listen(() => Promise.resolve(new Response()), listener.port)).rejects.toThrow(
      /is taken by another program/,
    );
  });
});

describe('the webhook of a revenue source', () => {
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${base}/ingest/revenue/rev_1`, { method: 'POST', headers, body });

  test('takes a body with its own token and hands the key on', async () => {
    const response = await post({ authorization: 'Bearer tnr_hook_good', 'idempotency-key': 'k1' }, '{"amount":1}');
    expect(await response.json()).toEqual({ added: 1, known: 0 });
    expect(posted).toEqual([['rev_1', '{"amount":1}', 'k1']]);
  });

  test('refuses a wrong token, and the owner token is none either', async () => {
    for (const token of ['wrong', OWNER]) {
      expect((await post({ authorization: `Bearer ${token}` }, '{}')).status).toBe(401);
    }
    expect(posted).toEqual([]);
  });

  test('takes 64 KiB and no more', async () => {
    const response = await post({ authorization: 'Bearer tnr_hook_good' }, 'x'.repeat(64 * 1024 + 1));
    expect(response.status).toBe(413);
    expect(posted).toEqual([]);
  });
});
