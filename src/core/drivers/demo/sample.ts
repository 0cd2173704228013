import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TenureError } from '../../../shared/errors.ts';
import type { AgentEnvironment, Spawner } from '../../kernel/ports.ts';

export interface SampleProject {
  path: string;
  verifyCommand: string;
  defaultPrompt: string;
}

/** By this file the demo agent knows the sample project. */
export const SAMPLE_MARK = 'src/cart.js';

const FIRST: Record<string, string> = {
  'README.md': `# Corner shop

What a cart costs, in cents. The sample project of Tenure's demo: everything here may be thrown away.

Run the tests with \`node --test\`.
`,
  'package.json': `{
  "name": "corner-shop",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  'src/cart.js': `/** What a cart costs, in cents. */
export function total(items) {
  return items.reduce((sum, item) => sum + item.cents * item.count, 0);
}
`,
  'test/cart.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/cart.js';

test('adds up what is in the cart', () => {
  assert.equal(total([{ cents: 250, count: 2 }, { cents: 99, count: 1 }]), 599);
});

test('an empty cart costs nothing', () => {
  assert.equal(total([]), 0);
});
`,
};

const SECOND: Record<string, string> = {
  'src/discount.js': `/** The price after a discount of so many percent, in whole cents. */
export function discounted(cents, percent) {
  return Math.round((cents * (100 - percent)) / 100);
}
`,
  'test/discount.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discounted } from '../src/discount.js';

test('takes the discount off, to the nearest cent', () => {
  assert.equal(discounted(995, 10), 896);
});

test('no discount, no change', () => {
  assert.equal(discounted(995, 0), 995);
});
`,
};

/**
 * Makes the throw-away project in which the demo agent works: a git repository with a tiny program,
 * its tests and an \`origin\` beside it, to which an approved push really goes.
 * @param directory an existing directory; \`corner-shop\` and \`corner-shop-origin.git\` are made in it.
 * @throws TenureError \`unavailable\` when git cannot be run or fails.
 */
export async function createSampleProject(
  deps: { spawner: Spawner; environment: AgentEnvironment },
  directory: string,
): Promise<SampleProject> {
  const path = join(directory, 'corner-shop');
  const origin = join(directory, 'corner-shop-origin.git');
  const env = await deps.environment.forCommands();

  const git = async (...args: string[]): Promise<void> => {
    const result = await deps.spawner.run('git', args, { cwd: path, env, timeoutMs: 30_000 });
    if (result.ok) return;
    const why = result.spawnError ?? result.stderr.trim();
    throw new TenureError('unavailable', `The sample project could not be made: git ${args[0]} failed (${why}).`);
  };
  const commit = async (files: Record<string, string>, message: string): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    }
    await git('add', '--all');
    await git('commit', '--quiet', '--no-gpg-sign', '--message', message);
  };

  await mkdir(path, { recursive: true });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('config', 'user.name', 'Tenure demo');
  await git('config', 'user.email', 'demo@tenure.invalid');
  await git('config', 'commit.gpgsign', 'false');
  await git('init', '--quiet', '--bare', '--initial-branch', 'main', origin);
  await git('remote', 'add', 'origin', origin);
  await commit(FIRST, 'Count what a cart costs');
  await commit(SECOND, 'Give discounts');
  await git('push', '--quiet', '--set-upstream', 'origin', 'main');
  return { path, verifyCommand: 'node --test', defaultPrompt: 'Look after the corner shop.' };
}
