import { chmodSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { createIds } from '../adapters/ids.ts';
import { fileGuard, type KeyGuard, openVault } from './vault.ts';

const ids = createIds();
const file = fileGuard('Headless.');
/** Turns every bit, as a keychain that only this program can open. */
const turned = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff));
const keychain: KeyGuard = {
  name: 'keychain',
  sentence: 'In the keychain.',
  seal: async (key) => turned(key),
  open: async (sealed) => ({ key: turned(sealed), aged: false }),
};
const open = (dir: string, guard: KeyGuard = file) => openVault({ dir, guard, ids });

test('what is put away is there after a restart, whoever else reads the disk sees nothing of it', async () => {
  const dir = join(tempDir('vault'), 'with a space');
  const vault = await open(dir);
  expect(vault.get('ledger')).toBeNull();
  vault.set('ledger', 'ünsäglich');
  vault.set('__proto__', 'no object');
  const again = await open(dir);
  expect([again.get('ledger'), again.get('__proto__'), again.get('toString')]).toEqual([
    'ünsäglich',
    'no object',
    null,
  ]);
  expect(readFileSync(join(dir, 'secrets.json'), 'utf8')).not.toContain('ünsäglich');
  for (const name of ['key.json', 'secrets.json']) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  again.remove('ledger');
  again.remove('never there');
  expect(again.get('ledger')).toBeNull();
  expect(again.get('__proto__')).toBe('no object');
});

test('files that a backup left open to others are closed, and the sentence says what a file is worth', async () => {
  const dir = tempDir('vault');
  const vault = await open(dir);
  expect(vault.sentence).toMatch(/a file that only you can read: who has a copy of it has the secrets\.$/);
  vault.set('a', '1');
  const modes = () =>
    ['.', 'key.json', 'secrets.json'].map((name) => (statSync(join(dir, name)).mode & 0o777).toString(8));
  chmodSync(dir, 0o755);
  for (const name of ['key.json', 'secrets.json']) chmodSync(join(dir, name), 0o644);
  await open(dir);
  expect(modes()).toEqual(['700', '600', '600']);
});

test.runIf(process.platform === 'linux')(
  'a disk on which nothing can be closed to others is no reason not to open',
  async () => {
    const dir = tempDir('vault');
    await open(dir);
    symlinkSync('/proc/self/status', join(dir, 'secrets.json'));
    expect((await open(dir)).state).toBe('file');
  },
);

test('the key in a keychain is not on the disk, and headless says that it cannot get at it', async () => {
  const dir = tempDir('vault');
  const vault = await open(dir, keychain);
  expect([vault.state, vault.sentence]).toEqual(['keychain', 'In the keychain.']);
  vault.set('a', '1');
  const headless = await open(dir);
  expect(headless.state).toBe('locked');
  expect(() => headless.get('a')).toThrow(/only the menubar app can open/);
  expect(() => headless.set('a', '2')).toThrow(/only the menubar app/);
  expect((await open(dir, keychain)).get('a')).toBe('1');
});

test('a key that began in a file stays there, and the app says so', async () => {
  const dir = tempDir('vault');
  (await open(dir)).set('a', '1');
  const app = await open(dir, keychain);
  expect([app.state, app.get('a')]).toEqual(['file', '1']);
  expect(app.sentence).toMatch(/^Tenure has also run here without its app\./);
});

test('a key whose seal has aged is sealed anew; where that fails the old seal stays', async () => {
  const dir = tempDir('vault');
  const vault = await open(dir, keychain);
  vault.set('a', '1');
  const kept = (): { key: string } => JSON.parse(readFileSync(join(dir, 'key.json'), 'utf8'));
  const old = kept().key;
  const newer: KeyGuard = {
    ...keychain,
    seal: async (key) => Buffer.concat([Buffer.of(1), turned(key)]),
    open: async (sealed) => ({
      key: turned(sealed.length > 32 ? sealed.subarray(1) : sealed),
      aged: sealed.length === 32,
    }),
  };
  const broken: KeyGuard = { ...newer, seal: () => Promise.reject(new Error('The keychain is locked')) };
  expect((await open(dir, broken)).get('a')).toBe('1');
  expect(kept().key).toBe(old);
  expect((await open(dir, newer)).get('a')).toBe('1');
  const now = kept().key;
  expect(now).not.toBe(old);
  expect((await open(dir, newer)).get('a')).toBe('1');
  expect(kept().key).toBe(now);
});

test('a key that is lost or spoilt is not replaced', async () => {
  const dir = tempDir('vault');
  (await open(dir)).set('a', '1');
  const key = readFileSync(join(dir, 'key.json'));
  for (const spoilt of ['{', '{"guard":"file","key":"AAAA"}']) {
    writeFileSync(join(dir, 'key.json'), spoilt);
    expect((await open(dir)).state).toBe('locked');
  }
  rmSync(join(dir, 'key.json'));
  expect((await open(dir)).sentence).toMatch(/key\.json is missing/);
  writeFileSync(join(dir, 'key.json'), key);
  expect((await open(dir)).get('a')).toBe('1');
});

test('a secret that was changed, or put under another name, is refused', async () => {
  const dir = tempDir('vault');
  const vault = await open(dir);
  vault.set('a', '1');
  vault.set('b', '2');
  const secrets = JSON.parse(readFileSync(join(dir, 'secrets.json'), 'utf8'));
  writeFileSync(join(dir, 'secrets.json'), JSON.stringify({ a: secrets.b, b: { ...secrets.b, text: 'AAAA' } }));
  expect(() => vault.get('a')).toThrow(/"a" was changed/);
  expect(() => vault.get('b')).toThrow(/"b" was changed/);
});
