import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempDir } from '../builders.ts';
import { expectAccessible } from './browser.ts';

/**
 * The packed app in the real Electron, where it was packed with `TENURE_E2E=1`: `TENURE_PACKED_APP` names its
 * binary. Skipped, and counted as skipped, everywhere else.
 */
const packed = process.env['TENURE_PACKED_APP'];
const binary = packed ? resolve(packed) : '';

describe.skipIf(packed === undefined)('the packed app', () => {
  let app: ElectronApplication;
  let popover: Page;
  const home = tempDir('packed-app');
  const problems: string[] = [];

  beforeAll(async () => {
    expect(existsSync(binary), binary).toBe(true);
    // Else it asks on the popover whether it may move to Applications.
    const userData = join(home, 'tenure/electron');
    mkdirSync(userData, { recursive: true });
    writeFileSync(join(userData, 'asked-applications'), '');
    const env = { PATH: process.env['PATH'] ?? '', HOME: home, TENURE_HOME: join(home, 'tenure') };
    const token = { TENURE_OWNER_TOKEN: 'a-token-of-a-test' };
    app = await _electron.launch({ executablePath: binary, args: ['--port', '0'], env: { ...env, ...token } });
    popover = await app.firstWindow();
    popover.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    popover.on('pageerror', (error) => problems.push(String(error)));
    await popover.getByText('No projects yet').waitFor();
  }, 120_000);
  afterAll(() => app?.close());

  it('shows its own pages, from its own scheme, to the owner', async () => {
    expect(popover.url()).toMatch(/^tenure:\/\/app\//);
    expect(await popover.evaluate(() => Object.keys(window.tenure ?? {}).length)).toBeGreaterThan(0);
    const made = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible()));
    expect(made).toEqual([false]);
  });

  it('has an icon in the menubar, none in the Dock, and the edit roles', async () => {
    const seen = await app.evaluate(({ app: running, Menu }) => ({
      dock: running.dock?.isVisible() ?? false,
      menu: Menu.getApplicationMenu()?.items.map(({ label }) => label),
    }));
    expect(seen).toEqual({ dock: false, menu: ['Tenure', 'Edit', 'View', 'Window'] });
  });

  it('lets a page go nowhere and have nothing of Node', async () => {
    const reached = await popover.evaluate(async () => {
      const node = 'require' in window || 'process' in window;
      const left = await fetch('https://example.com').then(
        () => true,
        () => false,
      );
      return { node, left };
    });
    expect(reached).toEqual({ node: false, left: false });
    // The attempt itself is what the policy reports.
    problems.length = 0;
  });

  it('shows the larger window by a link, accessible and without an error', async () => {
    const opening = app.waitForEvent('window');
    await app.evaluate(({ app: running }) => running.emit('open-url', { preventDefault() {} }, 'tenure://health'));
    const window = await opening;
    await window.getByRole('heading').first().waitFor();
    expect(window.url()).toMatch(/#\/window\/health$/);
    await expectAccessible(window);
    expect(problems).toEqual([]);
  });
});
