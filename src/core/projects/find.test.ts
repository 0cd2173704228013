import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { findRepositories } from './find.ts';

const repository = (...parts: string[]): string => {
  const path = join(...parts);
  mkdirSync(join(path, '.git'), { recursive: true });
  return path;
};

test('repositories where people keep code, none inside another, none of a package, no link followed', async () => {
  const home = tempDir();
  const api = repository(home, 'code', 'atlas', 'api');
  repository(api, 'sub', 'inner');
  const web = repository(home, 'Projects', 'web');
  repository(home, 'code', 'node_modules', 'left-pad');
  repository(home, 'code', '.cache', 'hidden');
  repository(home, 'Documents', 'private');
  repository(home, 'code', 'a', 'b', 'c', 'd', 'too-deep');
  symlinkSync(join(home, 'Documents'), join(home, 'code', 'docs'));
  expect(await findRepositories(home)).toEqual({
    found: [
      { path: api, name: 'api' },
      { path: web, name: 'web' },
    ],
    cut: false,
  });
});

test('a folder that is one itself, one without any, one that cannot be read; a work tree has a file of that name', async () => {
  const home = tempDir();
  const own = repository(home, 'here');
  expect((await findRepositories(home, own)).found).toEqual([{ path: own, name: 'here' }]);
  expect(await findRepositories(home, join(home, 'nowhere'))).toEqual({ found: [], cut: false });
  mkdirSync(join(home, 'tree'));
  writeFileSync(join(home, 'tree', '.git'), 'gitdir: elsewhere');
  expect((await findRepositories(home, home)).found.map(({ name }) => name)).toEqual(['here', 'tree']);
});
