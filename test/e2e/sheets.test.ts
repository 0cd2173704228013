import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM } from './browser.ts';
import { faults, type Look, openSights, type Sights } from './seeing.ts';

let sights: Sights;
beforeAll(async () => {
  if (CHROMIUM) sights = await openSights();
}, 180_000);
afterAll(() => sights?.close());

/** One page for each state, as it was at first. */
const pages = new Map<Look['state'], Page>();
async function pageAt({ state, hash = '#/' }: Look): Promise<Page> {
  const page = pages.get(state) ?? (await sights.see({ state }));
  pages.set(state, page);
  await page.evaluate((to) => {
    localStorage.clear();
    document.documentElement.style.fontSize = '100%';
    window.location.hash = to;
  }, hash);
  return page;
}

async function find(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Action' }).fill(text);
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
}

const press =
  (name: string | RegExp) =>
  (page: Page): Promise<void> =>
    page.getByRole('button', { name }).first().click();

/** The first steps, gone through up to one of them. */
const step =
  (title: string) =>
  async (page: Page): Promise<void> => {
    await find(page, 'first steps');
    const sheet = page.getByRole('dialog');
    await sheet.waitFor();
    const heading = sheet.getByRole('heading', { level: 2 });
    while ((await heading.textContent()) !== title) await sheet.getByRole('button', { name: 'Next' }).click();
  };

type Sheet = readonly [name: string, look: Look, open: (page: Page) => Promise<void>];
const SHEETS: readonly Sheet[] = [
  ['find the agent', { state: 'nothing' }, step('Find Claude Code')],
  ['choose projects', { state: 'nothing' }, step('Choose projects')],
  ['notifications', { state: 'nothing' }, step('Hear of what waits')],
  ['start at login', { state: 'nothing' }, step('Start at login')],
  ['a first decision', { state: 'nothing' }, step('Your first decision')],
  ['a standing rule', { state: 'usual' }, press('Always…')],
  ['MCP servers', { state: 'usual', hash: '#/window/projects' }, press(/^MCP servers/)],
  ['planned sessions', { state: 'usual', hash: '#/window/schedule' }, press('Plan sessions…')],
  ['a new project', { state: 'usual' }, (page) => find(page, 'add a project')],
  ['a project', { state: 'usual' }, (page) => find(page, 'edit atlas-web')],
  ['a launch', { state: 'usual' }, (page) => page.keyboard.press('l')],
  ['keys', { state: 'usual' }, (page) => page.keyboard.press('?')],
  ['stop all', { state: 'usual' }, (page) => page.keyboard.press('Shift+S')],
  ['a level', { state: 'usual' }, (page) => find(page, 'set the level to observe')],
  ['a service', { state: 'usual', hash: '#/window/services' }, press('Watch a service…')],
  ['what runs here', { state: 'usual', hash: '#/window/services' }, press('Find what runs here…')],
  ['the agent score', { state: 'usual', hash: '#/window/agents' }, press('Rules…')],
  ['something severe', { state: 'usual', hash: '#/window/trust' }, press('Report something severe…')],
  ['not yet', { state: 'promotion' }, press('Not yet…')],
  ['a revenue source', { state: 'usual', hash: '#/window/revenue' }, press('Add a source…')],
];

/** Parts that reach out of their sheet, where nothing lets them be scrolled into sight. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const sheet = document.querySelector('.sheet');
    if (!sheet) return ['nothing is open'];
    const { left, right } = sheet.getBoundingClientRect();
    return [...sheet.querySelectorAll('*')]
      .filter((part) => {
        const box = part.getBoundingClientRect();
        if (box.width < 2 || (box.left >= left - 1 && box.right <= right + 1)) return false;
        if (part.ariaHidden === 'true' || part.closest('.sr-only')) return false;
        for (let holder = part.parentElement; holder && holder !== sheet; holder = holder.parentElement)
          if (['auto', 'scroll'].includes(getComputedStyle(holder).overflowX)) return false;
        return true;
      })
      .map((part) => `${part.tagName} “${(part.textContent ?? '').slice(0, 40)}”`);
  });

/** What ends a sheet stands in sight at once, however long it is. */
const answersOutOfSight = (page: Page): Promise<string[]> =>
  page
    .locator('.sheet-actions button')
    .evaluateAll((all) =>
      all
        .filter((one) => one.getBoundingClientRect().bottom > innerHeight || one.getBoundingClientRect().top < 0)
        .map((one) => one.textContent ?? ''),
    );

const OUT = /^(Cancel|Close|Not now|Back|Keep them|Stay at .*)$/;

describe.skipIf(CHROMIUM === null)('what opens above a screen', { timeout: 60_000 }, () => {
  test.each(SHEETS)(
    '%s: whole at plain and double text, its answers in sight, and a way out',
    async (_, look, open) => {
      const page = await pageAt(look);
      await open(page);
      const sheet = page.locator('.sheet');
      await sheet.getByRole('button', { name: OUT }).waitFor();
      await sheet.locator('[aria-busy=true]').waitFor({ state: 'detached' });
      const wrong: string[] = [];
      for (const text of [100, 200]) {
        await page.evaluate((percent) => {
          document.documentElement.style.fontSize = `${percent}%`;
        }, text);
        const found = [
          ...(await cutOff(page)).map((one) => `${one} reaches out of the sheet`),
          ...(await answersOutOfSight(page)).map((one) => `“${one}” is out of sight`),
          ...(await faults(page)),
        ];
        wrong.push(...found.map((one) => `at ${text} %: ${one}`));
      }
      if (!(await sheet.evaluate((one) => one.contains(document.activeElement)))) wrong.push('the focus is elsewhere');
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
      expect(wrong).toEqual([]);
    },
  );

  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName ?? '');

  test('a card that had the focus has it again, and after its answer the next one', async () => {
    const page = await sights.see({ state: 'usual' });
    await page.keyboard.press('j');
    const card = await focused(page);
    expect(card).toMatch(/^atlas-api: git push/);
    for (const open of ['?', 'l', 'Control+k']) {
      await page.keyboard.press(open);
      await page.locator('.sheet').waitFor();
      // What is said aloud is heard beside it.
      for (const region of await page.locator('#root > [role=status], #root > [role=alert]').all())
        expect(await region.evaluate((one) => one.closest('[aria-hidden=true], [inert]'))).toBeNull();
      expect(await page.locator('#root > [role=status], #root > [role=alert]').count()).toBe(2);
      await page.keyboard.press('Escape');
      await page.locator('.sheet').waitFor({ state: 'detached' });
      await expect.poll(() => focused(page)).toBe(card);
    }
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Approve: really' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => focused(page)).toMatch(/^atlas-\w+: (Running|Editing)/);
    await page.context().close();
  });

  test('a path that is pasted where nothing is written is on its way to be a project', async () => {
    const page = await sights.see({ state: 'usual' });
    const paste = (into: string) =>
      page.locator(into).evaluate((one) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', "'/home/ada/my shop'\n");
        one.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
      });
    await paste('textarea');
    await paste('main');
    expect(await page.getByRole('dialog', { name: 'Add a project' }).getByLabel('Path').inputValue()).toBe(
      '/home/ada/my shop',
    );
    await page.context().close();
  });
});
