import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { staticRoutes } from './static.ts';

test('screens that a newer build put in the place of ours are served, those that are gone are not', async () => {
  const dir = tempDir('screens');
  mkdirSync(join(dir, 'assets'));
  writeFileSync(join(dir, 'index.html'), 'old');
  writeFileSync(join(dir, 'assets', 'old.js'), 'old()');
  const app = staticRoutes(dir);
  const get = async (path: string) => {
    const response = await app.request(path);
    return response.ok ? await response.text() : response.status;
  };
  expect(await get('/assets/old.js')).toBe('old()');
  rmSync(join(dir, 'assets', 'old.js'));
  writeFileSync(join(dir, 'index.html'), 'new');
  writeFileSync(join(dir, 'assets', 'new.js'), 'new()');
  expect(await get('/')).toBe('new');
  expect(await get('/assets/new.js')).toBe('new()');
  expect(await get('/assets/old.js')).toBe(404);
});
