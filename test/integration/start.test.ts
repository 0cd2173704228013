import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Host, startHost } from '../../src/core/host.ts';
import { tempDir } from '../builders.ts';
import { OWNER_TOKEN } from '../rig.ts';

let home: string;
const running: Host[] = [];

beforeEach(() => {
  home = join(tempDir('start'), 'tenure');
  mkdirSync(join(home, 'data'), { recursive: true });
  writeFileSync(join(home, 'config.jsonc'), '{ "gateway": { "port": 0 } }');
});
afterEach(async () => {
  for (const host of running.splice(0)) await host.stop();
});

async function boot(over: { port?: number; token?: string } = {}): Promise<Host> {
  const host = await startHost({
    host: 'headless',
    env: { PATH: process.env.PATH, HOME: home, TENURE_HOME: home, TENURE_OWNER_TOKEN: over.token ?? OWNER_TOKEN },
    rendererDir: home,
    version: 'test',
    demo: false,
    port: over.port,
  });
  running.push(host);
  return host;
}

const lastError = (): string =>
  (JSON.parse(readFileSync(join(home, 'run', 'last-error.json'), 'utf8')) as { message: string }).message;

test('a second engine on the same data directory is refused, and the first is not disturbed', async () => {
  const first = await boot();
  await expect(boot()).rejects.toThrow(
    new RegExp(`already runs on this data directory.*process ${process.pid} \\(headless\\)`),
  );
  expect((await fetch(`${first.url}/ready`)).status).toBe(200);
  const { url } = JSON.parse(readFileSync(join(home, 'run', 'gateway.json'), 'utf8')) as { url: string };
  expect(url).toBe(first.url);
});

test.each<[string, () => void, RegExp]>([
  [
    'a database from a newer build',
    () => {
      const db = new Sqlite(join(home, 'data', 'tenure.db'));
      db.pragma('user_version = 99');
      db.close();
    },
    /newer Tenure: its schema is version 99/,
  ],
  [
    'a damaged database',
    () => writeFileSync(join(home, 'data', 'tenure.db'), 'not a database at all '.repeat(500)),
    /is damaged.*acts on nothing/,
  ],
  [
    'a config with a wrong type',
    () => writeFileSync(join(home, 'config.jsonc'), '{\n  "gateway": { "port": "many" }\n}'),
    /config\.jsonc, line 2, column \d+: "gateway\.port".*got "many"/,
  ],
])('%s: a sentence, noted for the command line, and nothing half-open', async (_name, damage, sentence) => {
  damage();
  await expect(boot()).rejects.toThrow(sentence);
  expect(lastError()).toMatch(sentence);
  // The lock was given back: the same sentence again, not "already runs".
  await expect(boot()).rejects.toThrow(sentence);
});

test('a file where the folder should be is named, in a sentence', async () => {
  writeFileSync(join(home, 'logs'), 'in the way');
  const start = boot();
  await expect(start).rejects.toThrow(`${join(home, 'logs')} cannot be written (EEXIST), so Tenure cannot start.`);
  await expect(start).rejects.toMatchObject({ name: 'TenureError', kind: 'unavailable' });
});

test('a taken port is named, and the next start works', async () => {
  const first = await boot();
  const taken = Number(new URL(first.url).port);
  const other = home;
  home = join(tempDir('start'), 'tenure');
  await expect(boot({ port: taken })).rejects.toThrow(new RegExp(`Port ${taken} on 127.0.0.1 is taken`));
  expect((await boot({ port: 0 })).url).not.toBe(first.url);
  home = other;
});

test('a first start that fails has not used up the owner token: the next one shows it', async () => {
  const first = await boot();
  const taken = Number(new URL(first.url).port);
  const other = home;
  home = join(tempDir('start'), 'tenure');
  await expect(boot({ port: taken, token: '' })).rejects.toThrow(/is taken/);
  expect((await boot({ port: 0, token: '' })).ownerToken).toMatch(/^tnr_owner_/);
  home = other;
});

test('what is wrong with the settings is said to who starts it, behind its address', async () => {
  writeFileSync(join(home, 'config.jsonc'), '{ "nonsense": 1 }');
  const env = { PATH: process.env.PATH, HOME: home, TENURE_HOME: home, TENURE_OWNER_TOKEN: OWNER_TOKEN };
  const entry = join(import.meta.dirname, '../../src/headless/index.ts');
  const engine = spawn(process.execPath, [entry, '--port', '0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(engine, 'exit');
  let said = '';
  for await (const chunk of engine.stdout) {
    said += String(chunk);
    if (said.includes('nonsense')) engine.kill('SIGTERM');
  }
  expect(said).toMatch(/^Open http:.*\n(?:.*\n)*.*"nonsense" is no setting of Tenure/m);
  expect(await ended).toEqual([0, null]);
});

test('an edit with a zone or an hour that is none is refused in words, and the engine lives on', async () => {
  const host = await boot();
  const { engine } = host;
  for (const bad of ['{ "timezone": "Mars/Base" }', '{ "trust": { "promotionCheckCron": "every morning" } }']) {
    writeFileSync(join(home, 'config.jsonc'), bad);
    await vi.waitFor(() => expect(engine.snapshot().notices.join()).toMatch(/is no schedule.*last good settings stay/));
    writeFileSync(join(home, 'config.jsonc'), '{ "gateway": { "port": 0 } }');
    await vi.waitFor(() => expect(engine.snapshot().notices.join()).not.toContain('is no schedule'));
  }
  expect((await fetch(`${host.url}/ready`)).status).toBe(200);
});

test('an owner token that is too short starts nothing', async () => {
  await expect(boot({ token: 'short' })).rejects.toThrow(/needs at least 12/);
  expect((await boot()).ownerToken).toBeNull();
});

test('what is private is readable by the person alone', async () => {
  await boot();
  const modeOf = (path: string): string => (statSync(join(home, path)).mode & 0o777).toString(8);
  expect([modeOf('data'), modeOf('run'), modeOf('logs')]).toEqual(['700', '700', '700']);
  expect(modeOf('run/gateway.json')).toBe('600');
});

test('stopping twice is once, and leaves no address behind', async () => {
  const host = await boot();
  await Promise.all([host.stop(), host.stop()]);
  expect(() => statSync(join(home, 'run', 'gateway.json'))).toThrow(/ENOENT/);
  await expect(fetch(host.url)).rejects.toThrow();
});
