import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { classify } from '../actions/classify.ts';
import { createPlaces, realPath } from './places.ts';

test('a path is where a write to it would land', () => {
  const dir = tempDir('places');
  mkdirSync(join(dir, 'real'));
  symlinkSync('real', join(dir, 'link'));
  symlinkSync(join(dir, 'nowhere/at/all'), join(dir, 'dangling'));
  symlinkSync('dangling', join(dir, 'twice'));
  symlinkSync('link/new.txt', join(dir, 'file'));
  expect(realPath(join(dir, 'link/a/b'))).toBe(join(dir, 'real/a/b'));
  expect(realPath(join(dir, 'dangling'))).toBe(join(dir, 'nowhere/at/all'));
  expect(realPath(join(dir, 'twice/x'))).toBe(join(dir, 'nowhere/at/all/x'));
  expect(realPath(join(dir, 'file'))).toBe(join(dir, 'real/new.txt'));
  writeFileSync(join(dir, 'real/new.txt'), '');
  expect(realPath(join(dir, 'file'))).toBe(join(dir, 'real/new.txt'));
});

test('links in a circle neither stall nor crash it', () => {
  const dir = tempDir('places');
  symlinkSync('a/a', join(dir, 'a'));
  symlinkSync('c', join(dir, 'b'));
  symlinkSync('b', join(dir, 'c'));
  const began = performance.now();
  for (const path of ['a', 'a/a/a/a/a/a/a/a', 'b/x', `${'a/'.repeat(500)}z`]) realPath(join(dir, path));
  expect(performance.now() - began).toBeLessThan(1_000);
});

/** A link to what does not exist yet looks like nothing, and a write through it makes it. */
test('a write through a link that leads nowhere yet is judged by where it leads', () => {
  const dir = tempDir('places');
  const [home, tree] = [join(dir, 'home'), join(dir, 'tree')];
  mkdirSync(home);
  mkdirSync(tree);
  symlinkSync(join(home, '.zshrc'), join(tree, 'notes.md'));
  const context = createPlaces({ own: [], home, platform: 'linux' })({
    cwd: tree,
    projectPath: tree,
    branch: null,
    verifyCommand: null,
  });
  const risk = (tool: string, input: unknown) => classify({ tool, input, cwd: tree }, context).risk;
  expect(risk('Write', { file_path: 'notes.md', content: 'x' })).toBe('critical');
  expect(risk('Bash', { command: 'echo x > notes.md' })).toBe('critical');
});
