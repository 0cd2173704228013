import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRig, until } from '../rig.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage } from './browser.ts';
import { Popover } from './pages/popover.ts';

let browser: Browser;
beforeAll(async () => {
  await ensureScreens();
  if (CHROMIUM) browser = await launchBrowser();
}, 180_000);
afterAll(() => browser?.close());

describe.skipIf(CHROMIUM === null)('the launch bar', { timeout: 120_000 }, () => {
  test('takes an earlier prompt, a model and a time box for one launch', async () => {
    const rig = await startRig({});
    const { page, problems } = await openPage(browser);
    try {
      const { project } = await rig.addProject({ name: 'greeter' });
      const first = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Greet everybody.' });
      await rig.ended(first.id);
      await page.goto(rig.host.loginUrl());
      const popover = new Popover(page);
      await popover.project.waitFor();
      await page.getByRole('button', { name: 'Options for this launch' }).click();
      await page.getByRole('combobox', { name: 'Earlier prompts' }).selectOption('Greet everybody.');
      await page.getByRole('textbox', { name: 'Model' }).fill('claude-sonnet-4-5');
      await page.getByRole('spinbutton', { name: 'Time box in minutes' }).fill('7');
      await expectAccessible(page);
      if (process.env.TENURE_PICTURES) await page.screenshot({ path: join(process.env.TENURE_PICTURES, 'launch.png') });
      await popover.launchButton.click();
      const next = await until('it was launched', async () =>
        (await rig.call('sessions.list', {})).find(({ id }) => id !== first.id),
      );
      const ended = await rig.ended(next.id);
      expect(ended).toMatchObject({ prompt: 'Greet everybody.', model: 'claude-sonnet-4-5' });
      expect(problems).toEqual([]);
    } finally {
      await page.context().close();
      await rig.stop();
    }
  });
});
