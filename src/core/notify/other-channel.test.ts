import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { json, startHttpServer, text } from '../../../test/fakes/http-server.ts';
import type { Ask } from '../../shared/asks.ts';
import type { Config } from '../../shared/config.ts';
import { createJournal } from '../kernel/journal.ts';
import { createOtherChannel } from './other-channel.ts';
import { createNotifyStorage } from './storage.ts';

type Target = Config['notifications']['other'];
const ask = (changes: Partial<Ask> = {}): Ask => ({
  id: 'dec_1',
  groupId: 'ses_1',
  title: 'app asks again — Größe',
  subtitle: 'High risk',
  body: 'git push origin main',
  loud: 3,
  answers: [],
  reply: null,
  ...changes,
});

let server: Awaited<ReturnType<typeof startHttpServer>>;
let target: Target;
const clock = createFakeClock();
let other: ReturnType<typeof createOtherChannel>;
let bodies: string[];
let store: TestDatabase;

const start = () =>
  createOtherChannel({
    clock,
    fetcher: { fetch: (url, init) => fetch(url, init) },
    journal: createJournal(store.db, clock, () => undefined),
    storage: createNotifyStorage(store.db),
    target: () => target,
  });

beforeEach(async () => {
  bodies = [];
  server = await startHttpServer(json({}));
  server.answer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      bodies.push(body);
      response.end('{}');
    });
  });
  target = { url: `${server.url}/hook`, form: 'json', token: null };
  store = testDatabase();
  other = start();
});
afterEach(() => server.close());

test('a question that nobody answered is sent once for each time that it is asked', async () => {
  await other.follow([ask()]);
  await other.follow([ask()]);
  await other.follow([ask({ loud: 5 })]);
  await other.follow([]);
  await other.follow([ask()]);
  expect(bodies.map((body) => JSON.parse(body))).toEqual(
    Array.from({ length: 3 }, () => ({
      id: 'dec_1',
      title: 'app asks again — Größe',
      body: 'git push origin main',
      place: '#/window/decisions/dec_1',
    })),
  );
  expect(server.seen[0]?.headers).not.toHaveProperty('authorization');
  expect(other.channel.standing()).toMatchObject({ state: 'ready', lastAt: clock.now() });
});

test('for ntfy it is the text with its headers, and the token goes along', async () => {
  target = { url: server.url, form: 'ntfy', token: 'tk_secret' };
  await other.follow([ask()]);
  expect(bodies).toEqual(['git push origin main']);
  expect(server.seen[0]?.headers).toMatchObject({
    title: 'app asks again ? Gr??e',
    priority: 'high',
    authorization: 'Bearer tk_secret',
  });
});

test('what was not taken is named, and tried again after a minute; no redirect is followed', async () => {
  server.answer(text('', 302, { location: 'https://evil.example/' }));
  await other.follow([ask()]);
  expect(other.channel.standing()).toMatchObject({
    state: 'failing',
    sentence: expect.stringContaining('not be reached'),
  });
  server.answer(text('no', 500));
  await other.follow([ask()]);
  expect(server.seen).toHaveLength(1);
  clock.advance(60_000);
  await other.follow([ask()]);
  expect(other.channel.standing().sentence).toBe('It answered 500 instead of taking the message.');
  expect(await other.channel.test()).toMatchObject({ outcome: 'failed' });
  server.answer(json({}));
  expect(await other.channel.test()).toMatchObject({ outcome: 'sent' });
  await other.follow([ask()]);
  expect(other.channel.standing().state).toBe('ready');
});

test('a name and password in the address go along as such, and are in no sentence', async () => {
  target = { url: server.url.replace('://', '://me:se%40cret@'), form: 'json', token: null };
  await other.follow([ask()]);
  expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:se@cret').toString('base64')}`);
  await server.close();
  expect(await other.channel.test()).toMatchObject({
    outcome: 'failed',
    sentence: expect.not.stringContaining('cret'),
  });
  server = await startHttpServer(json({}));
});

test('a clock that is put back does not put off the next try', async () => {
  server.answer(text('no', 500));
  await other.follow([ask()]);
  clock.jump(-3_600_000);
  clock.advance(60_000);
  await other.follow([ask()]);
  expect(server.seen).toHaveLength(2);
});

test('none is set: nothing is sent, and it says so', async () => {
  target = null;
  await other.follow([ask()]);
  expect(server.seen).toEqual([]);
  expect(other.channel.standing()).toMatchObject({ state: 'off', sentence: expect.stringContaining('None is set') });
  expect(await other.channel.test()).toMatchObject({ outcome: 'off' });
});

test('after a restart nothing that was taken is sent again, and what was not taken is', async () => {
  await other.follow([ask()]);
  server.answer(text('no', 500));
  await other.follow([ask(), ask({ id: 'dec_2' })]);
  expect(server.seen).toHaveLength(2);
  server.answer(json({}));
  other = start();
  await other.follow([ask(), ask({ id: 'dec_2' })]);
  expect(server.seen).toHaveLength(3);
  other = start();
  await other.follow([ask(), ask({ id: 'dec_2' })]);
  expect(server.seen).toHaveLength(3);
  other = start();
  await other.follow([ask({ loud: 4 }), ask({ id: 'dec_2' })]);
  expect(server.seen).toHaveLength(4);
});

test('what was still on its way when Tenure ended is sent by the next', async () => {
  const all = [ask(), ask({ id: 'dec_2' })];
  const reached = new Promise<void>((resolve) => {
    server.answer((request, response) => {
      if (server.seen.length === 1) return void response.end('{}');
      request.resume();
      resolve();
    });
  });
  const first = other.follow(all);
  await reached;
  server.answer(json({}));
  await start().follow(all);
  expect(server.seen).toHaveLength(3);
  await server.close();
  await first;
  server = await startHttpServer(json({}));
});

test('a store that cannot be written keeps no question from being sent, nor sends it twice', async () => {
  store.db.pragma('query_only = ON');
  await other.follow([ask()]);
  await other.follow([ask()]);
  expect(server.seen).toHaveLength(1);
});
