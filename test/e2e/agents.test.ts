import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PretendEngine, startPretendEngine } from '../fakes/pretend-engine.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage, picture } from './browser.ts';

/* Agents as a person sees them: the real record of a pretend past behind the real screens. */
const ROOT = join(import.meta.dirname, '../../out/renderer');
const LARGE = { viewport: { width: 1100, height: 760 } };
let browser: Browser;
const engines: PretendEngine[] = [];
beforeAll(async () => {
  if (!CHROMIUM) return;
  await ensureScreens();
  browser = await launchBrowser();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all(engines.map((engine) => engine.close()));
});

async function engineOf(name: Parameters<typeof startPretendEngine>[0]): Promise<PretendEngine> {
  const engine = await startPretendEngine(name, ROOT);
  engines.push(engine);
  return engine;
}

test.skipIf(!CHROMIUM)(
  'the list, one agent with why, what is odd and acknowledged, and rules that are tried before they hold',
  async () => {
    const engine = await engineOf('usual');
    const { page, problems } = await openPage(browser, LARGE);
    await page.goto(`${engine.url}/#/window/agents`);
    const opus = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'claude/claude-opus-5-5' }) });
    await opus
      .getByText('Certified', { exact: true })
      .or(opus.getByText('Elite', { exact: true }))
      .waitFor();
    await expectAccessible(page);
    await picture(page, 'agents');

    const odd = page.getByRole('region', { name: 'Out of the ordinary' });
    const violation = odd.getByRole('listitem').filter({ hasText: 'Writes the settings of Tenure' });
    await violation.getByRole('button', { name: 'Acknowledge' }).press('Enter');
    await odd.getByText(/that you have looked at$/u).click();
    await odd
      .getByText(/^Looked at by you/u)
      .first()
      .waitFor();

    await page.getByRole('link', { name: 'claude/claude-sonnet-5' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'claude/claude-sonnet-5' }).waitFor();
    await page.getByText(/tasks succeeded; at least \d+ % is sure/u).waitFor();
    await page.getByText(/What a person launches is bound by none of this/u).waitFor();
    await page.getByRole('img', { name: /^Score of claude\/claude-sonnet-5/u }).waitFor();
    await expectAccessible(page);
    await picture(page, 'agent');

    await page.getByRole('link', { name: 'All agents' }).click();
    await page.getByRole('button', { name: 'Rules…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Rules of the agent score' });
    await dialog.getByRole('textbox', { name: 'Task done: points' }).fill('much');
    await dialog.getByText(/^Task done, points: /u).waitFor();
    await dialog.getByRole('textbox', { name: 'Task done: points' }).fill('2');
    await dialog.getByRole('button', { name: 'Show what would move' }).click();
    await dialog.getByText(/agents would move/u).waitFor();
    await expectAccessible(page);
    await picture(page, 'rules');
    expect(engine.asked).not.toContain('agents.configure');
    await dialog.getByRole('button', { name: 'Set these rules' }).click();
    await dialog.waitFor({ state: 'detached' });
    await opus.getByText('Rules changed').waitFor();
    expect(problems).toEqual([]);
  },
  120_000,
);

test.skipIf(!CHROMIUM)(
  'none, and hundreds, also in a narrow window',
  async () => {
    const none = await engineOf('nothing');
    const { page, problems } = await openPage(browser, LARGE);
    await page.goto(`${none.url}/#/window/agents`);
    await page.getByText(/^No agent was seen yet/u).waitFor();
    await expectAccessible(page);
    await picture(page, 'agents-none');
    const many = await engineOf('hundreds');
    await page.setViewportSize({ width: 420, height: 600 });
    await page.goto(`${many.url}/#/window/agents`);
    await page.getByRole('heading', { name: '243 agents' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420);
    await picture(page, 'agents-many');
    expect(problems).toEqual([]);
  },
  120_000,
);
