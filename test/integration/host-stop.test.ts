import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startHost } from '../../src/core/host.ts';
import { tempDir } from '../builders.ts';

/** An agent that takes its time, and then cannot say which version it is: that would be worth a notice. */
const SLOW = `#!/bin/sh
here=$(dirname "$0")
touch "$here/asked"
while [ ! -e "$here/go" ]; do sleep 0.02; done
touch "$here/answered"
exit 1
`;

it('is not disturbed by an agent that answers only after the end', async () => {
  const home = tempDir('stop');
  const tenure = join(home, 'tenure');
  const command = join(home, 'claude');
  mkdirSync(tenure);
  writeFileSync(command, SLOW, { mode: 0o755 });
  writeFileSync(join(tenure, 'config.jsonc'), JSON.stringify({ gateway: { port: 0 }, claude: { command } }));
  const late = vi.fn<(reason: unknown) => void>();
  process.on('unhandledRejection', late);
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TENURE_HOME: tenure,
    TENURE_OWNER_TOKEN: 'the-owner-token-of-a-test',
  };
  const host = await startHost({ host: 'electron', env, rendererDir: home, version: '0', demo: false });
  await vi.waitFor(() => expect(existsSync(join(home, 'asked'))).toBe(true), { timeout: 10_000 });
  await host.stop();
  writeFileSync(join(home, 'go'), '');
  await vi.waitFor(() => expect(existsSync(join(home, 'answered'))).toBe(true), { timeout: 10_000 });
  // The answer reaches the engine a few turns of the loop after the program has ended.
  await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain('ProcessWrap'), { timeout: 10_000 });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', late);
  expect(late.mock.calls).toEqual([]);
});
