import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PretendEngine, startPretendEngine } from '../fakes/pretend-engine.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage } from './browser.ts';

/* Sessions that wait, are held or are silent, as a person sees them and what they can do about it. */
let browser: Browser;
let engine: PretendEngine;
beforeAll(async () => {
  if (!CHROMIUM) return;
  await ensureScreens();
  browser = await launchBrowser();
  engine = await startPretendEngine('watched', join(import.meta.dirname, '../../out/renderer'));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await engine?.close();
});

test.skipIf(!CHROMIUM)(
  'the popover says why, in words and without colour alone, and each can be moved forward',
  async () => {
    const { page, problems } = await openPage(browser);
    await page.goto(engine.url);
    await page.getByText('Paused, it repeats itself').waitFor();
    await page.getByText(/^Limit reached, goes on (at )?/).waitFor();
    await page.getByText('Waits for free memory').waitFor();
    await page.getByText(/^Silent since \d\d:\d\d, ends at \d\d:\d\d$/).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Snooze atlas-web for 10 minutes' }).click();
    await page.getByRole('button', { name: 'Start now: atlas-api' }).press('Enter');
    await page.getByRole('button', { name: 'Let ledger go on' }).click();
    await expect.poll(() => engine.state().sessions.filter(({ state }) => state === 'working').length).toBe(3);
    expect(problems).toEqual([]);
  },
  60_000,
);

test.skipIf(!CHROMIUM)(
  'the screen of a held session shows the evidence and asks',
  async () => {
    const { page } = await openPage(browser, { viewport: { width: 1100, height: 760 } });
    await page.goto(`${engine.url}/#/window/sessions/ses_blocked`);
    const card = page.getByRole('region', { name: 'Blocked, it could not go on' });
    await card.getByText('It was cut off 2 times.').waitFor();
    await card.getByText(/signal SIGSEGV/).waitFor();
    await card.getByRole('button', { name: 'Let tools go on' }).click();
    await card.waitFor({ state: 'detached' });
  },
  60_000,
);
