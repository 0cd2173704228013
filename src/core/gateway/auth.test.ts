import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertSession, testDatabase } from '../../../test/builders.ts';
import { bearer, type GatewayRig, gatewayRig, OWNER } from '../../../test/gateway-rig.ts';
import { createIds } from '../adapters/ids.ts';
import { createAuth } from './auth.ts';

let rig: GatewayRig;
beforeEach(async () => {
  rig = await gatewayRig();
});
afterEach(() => rig.close());

async function signIn(): Promise<{ cookie: string; key: string }> {
  const response = await fetch(`${rig.base}/login?code=${rig.auth.mintLoginCode()}`, { redirect: 'manual' });
  expect(response.status).toBe(303);
  const [, key = ''] = /^\/#key=(.+)$/.exec(response.headers.get('location') ?? '') ?? [];
  return { cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '', key };
}

describe('who is asking', () => {
  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['a made-up token', bearer('tnr_owner_made-up')],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${OWNER}` }],
    ['a made-up cookie', { cookie: 'tenure=tnr_browser_made-up' }],
    ['the owner token as a cookie', { cookie: `tenure=${encodeURIComponent(OWNER)}` }],
  ])('%s: 401, and nothing is called', async (_name, headers) => {
    const response = await rig.rpc('state.snapshot', headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('problem+json');
    expect(rig.calls).toEqual([]);
  });

  test('the read token reads, the owner token owns, a token in the URL is nothing', async () => {
    await rig.rpc('a', bearer(rig.auth.readToken));
    await rig.rpc('b', bearer(OWNER));
    expect(rig.calls.map((c) => c.principal)).toEqual([{ kind: 'read' }, { kind: 'owner', via: 'token' }]);
    expect((await fetch(`${rig.base}/events?token=${OWNER}`)).status).toBe(401);
  });

  test("a session's token only asks the gate", async () => {
    const token = rig.auth.mintSessionToken(insertSession(rig.store.db), 1_000);
    expect((await rig.rpc('state.snapshot', bearer(token))).status).toBe(403);
    expect((await fetch(`${rig.base}/events`, { headers: bearer(token) })).status).toBe(403);
    expect((await fetch(`${rig.base}/login-link`, { method: 'POST', headers: bearer(token) })).status).toBe(403);
    expect(rig.calls).toEqual([]);
  });

  test('a login link works once and gives an HttpOnly, SameSite=Strict cookie', async () => {
    const code = rig.auth.mintLoginCode();
    const first = await fetch(`${rig.base}/login?code=${code}`, { redirect: 'manual' });
    expect(first.headers.get('set-cookie')).toMatch(/^tenure=tnr_browser_.*; Path=\/; HttpOnly; SameSite=Strict$/);
    const second = await fetch(`${rig.base}/login?code=${code}`, { redirect: 'manual' });
    expect(second.status).toBe(401);
    expect(await second.text()).toContain('used already');
  });

  test('a cookie acts only with our own Origin and the key of its page', async () => {
    const { cookie, key } = await signIn();
    const page = { cookie, origin: rig.base, 'x-tenure-page': key };
    expect((await rig.rpc('x', page)).status).toBe(200);
    expect(rig.calls.at(-1)?.principal).toEqual({ kind: 'owner', via: 'browser' });
    expect((await rig.rpc('x', { cookie, 'x-tenure-page': key })).status).toBe(401);
    // A server on another port of this machine gets the cookie from the browser, and can claim any Origin.
    expect((await rig.rpc('x', { cookie, origin: rig.base })).status).toBe(401);
    const other = await signIn();
    expect((await rig.rpc('x', { cookie, origin: rig.base, 'x-tenure-page': other.key })).status).toBe(401);
    expect(
      (await fetch(`${rig.base}/login-link`, { method: 'POST', headers: { cookie, origin: rig.base } })).status,
    ).toBe(401);
    expect(rig.calls).toHaveLength(1);
    await fetch(`${rig.base}/logout`, { method: 'POST', headers: { cookie, origin: rig.base }, redirect: 'manual' });
    expect((await rig.rpc('x', page)).status).toBe(401);
  });

  test('bodies are bounded, whatever their length claims to be', async () => {
    const flood = (path: string, mebibytes: number, headers: Record<string, string> = {}) => {
      let left = mebibytes;
      const body = new ReadableStream({
        pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(1 << 20)) : controller.close()),
      });
      return fetch(rig.base + path, {
        method: 'POST',
        body,
        duplex: 'half',
        headers: { origin: rig.base, ...headers },
      } as RequestInit).then(
        (response) => response.status,
        () => 'cut off',
      );
    };
    expect([413, 'cut off']).toContain(
      await flood('/login', 8, { 'content-type': 'application/x-www-form-urlencoded' }),
    );
    expect([413, 'cut off']).toContain(await flood('/rpc/x', 8, bearer(OWNER)));
    const token = rig.auth.mintSessionToken(insertSession(rig.store.db), 1_000);
    expect([413, 'cut off']).toContain(await flood('/hooks/claude/pre-tool-use', 40, bearer(token)));
    expect(rig.calls).toEqual([]);
    expect(rig.asked).toEqual([]);
  });

  test('the owner token signs in through the form, and guessing is slowed down', async () => {
    const post = (token: string) =>
      fetch(`${rig.base}/login`, {
        method: 'POST',
        body: new URLSearchParams({ token }),
        headers: { origin: rig.base },
        redirect: 'manual',
      });
    expect((await post(OWNER)).status).toBe(303);
    for (let tries = 0; tries < 20; tries++) expect((await post('wrong')).status).toBe(401);
    expect((await post('wrong')).status).toBe(429);
    // Somebody else's guesses never lock the owner out.
    expect((await post(OWNER)).status).toBe(303);
    rig.clock.advance(60_000);
    expect((await post('wrong')).status).toBe(401);
  });

  test('only hashes are stored, and expired ones are worth nothing', async () => {
    const token = rig.auth.mintSessionToken(insertSession(rig.store.db), 1_000);
    const rows = JSON.stringify(rig.store.db.prepare('SELECT * FROM credentials').all());
    for (const secret of [OWNER, token]) expect(rows).not.toContain(secret);
    rig.clock.advance(1_000);
    expect(
      (await fetch(`${rig.base}/hooks/claude/pre-tool-use`, { method: 'POST', headers: bearer(token) })).status,
    ).toBe(401);
  });

  test('an owner token is adopted at the very first start only, and a short one is refused', () => {
    expect(rig.auth.ensureOwner('another token, given too late')).toBeNull();
    expect(rig.auth.byBearer('another token, given too late')).toBeNull();
    const fresh = createAuth({ db: testDatabase().db, clock: rig.clock, ids: createIds() });
    expect(() => fresh.ensureOwner('short')).toThrow(/at least 12/);
    expect(fresh.ensureOwner(undefined)).toMatch(/^tnr_owner_.{40,}/);
    expect(fresh.ensureOwner(undefined)).toBeNull();
  });
});
