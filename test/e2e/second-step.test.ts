import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PretendEngine, startPretendEngine } from '../fakes/pretend-engine.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage } from './browser.ts';
import { QuestionCard } from './pages/popover.ts';

/* A critical question in the popover, where two notices above leave little room for it. */

let browser: Browser;
let engine: PretendEngine;
beforeAll(async () => {
  if (!CHROMIUM) return;
  await ensureScreens();
  browser = await launchBrowser();
  engine = await startPretendEngine('errors', join(import.meta.dirname, '..', '..', 'out', 'renderer'));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await engine?.close();
});

const look = process.env.TENURE_LOOK;

/** Is all of it inside of what the list shows, and not under anything else? */
const isInSight = (one: Locator): Promise<boolean> =>
  one.evaluate((element) => {
    const [box, frame] = [element.getBoundingClientRect(), element.closest('main')?.getBoundingClientRect()];
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return (
      frame !== undefined &&
      box.top >= frame.top &&
      box.bottom <= Math.min(frame.bottom, innerHeight) &&
      element.contains(top)
    );
  });

describe.skipIf(CHROMIUM === null)('the second step of a critical question', { timeout: 60_000 }, () => {
  test.each([
    ['light', 'plain', 'click'],
    ['dark', 'plain', 'key'],
    ['light', 'unfolded', 'click'],
  ] as const)('is in sight with the focus on “Go back”, %s, notices %s, by %s', async (colorScheme, notices, how) => {
    const { page, problems } = await openPage(browser, { viewport: { width: 420, height: 600 }, colorScheme });
    await page.goto(`${engine.url}/#/`);
    const { card } = new QuestionCard(
      page
        .getByRole('article')
        .filter({ has: page.getByText('Critical') })
        .first(),
    );
    await card.waitFor();
    await expect.poll(() => page.getByText('Paused: nothing new starts.').isVisible()).toBe(true);
    if (notices === 'unfolded') await page.getByRole('button', { name: 'All 2' }).click();
    const more = card.getByText(/more reason/);
    if (await more.isVisible()) await more.click();
    if (how === 'click') await card.getByRole('button', { name: 'Approve…' }).click();
    else {
      await card.focus();
      await page.keyboard.press('ControlOrMeta+Enter');
    }
    const [back, forGood] = ['Go back', 'Approve for good'].map((name) => card.getByRole('button', { name }));
    await back?.waitFor();
    if (look) await page.screenshot({ path: `${look}/second-step-${colorScheme}-${notices}.png` });
    // The grave one can be met by a pointer only after a moment.
    for (const button of [back, forGood]) if (button) await expect.poll(() => isInSight(button)).toBe(true);
    expect(await back?.evaluate((button) => button === document.activeElement)).toBe(true);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect.poll(() => isInSight(card.getByRole('button', { name: 'Approve…' }))).toBe(true);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
