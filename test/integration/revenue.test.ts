import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { SourceSettings } from '../../src/shared/contract/revenue-sources.ts';
import { type HttpServer, json, startHttpServer } from '../fakes/http-server.ts';
import { OWNER_TOKEN, type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
let pool: HttpServer;
const owes = (due: number, paid: number) => json({ amtDue: due, amtPaid: paid });

beforeAll(async () => {
  pool = await startHttpServer(owes(100, 0));
  rig = await startRig({ config: { revenue: { secrets: { wallet: '48wallet' } } } });
});
afterAll(async () => {
  await rig.stop();
  await pool.close();
});

/** One command line against the running engine, as a shell would give it. */
async function cli(...argv: string[]): Promise<{ code: number; json: unknown; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const code = await runCli(argv, {
    env: { ...rig.env, TENURE_OWNER_TOKEN: OWNER_TOKEN },
    platform: process.platform,
    home: rig.env.HOME,
    cwd: rig.dir,
    fetch,
    now: () => Date.now(),
    sleep: () => Promise.resolve(),
    browse: () => undefined,
    stdin: () => Promise.resolve(''),
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr, json: argv.includes('--json') ? JSON.parse(stdout) : null };
}

test('the beat looks by itself; a restart in the middle counts nothing twice', async () => {
  const settings = SourceSettings.parse({ kind: 'pool', url: pool.url, address: 'config:wallet' });
  const { source } = await rig.call('revenue.add', { name: 'Mini', settings, intervalMs: 10_000 });
  await until('the heartbeat has looked', () => pool.seen.length > 0);
  expect(pool.seen[0]?.url).toBe('/miner/48wallet/stats');
  pool.answer(owes(150, 0));
  await rig.call('revenue.look', { id: source.id });
  pool.answer(owes(0, 170));
  await rig.restart();
  await rig.call('revenue.look', { id: source.id });
  await rig.call('revenue.look', { id: source.id });
  const week = await rig.call('revenue.week', {});
  expect(week.sources[0]).toMatchObject({ amount: '70', figure: { microUsd: null } });
  const snapshot = await rig.call('state.snapshot', {});
  expect(snapshot.revenue).toMatchObject({ sources: 1, week: { microUsd: null, unknown: 1 } });
});

test('a webhook is posted to over HTTP: once for each key, bounded, and only with its own token', async () => {
  const settings = SourceSettings.parse({ kind: 'webhook' });
  const { source, token } = await rig.call('revenue.add', { name: 'Shop', settings });
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${rig.host.url}/ingest/revenue/${source.id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'order-1', ...headers },
      body,
    });
  expect(await (await post('{"amount": 12.40}')).json()).toEqual({ added: 1, known: 0 });
  await rig.restart();
  expect(await (await post('{"amount": 12.40}')).json()).toEqual({ added: 0, known: 1 });
  const refused = await post('{"amount": "lots"}', { 'idempotency-key': 'x' });
  expect([refused.status, await refused.json()]).toEqual([
    400,
    expect.objectContaining({ detail: expect.stringContaining('"lots" is no amount of USD') }),
  ]);
  expect((await post('{"amount":1}', { authorization: `Bearer ${OWNER_TOKEN}` })).status).toBe(401);
  expect((await post(' '.repeat(70_000))).status).toBe(413);
  expect(await rig.call('revenue.entries', { id: source.id })).toHaveLength(1);
  // The token itself is nowhere in the data; only its hash is.
  expect(JSON.stringify(await rig.call('revenue.sources', {}))).not.toContain(token);
});

test('the command line: add, list, enter, week, test, remove', async () => {
  expect(await cli('revenue', 'add', 'manual', 'Invoices')).toMatchObject({
    code: 0,
    stdout: '"Invoices" was added.\n',
  });
  expect(await cli('revenue', 'enter', 'Invoices', '5.50', '--note', 'x')).toMatchObject({
    stdout: '$5.50 was entered.\n',
  });
  const listed = await cli('revenue', 'list', '--json');
  expect(listed.json).toMatchObject({
    sources: [{ name: 'Mini' }, { name: 'Shop' }, { name: 'Invoices' }],
    week: { total: { microUsd: 17_900_000, unknown: 1 } },
  });
  expect((await cli('revenue')).stdout).toContain('In all: at least $17.90, 1 source unknown in 7 days.');
  expect((await cli('revenue', 'week')).stdout).toMatch(/Invoices +\$5\.50 +unknown +The week before is not known\./);
  expect(await cli('revenue', 'test', 'Mini')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Mining pool: owes'),
  });
  expect(await cli('revenue', 'test', 'None')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no revenue source "None"; there are: "Mini"'),
  });
  expect(await cli('revenue', 'add', 'pool', 'x')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--url is missing'),
  });
  expect(await cli('revenue', 'add', 'gold', 'x')).toMatchObject({ code: 2 });
  expect(await cli('revenue', 'remove', 'Mini')).toMatchObject({ code: 0 });
});
