import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { Envelope } from '../../src/shared/contract/index.ts';
import { OWNER_TOKEN, type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
const heard: Envelope[] = [];
beforeAll(async () => {
  rig = await startRig({ demo: true });
  rig.host.engine.journal.subscribe((fact) => heard.push(fact));
});
afterAll(() => rig.stop());

const file = () => join(rig.tenureHome, 'demo', 'config.jsonc');
const newest = () => heard.filter(({ type }) => type === 'config.changed').at(-1)?.body;

async function tenure(args: readonly string[], token: string | undefined = OWNER_TOKEN) {
  const said = { out: '', err: '' };
  const code = await runCli([...args, '--demo'], {
    env: { ...rig.env, TENURE_OWNER_TOKEN: token },
    platform: process.platform,
    home: rig.dir,
    cwd: rig.dir,
    fetch,
    now: () => Date.now(),
    sleep: () => Promise.resolve(),
    browse: () => undefined,
    stdin: () => Promise.resolve('from a pipe\n'),
    stdout: (text) => {
      said.out += text;
    },
    stderr: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
}

test('set, told without its value, in force, put back: from the command line', async () => {
  const set = await tenure(['config', 'set', 'sessions.concurrency', '5']);
  expect(set).toMatchObject({ code: 0, out: `sessions.concurrency is 5 now, in ${file()}.\n` });
  await until('it was told', () => newest());
  expect(newest()).toEqual({
    keys: ['sessions.concurrency'],
    by: expect.stringContaining('owner'),
    concurrency: 5,
    private: false,
  });
  expect((await rig.call('state.snapshot', {})).engine).toMatchObject({ concurrency: 5 });
  expect((await tenure(['config', 'get', 'sessions.concurrency'])).out).toContain('a whole number from 1 to 32');
  const listed = JSON.parse((await tenure(['config', 'list', '--changed', '--json'])).out) as {
    fields: { key: string }[];
  };
  expect(listed.fields.map(({ key }) => key)).toContain('sessions.concurrency');
  const reset = await tenure(['config', 'reset', 'sessions.concurrency', '--json']);
  expect(JSON.parse(reset.out)).toMatchObject({ value: 2, given: false, changed: false });
});

test('lengths of time and lists as a person writes them, secrets from a pipe and never shown', async () => {
  await tenure(['config', 'set', 'sessions.timeBoxMs', '2 h']);
  await tenure(['config', 'set', 'claude.passEnv', 'A, B']);
  const { fields } = await rig.call('config.get', {});
  const valueOf = (key: string) => fields.find((field) => field.key === key)?.value;
  expect([valueOf('sessions.timeBoxMs'), valueOf('claude.passEnv')]).toEqual([7_200_000, ['A', 'B']]);
  const secret = await tenure(['config', 'set', 'revenue.secrets', '{"shop":"sk_live_abcdefgh12345"}']);
  expect(secret.code).toBe(0);
  expect(secret.out).not.toContain('sk_live');
  expect((await tenure(['config', 'list', '--json'])).out).not.toContain('sk_live');
  expect(JSON.stringify(heard)).not.toContain('sk_live');
});

test('refusals in words: a wrong value, a wrong key, no owner', async () => {
  const before = readFileSync(file(), 'utf8');
  expect(await tenure(['config', 'set', 'sessions.concurrency', 'many'])).toMatchObject({
    code: 1,
    err: '"sessions.concurrency" takes a whole number from 1 to 32, but got "many".\n',
  });
  expect(await tenure(['config', 'set', 'trust.promotionCheckCron', 'whenever'])).toMatchObject({ code: 1 });
  expect(await tenure(['config', 'get', 'session'])).toMatchObject({ code: 2 });
  expect(await tenure(['config', 'list'], '')).toMatchObject({ code: 4 });
  expect(readFileSync(file(), 'utf8')).toBe(before);
});

test('what is written into the file by hand is told as well, and may be gone back on only when it was seen', async () => {
  const { mark } = (await rig.call('config.get', {})).fields.find(({ key }) => key === 'log.level') ?? {};
  writeFileSync(file(), readFileSync(file(), 'utf8').replace('{', '{ // mine\n  "log": { "level": "warn" },'));
  await until('the edit is in force', () =>
    heard.some((fact) => fact.type === 'config.changed' && fact.body.by === null),
  );
  const change = { key: 'log.level', value: 'debug', ...(mark !== undefined && { mark }) };
  await expect(rig.call('config.set', { changes: [change] })).rejects.toThrow('it is "warn" now');
  await rig.call('config.set', { changes: [{ key: 'log.level' }] });
  expect(readFileSync(file(), 'utf8')).toContain('// mine');
});
