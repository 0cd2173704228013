import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertProject, type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock, START } from '../../../test/fakes/clock.ts';
import {
  type HttpServer,
  halfBody,
  hang,
  json,
  reset,
  startHttpServer,
  text,
} from '../../../test/fakes/http-server.ts';
import { until } from '../../../test/rig.ts';
import type { Envelope } from '../../shared/contract/index.ts';
import { SourceSettings } from '../../shared/contract/revenue-sources.ts';
import { createFetcher } from '../adapters/fetcher.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal, type Journal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { createRevenue, type Revenue } from './service.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const XMR = 1_000_000_000_000n;

let store: TestDatabase;
let clock: FakeClock;
let journal: Journal;
let revenue: Revenue;
let facts: Envelope[];
let pool: HttpServer;
let secrets: Record<string, string>;

function open(): void {
  journal = createJournal(store.db, clock, (error) => {
    throw error;
  });
  facts = [];
  journal.subscribe((fact) => facts.push(fact));
  revenue = createRevenue({
    db: store.db,
    journal,
    clock,
    ids: createIds(),
    fetcher: createFetcher(),
    log: silentLog,
    timezone: () => 'UTC',
    nextRun: () => null,
    weekly: () => null,
    secrets: (reference) => {
      const secret = secrets[reference];
      if (secret === undefined) throw new Error(`There is no secret ${reference}.`);
      return secret;
    },
    projects: () => [{ id: 'prj_app', name: 'app' }],
    uptime: () => null,
  });
}

beforeEach(async () => {
  store = testDatabase();
  insertProject(store.db, { id: 'prj_app' });
  clock = createFakeClock();
  secrets = { 'env:WALLET': '48wallet' };
  pool = await startHttpServer(json({ amtDue: 0, amtPaid: 0 }));
  open();
});

afterEach(async () => {
  await revenue.close();
  await pool.close();
});

const settings = (given: unknown) => SourceSettings.parse(given);
const addPool = (name = 'Mini') =>
  revenue.add({
    name,
    settings: settings({ kind: 'pool', url: pool.url, address: 'env:WALLET' }),
    projectId: 'prj_app',
  }).source.id;
const owes = (due: bigint, paid: bigint) => json(`{"hash":1200,"amtDue":${due},"amtPaid":${paid},"txnCount":2}`);

test('a source is looked at on its interval, counted exactly, and a restart counts nothing twice', async () => {
  const id = addPool();
  // More than 2⁵³ atomic units: a float would lose the last digits.
  pool.answer(owes(20_000n * XMR + 1n, 0n));
  revenue.tick();
  await until('the first look', () => revenue.list()[0]?.lastGoodAt);
  expect(pool.seen[0]?.url).toBe('/miner/48wallet/stats');
  expect(revenue.list()[0]).toMatchObject({
    lastError: null,
    stale: false,
    reading: { due: '20000000000000001', paid: '0' },
  });

  pool.answer(owes(20_000n * XMR + 3n, 0n));
  revenue.tick();
  expect(pool.seen).toHaveLength(1);
  clock.advance(10 * MINUTE);
  revenue.tick();
  await until('the second look', () => pool.seen.length === 2 && revenue.list()[0]?.reading?.due?.endsWith('3'));
  expect(revenue.week().sources[0]).toMatchObject({ amount: '2', figure: { microUsd: null } });

  await revenue.close();
  store.reopen();
  open();
  revenue.tick();
  expect(pool.seen).toHaveLength(2);
  pool.answer(owes(0n, 20_000n * XMR + 4n));
  await revenue.look(id);
  expect(revenue.week().sources[0]).toMatchObject({ amount: '3' });
});

