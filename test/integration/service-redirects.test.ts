import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSockets } from '../../src/core/adapters/sockets.ts';
import type { Sockets } from '../../src/core/kernel/watch-ports.ts';
import { createLook } from '../../src/core/probes/checks/look.ts';
import { type ServiceInput, ServiceSettings } from '../../src/shared/contract/services.ts';

const real = createSockets();
const none = {} as never;
let asked: { port: number; method: string; url: string; headers: IncomingMessage['headers'] }[] = [];
let first = '';
let other = '';

const answer = (request: IncomingMessage, response: ServerResponse): void => {
  const { url = '/', method = '', headers } = request;
  asked.push({ port: (request.socket.address() as AddressInfo).port, method, url, headers });
  const to = (status: number, location: string): unknown => response.writeHead(status, { location }).end();
  if (url === '/end') response.end('{"status":"ok"}');
  else if (url === '/moved') to(301, '/end');
  else if (url === '/away') to(302, `${other}/end`);
  else if (url === '/kept') to(307, '/end');
  else if (url === '/loop') to(302, '/loop');
  else if (url === '/file') to(302, 'file:///etc/passwd');
  else if (url === '/nowhere') to(302, 'http://');
  else if (url === '/forever') {
    response.writeHead(200);
    const more = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more);
    };
    more();
  } else if (url === '/drip') response.writeHead(200).write('x');
};
const servers = [createServer(answer), createServer(answer)];

beforeAll(async () => {
  const places = servers.map(
    (server) =>
      new Promise<string>((resolve) =>
        server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
      ),
  );
  [first = '', other = ''] = await Promise.all(places);
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  real.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

function at(path: string, target: object = {}, more: Partial<ServiceInput> = {}, sockets: Sockets = real) {
  const look = createLook({
    sockets,
    spawner: none,
    environment: none,
    docker: none,
    launchd: none,
    systemd: none,
    clock: { now: Date.now } as never,
    offline: () => Promise.resolve(null),
  });
  const settings = {
    name: 'x',
    target: { kind: 'http', url: `${first}${path}`, ...target },
    timeoutMs: 2_000,
    ...more,
  };
  return look(ServiceSettings.parse(settings), { lastAt: null, since: 0 });
}

describe('redirects', () => {
  test('are followed, ten at the most unless said otherwise', async () => {
    expect(await at('/moved')).toMatchObject({ ok: true, detail: 'status 200 after 1 redirect' });
    expect(await at('/away', {}, { conditions: ['[BODY].status == ok'] })).toMatchObject({ ok: true });
    expect(await at('/loop')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/redirected more than 10 times/),
    });
    expect(asked.filter(({ url }) => url === '/loop')).toHaveLength(11);
    expect(await at('/moved', { redirects: 0 })).toMatchObject({ ok: false, detail: 'status 301, expected 200-299' });
  });

  test('one that is expected is the answer', async () => {
    expect(await at('/moved', { status: '301' })).toMatchObject({ ok: true, detail: 'status 301' });
    expect(await at('/moved', {}, { conditions: ['[STATUS] == 301'] })).toMatchObject({ ok: true });
    expect(await at('/moved', {}, { conditions: ['[HEADER].location == /end', '[STATUS] == 301'] })).toMatchObject({
      ok: true,
    });
  });

  test('a file, or nothing that can be asked, is a failure', async () => {
    expect(await at('/file')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/no http:\/\/ or https:\/\/ URL \(file:/),
    });
    expect(await at('/nowhere')).toMatchObject({ ok: false, detail: expect.stringMatching(/no http/) });
  });

  test('another host hears nothing personal, and a form is not sent on', async () => {
    const headers = { Authorization: 'Bearer abc', 'X-Api-Key': 'k', Accept: 'text/html' };
    await at('/away', { method: 'POST', body: 'a=1', headers });
    const [, there] = asked;
    expect(there).toMatchObject({ method: 'GET', url: '/end', headers: { accept: 'text/html' } });
    expect(there?.headers.authorization ?? there?.headers['x-api-key']).toBeUndefined();
    asked = [];
    await at('/kept', { method: 'POST', body: 'a=1', headers });
    expect(asked[1]).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer abc', 'content-length': '3' } });
  });

  test('none leads from outside into the own network', async () => {
    const outside: Sockets = {
      ...real,
      request: async (ask) => ({
        ...(await real.request(ask)),
        ...(ask.deepest === undefined && { depth: 0 as const }),
      }),
    };
    expect(await at('/away', {}, {}, outside)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/leads into the local network/),
    });
    const ask = { method: 'GET', headers: {}, timeoutMs: 2_000, maxBytes: 0, deepest: 1 } as const;
    const byName = await real.request({ ...ask, url: `${other.replace('127.0.0.1', 'localhost')}/end` });
    expect(byName).toMatchObject({ status: null, error: expect.stringMatching(/leads into the local network/) });
    expect(asked.filter(({ url }) => url === '/end')).toEqual([]);
  });
});

test('an answer without an end is read for a while only; one that drips is late', async () => {
  expect(await at('/forever')).toMatchObject({ ok: true, detail: 'status 200' });
  const late = await at('/drip', {}, { timeoutMs: 300 });
  expect(late).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/no whole answer within 300 ms, after status 200/),
  });
});
