import { expect, test } from 'vitest';
import { createClient } from './client.ts';
import { problemOf, TenureError } from './errors.ts';

const answering = (body: BodyInit | null, status = 200) =>
  createClient({ base: 'http://127.0.0.1:1', fetch: () => Promise.resolve(new Response(body, { status })) });

test('posts JSON to the method and gives back its output', async () => {
  const seen: [string, RequestInit][] = [];
  const client = createClient({
    base: 'http://127.0.0.1:1',
    headers: { authorization: 'Bearer x' },
    fetch: (url, init) => {
      seen.push([url, init]);
      return Promise.resolve(Response.json({ paused: true }));
    },
  });
  expect(await client.call('sessions.pauseAll', { paused: true })).toEqual({ paused: true });
  expect(seen).toEqual([
    [
      'http://127.0.0.1:1/rpc/sessions.pauseAll',
      {
        method: 'POST',
        headers: { authorization: 'Bearer x', accept: 'application/json', 'content-type': 'application/json' },
        body: '{"paused":true}',
      },
    ],
  ]);
});

test('a problem becomes the TenureError that it was', async () => {
  const problem = problemOf(new TenureError('stale', 'The work tree has changed since.'));
  const failed = answering(JSON.stringify(problem), 409).call('decisions.approve', { id: 'dec_1' });
  await expect(failed).rejects.toMatchObject({ kind: 'stale', message: 'The work tree has changed since.' });
});

test.each([
  [401, 'unauthenticated'],
  [404, 'not_found'],
  [502, 'unavailable'],
  [418, 'internal'],
])('status %i without a problem is %s', async (status, kind) => {
  await expect(answering('<html>', status).call('trust.get', {})).rejects.toMatchObject({ kind });
});

test('nobody there is unavailable; an abort stays an abort', async () => {
  const client = createClient({ base: '', fetch: () => Promise.reject(new TypeError('fetch failed')) });
  await expect(client.call('trust.get', {})).rejects.toMatchObject({
    kind: 'unavailable',
    message: 'Tenure does not answer.',
  });
  const gone = AbortSignal.abort();
  await expect(client.call('trust.get', {}, { signal: gone })).rejects.toBeInstanceOf(TypeError);
});