test('a failure keeps the last good value, says why, backs off, and recovers', async () => {
  addPool();
  pool.answer(owes(5n, 0n));
  revenue.tick();
  await until('a look', () => revenue.list()[0]?.lastGoodAt);
  pool.answer(text('<html>Just a moment…</html>'));
  clock.advance(10 * MINUTE);
  revenue.tick();
  await until('the failure', () => revenue.list()[0]?.lastError);
  expect(revenue.list()[0]).toMatchObject({
    lastError: 'The pool sent a web page instead of JSON.',
    lastGoodAt: START,
    reading: { due: '5' },
  });
  // After one failure the wait is twice as long.
  const asked = pool.seen.length;
  clock.advance(10 * MINUTE);
  revenue.tick();
  expect(pool.seen).toHaveLength(asked);
  clock.advance(10 * MINUTE);
  revenue.tick();
  await until('the second failure', () => revenue.list()[0]?.lastTryAt === clock.now());
  clock.advance(20 * MINUTE);
  expect(revenue.list()[0]).toMatchObject({ stale: true, lastGoodAt: START });
  pool.answer(owes(9n, 0n));
  clock.advance(20 * MINUTE);
  revenue.tick();
  await until('it is well again', () => revenue.list()[0]?.lastError === null);
  expect(revenue.list()[0]).toMatchObject({ stale: false, reading: { due: '9' } });
  expect(revenue.week().sources[0]).toMatchObject({ amount: '4' });
});

test('dollars are those of the price at the time; without a price they are unknown, never zero', async () => {
  const prices = await startHttpServer(json('{"monero":{"usd":150.25}}'));
  const id = addPool();
  pool.answer(owes(0n, 0n));
  await revenue.look(id);
  pool.answer(owes(XMR, 0n));
  clock.advance(HOUR);
  await revenue.look(id);
  expect(revenue.week()).toMatchObject({ total: { microUsd: null, unknown: 1 } });

  const price = revenue.add({
    name: 'Price of XMR',
    settings: settings({ kind: 'price', url: prices.url, id: 'monero', asset: 'XMR' }),
  }).source.id;
  await revenue.look(price);
  pool.answer(owes(3n * XMR, 0n));
  clock.advance(HOUR);
  await revenue.look(id);
  // What had no price when it was earned stays unknown beside what had one.
  expect(revenue.week()).toMatchObject({ total: { microUsd: 300_500_000, unknown: 0, incomplete: 1 } });
  prices.answer(json('{"monero":{"usd":10}}'));
  clock.advance(7 * HOUR);
  pool.answer(owes(4n * XMR, 0n));
  await revenue.look(id);
  expect(revenue.week().sources[0]).toMatchObject({ amount: (4n * XMR).toString(), figure: { microUsd: 300_500_000 } });
  await prices.close();
});

test('a server that hangs is given up after its time, one that cuts the line says so; the others go on', async () => {
  const id = addPool();
  pool.answer(hang);
  const look = revenue.look(id);
  await until('the request is there', () => pool.seen.length === 1);
  clock.advance(10_000);
  expect((await look).lastError).toMatch(/^http:\/\/127\.0\.0\.1:\d+ did not answer within 10 s\.$/);
  pool.answer(reset);
  expect((await revenue.look(id)).lastError).toContain('the connection was cut');
  pool.answer(halfBody('{"amtDue":5,"amtPaid":0}'));
  expect((await revenue.look(id)).lastError).toContain('could not be read');
  pool.answer(text('x'.repeat(3 * 1024 * 1024)));
  expect((await revenue.look(id)).lastError).toContain('sent more than 2097152 bytes');
  expect(revenue.list()[0]).toMatchObject({ lastGoodAt: null, reading: null });
});

test('at the end, what is under way is given up and is no failure of the source', async () => {
  addPool();
  pool.answer(hang);
  revenue.tick();
  await until('the request is there', () => pool.seen.length === 1);
  await revenue.close();
  expect(revenue.list()[0]).toMatchObject({ lastTryAt: null, lastError: null });
});

