import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bearer, type GatewayRig, gatewayRig, OWNER } from '../../../test/gateway-rig.ts';
import { listen } from './listen.ts';

let rig: GatewayRig;
beforeEach(async () => {
  rig = await gatewayRig();
});
afterEach(() => rig.close());

describe('rpc', () => {
  test('expected failures are problems, unexpected ones say nothing of the inside', async () => {
    const nope = await rig.rpc('nope', bearer(OWNER));
    expect(nope.status).toBe(404);
    expect(await nope.json()).toMatchObject({ kind: 'not_found', status: 404, detail: 'There is no method "nope".' });
    const boom = await rig.rpc('boom', bearer(OWNER));
    expect(boom.status).toBe(500);
    expect(await boom.text()).not.toContain('secret');
    expect((await rig.rpc('x', bearer(OWNER), '{"broken')).status).toBe(400);
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
  const pause = (paused: boolean) => rig.journal.commit((emit) => emit({ type: 'sessions.paused', body: { paused } }));
  const idsIn = (text: string): string[] => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1] ?? '');

  test('replays after the last id seen, then goes on live', async () => {
    for (let n = 0; n < 3; n++) pause(n % 2 === 0);
    const response = await fetch(`${rig.base}/events`, {
      headers: { ...bearer(rig.auth.readToken), 'last-event-id': '1' },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    pause(true);
    expect(idsIn(await read(response, (text) => text.includes('id: 4')))).toEqual(['2', '3', '4']);
  });

  test('says reset where the journal was trimmed', async () => {
    for (let n = 0; n < 10; n++) pause(n % 2 === 0);
    rig.journal.trim(2);
    const response = await fetch(`${rig.base}/events?after=3`, { headers: bearer(rig.auth.readToken) });
    expect(await read(response, (text) => text.includes('event: reset'))).toContain('event: reset');
  });

  test('a nonsense id is refused with a sentence', async () => {
    const response = await fetch(`${rig.base}/events?after=latest`, { headers: bearer(rig.auth.readToken) });
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
    const response = await rig.claim(path, { host: rig.base.slice(7) });
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });

  test('the page, its parts and the state of things need no token', async () => {
    expect(await (await fetch(rig.base)).text()).toContain('<title>Tenure</title>');
    expect((await fetch(`${rig.base}/assets/app.js`)).headers.get('content-type')).toContain('javascript');
    expect(await (await fetch(`${rig.base}/health`)).json()).toEqual({
      status: 'ok',
      problem: null,
      version: '1.2.3',
      uptimeSeconds: 5,
      lastTickAgeMs: 10,
    });
    expect((await fetch(`${rig.base}/ready`)).status).toBe(200);
    expect((await fetch(`${rig.base}/live`)).status).toBe(200);
  });

  test('a taken port is a sentence', async () => {
    await expect(listen(() => Promise.resolve(new Response()), rig.port)).rejects.toThrow(
      /is taken by another program/,
    );
  });
});

describe('the webhook of a revenue source', () => {
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${rig.base}/ingest/revenue/rev_1`, { method: 'POST', headers, body });

  test('takes a body with its own token and hands the key on', async () => {
    const response = await post({ authorization: 'Bearer tnr_hook_good', 'idempotency-key': 'k1' }, '{"amount":1}');
    expect(await response.json()).toEqual({ added: 1, known: 0 });
    expect(rig.posted).toEqual([['rev_1', '{"amount":1}', 'k1']]);
  });

  test('refuses a wrong token, and the owner token is none either', async () => {
    for (const token of ['wrong', OWNER]) {
      expect((await post({ authorization: `Bearer ${token}` }, '{}')).status).toBe(401);
    }
    expect(rig.posted).toEqual([]);
  });

  test('takes 64 KiB and no more', async () => {
    const response = await post({ authorization: 'Bearer tnr_hook_good' }, 'x'.repeat(64 * 1024 + 1));
    expect(response.status).toBe(413);
    expect(rig.posted).toEqual([]);
  });
});
