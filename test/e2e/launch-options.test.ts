import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRig, until } from '../rig.ts';
import {
  CHROMIUM,
  choose,
  ensureScreens,
  expectAccessible,
  launchBrowser,
  openPage,
  pick,
  picture,
} from './browser.ts';
import { Popover } from './pages/popover.ts';

let browser: Browser;
beforeAll(async () => {
  await ensureScreens();
  if (CHROMIUM) browser = await launchBrowser();
}, 180_000);
afterAll(() => browser?.close());

describe.skipIf(CHROMIUM === null)('the launch sheet', { timeout: 120_000 }, () => {
  test('takes an earlier prompt, a model, a ceiling, a time box and a budget for one launch, and keeps templates', async () => {
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
      const sheet = page.getByRole('dialog', { name: 'Launch a session' });
      await pick(sheet.getByRole('button', { name: 'Earlier prompts' }), 'Greet everybody.');
      await sheet.getByRole('combobox', { name: 'Model' }).fill('claude-sonnet-4-5');
      await choose(sheet.getByRole('combobox', { name: 'Acts at most at' }), 'Observe');
      await sheet.getByRole('textbox', { name: 'Budget, dollars' }).fill('a lot');
      await sheet.getByRole('textbox', { name: 'Time box' }).fill('7 min');
      await sheet.getByRole('button', { name: 'Launch', exact: true }).click();
      await sheet.getByText('takes dollars above 0, such as 2.50, but got “a lot”').waitFor();
      await sheet.getByRole('textbox', { name: 'Budget, dollars' }).fill('2.50');
      await sheet.getByRole('button', { name: 'Keep as a template…' }).click();
      await sheet.getByRole('textbox', { name: 'Name of the template' }).fill('Greeting');
      await page.keyboard.press('Enter');
      await pick(sheet.getByRole('button', { name: 'Templates' }), 'Greeting');
      await expectAccessible(page);
      await picture(page, 'launch');
      await sheet.getByRole('textbox', { name: 'Prompt' }).press('ControlOrMeta+Enter');
      await page.getByText('Launched on greeter.').first().waitFor();
      const next = await until('it was launched', async () =>
        (await rig.call('sessions.list', {})).find(({ id }) => id !== first.id),
      );
      const ended = await rig.ended(next.id);
      expect(ended).toMatchObject({ prompt: 'Greet everybody.', model: 'claude-sonnet-4-5', level: 'observe' });
      expect(ended.deadlineAt === null || ended.deadlineAt - (ended.startedAt ?? 0) <= 7 * 60_000).toBe(true);
      expect(problems).toEqual([]);
    } finally {
      await page.context().close();
      await rig.stop();
    }
  });
});