test('without a source nothing is asked, armed or written; after a sleep each source is looked at once', async () => {
  const before = journal.seq();
  for (let n = 0; n < 50; n++) {
    clock.advance(HOUR);
    revenue.tick();
  }
  expect([pool.seen.length, clock.pending(), journal.seq() - before]).toEqual([0, 0, 0]);

  for (let n = 0; n < 8; n++) addPool(`Pool ${n}`);
  let open = 0;
  let most = 0;
  const held: (() => void)[] = [];
  pool.answer((request, response) => {
    open += 1;
    most = Math.max(most, open);
    held.push(() => {
      open -= 1;
      owes(1n, 0n)(request, response);
    });
  });
  // Spread over the first minute, not all at once.
  revenue.tick();
  await until('the first is asked', () => held.length === 1);
  held.shift()?.();
  await until('the first is known', () => revenue.list().some(({ lastGoodAt }) => lastGoodAt !== null));
  clock.advance(2 * DAY);
  revenue.tick();
  await until('some are asked', () => held.length === 3);
  let answered = 1;
  while (answered < 9) {
    await until('the next', () => held.length > 0);
    held.shift()?.();
    answered += 1;
  }
  await until('all are known', () => revenue.list().every(({ lastTryAt }) => lastTryAt === clock.now()));
  revenue.tick();
  expect(most).toBe(3);
  expect(pool.seen).toHaveLength(9);
});

test('the mirror is told what changed and nothing else', async () => {
  const id = addPool();
  pool.answer(owes(5n, 0n));
  await revenue.look(id);
  const told = facts.length;
  clock.advance(MINUTE);
  await revenue.look(id);
  expect(facts).toHaveLength(told);
  pool.answer(text('gone', 500));
  await revenue.look(id);
  expect(facts.at(-1)).toMatchObject({ type: 'revenue.changed', body: { revenue: { failing: 1 } } });
  revenue.remove(id);
  expect(facts.at(-1)).toMatchObject({ body: { revenue: null } });
});

test('a secret is read where it is kept; without it the look fails with a sentence', async () => {
  const id = addPool();
  secrets = {};
  expect((await revenue.look(id)).lastError).toBe('There is no secret env:WALLET.');
  expect(pool.seen).toEqual([]);
});

test('a redirect is not followed: the wallet is meant for this host alone', async () => {
  const other = await startHttpServer(json({ amtDue: 1, amtPaid: 1 }));
  const id = addPool();
  pool.answer(text('', 302, { location: `${other.url}/miner` }));
  expect((await revenue.look(id)).lastError).toContain(`sends on to ${other.url.slice(7)}, which is not followed`);
  expect(other.seen).toEqual([]);
  await other.close();
});

test('a source that points elsewhere begins anew; one that changes its price only goes on', async () => {
  const id = addPool();
  pool.answer(owes(5n, 0n));
  await revenue.look(id);
  const other = await startHttpServer(owes(1_000n, 0n));
  revenue.update({ id, settings: settings({ kind: 'pool', url: other.url, address: 'env:WALLET' }) });
  await revenue.look(id);
  expect(revenue.week().sources[0]?.amount).toBe(null);
  other.answer(owes(1_007n, 0n));
  await revenue.look(id);
  expect(revenue.week().sources[0]?.amount).toBe('7');
  await other.close();
});

test('what cannot be is refused with a sentence', () => {
  const id = addPool();
  expect(() => addPool()).toThrow('There is a revenue source "Mini" already');
  expect(() => revenue.enter({ id, amount: '1' })).toThrow('"Mini" is a source of the kind pool');
  expect(() => revenue.add({ name: 'x', settings: settings({ kind: 'manual' }), projectId: 'prj_none' })).toThrow(
    'There is no project prj_none.',
  );
  expect(() => revenue.update({ id, settings: settings({ kind: 'manual' }) })).toThrow('A source stays of its kind');
  expect(() => revenue.remove('rev_none')).toThrow('There is no revenue source rev_none.');
  expect(SourceSettings.safeParse({ kind: 'xmrig', url: pool.url, secret: 'hunter2' }).success).toBe(false);
});
