import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { ensureScreens } from '../e2e/browser.ts';

const OUT = join(import.meta.dirname, '..', '..', 'out');
const RENDERER = join(OUT, 'renderer');
const MOST_BYTES = 150 * 1_024;

beforeAll(() => ensureScreens(), 180_000);

/** What the page names, and what that imports before it runs; not what is loaded later. */
function needed(): Set<string> {
  const page = readFileSync(join(RENDERER, 'index.html'), 'utf8');
  const open = [...page.matchAll(/(?:src|href)="\.?\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file ?? '');
  const all = new Set<string>();
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (all.has(file)) continue;
    all.add(file);
    if (!file.endsWith('.js')) continue;
    const text = readFileSync(join(RENDERER, file), 'utf8');
    open.push(...[...text.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)].map(([, name]) => `assets/${name}`));
  }
  return all;
}

test('the popover needs at most 150 KB of gzip to paint', () => {
  const files = [...needed()];
  const kinds = ['.js', '.css'].map((kind) => files.filter((file) => file.endsWith(kind)).length);
  expect(
    kinds.every((count) => count > 0),
    files.join(' '),
  ).toBe(true);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(RENDERER, file))).length, 0);
  expect(bytes, files.join(' ')).toBeLessThan(MOST_BYTES);
  expect(bytes).toBeGreaterThan(30_000);
});

test('the engine, which holds its source as long as it runs, holds no docstrings and one byte a character', () => {
  const files = globSync('main/**/*.js', { cwd: OUT });
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const source = readFileSync(join(OUT, file), 'utf8');
    expect([file, /[^\0-\x7f]/.exec(source)?.[0]]).toEqual([file, undefined]);
    expect([file, source.split('\n').filter((line) => /^\s*\/\*\*/.test(line))]).toEqual([file, []]);
  }
});
