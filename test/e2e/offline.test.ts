import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCREEN_NAMES, WINDOW_SCREENS } from '../../src/renderer/route.ts';
import { CHROMIUM } from './browser.ts';
import { openSights, type Sights } from './seeing.ts';

let sights: Sights;
beforeAll(async () => {
  if (CHROMIUM) sights = await openSights();
}, 180_000);
afterAll(() => sights?.close());

/** What only looks, or puts away in this page, goes on while the engine does not answer. */
const ONLY_LOOKS: readonly RegExp[] = [
  // Lists, and what is looked at in them.
  /^(All|Pending|Executing|Approved|Rejected|Expired|Failed|Failures|Tools|Text)\b/,
  /^(Sessions|Decisions|Trust|Projects|Services|Machine|Money|Needs input|Working|Completed)$/,
  /^By (state|project|day)$|^Judged ones too$|^(Day|Days|Week|Hour|Project|Risk|Role)$|days?$|^a (day|week|month)$|hours?$/,
  /^As a table$|CSV$|^Copy|^Changed$|changed$|^(All evidence|More|Show|Measure|Check again|Refresh|Wrap lines)$/,
  // Parts of the settings, which fold.
  /^(Claude Code|Gateway|Journal|Judge|Ledger|Log|Models|Notifications|Revenue|The app|The machine|Time|Tribunal)$/,
  /^(Usage and budgets|Work trees|Routine too)$/,
  // The page itself.
  /^(Try now|List of keys|Settings|First steps…|Try the demo)$|^Find any action|^Done with |^Project: |^mailroom: |^shop-api/,
];

/** The buttons and choices that would do something now, by their names. */
const live = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLButtonElement>('button, [role=switch], [role=checkbox]')]
      .filter((one) => one.checkVisibility() && !one.disabled && one.ariaDisabled !== 'true')
      .filter((one) => !one.hasAttribute('data-disabled') && one.getAttribute('role') !== 'combobox')
      .map((one) => (one.ariaLabel ?? (one.closest('label') ?? one).textContent ?? '').trim()),
  );

describe.skipIf(CHROMIUM === null)('while the engine does not answer', { timeout: 60_000 }, () => {
  test.each([
    ['usual', WINDOW_SCREENS],
    ['errors', ['trust', 'health']],
    ['promotion', ['trust']],
    ['watched', ['sessions']],
    ['served', ['services']],
  ] as const)('%s: nothing that acts can be pressed, and each says why', async (state, screens) => {
    const page = await sights.see({ state, offline: true, size: [1080, 720] });
    const found = (await live(page)).map((name) => `popover: ${name}`);
    for (const screen of screens) {
      await page.evaluate((to) => {
        window.location.hash = `#/window/${to}`;
      }, screen);
      await page.getByRole('heading', { level: 1, name: SCREEN_NAMES[screen] }).waitFor();
      await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0);
      found.push(...(await live(page)).map((name) => `${screen}: ${name}`));
    }
    const acts = found.filter((one) => !ONLY_LOOKS.some((looks) => looks.test(one.replace(/^\w+: /, ''))));
    expect(acts).toEqual([]);
    await page.keyboard.press('Shift+P');
    await page.getByText('Tenure does not answer just now; nothing can be changed').waitFor();
    await page.context().close();
  });
});
