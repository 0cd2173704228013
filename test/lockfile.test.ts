import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Locked {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Where a package that lies at `from` finds another, as Node looks for it. */
function found(from: string, name: string): Locked | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const there = packages[`${at && `${at}/`}node_modules/${name}`];
    if (there || at === '') return there;
  }
}

/**
 * A registry that does not serve the binaries of other platforms makes npm write a lock without them;
 * `npm ci` then refuses everywhere, and installs no bundler on a Mac.
 */
test('the lock knows the binaries of every platform', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => found(path, name) === undefined)
      .map(([name, version]) => `${name}@${version}, for ${path || 'Tenure'}`),
  );
  expect(missing).toEqual([]);
  expect(found('node_modules/@biomejs/biome', '@biomejs/cli-darwin-arm64')?.version).toMatch(/^\d/);
});
