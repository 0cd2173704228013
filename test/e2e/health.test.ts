import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Rig, startRig } from '../rig.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage, picture } from './browser.ts';

let browser: Browser;
let rig: Rig;

beforeAll(async () => {
  await ensureScreens();
  if (CHROMIUM) browser = await launchBrowser();
}, 180_000);
afterAll(() => browser?.close());
afterEach(() => rig.stop());

describe.skipIf(CHROMIUM === null)('health', () => {
  test('the machine in detail, live, with its processes only while they are open', async () => {
    rig = await startRig();
    const { page, problems } = await openPage(browser, { viewport: { width: 1_100, height: 1_600 } });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(rig.host.loginUrl());
    await page.goto(`${rig.host.url}/#/window/health`);
    // A check that has something to do offers it, and says what came of it.
    const checks = page.locator('li').filter({ hasText: 'Notifications, ' });
    await checks.getByRole('button', { name: 'Send a test' }).click();
    await page
      .getByRole('status')
      .getByText(/Browser pages: /)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Add a project…' }).click();
    await page.getByRole('dialog', { name: 'Add a project' }).waitFor();
    await page.keyboard.press('Escape');
    const detail = page.getByRole('region', { name: 'In detail' });
    // Rates are of two looks: the second knows them.
    await detail
      .getByText(/\d (B|KB|MB|GB)\/s/)
      .first()
      .waitFor();
    await detail.getByText(/\d %/).first().waitFor();
    await page
      .getByRole('region', { name: 'Tenure itself' })
      .getByText(/^[\d.]+ % of a core$/)
      .waitFor();
    expect(asked).not.toContain('/rpc/resources.top');
    const processes = page.getByRole('region', { name: 'Processes that use the most' });
    await processes.getByRole('button', { name: 'Show' }).click();
    await processes.getByRole('row').nth(3).waitFor();
    await expectAccessible(page);
    await picture(page, 'health');
    await processes.getByRole('button', { name: 'Memory' }).click();
    await processes.getByRole('columnheader', { name: 'Memory' }).waitFor();
    await processes.getByRole('button', { name: 'Hide' }).click();
    await processes.getByRole('table').waitFor({ state: 'detached' });
    const before = asked.filter((path) => path === '/rpc/resources.top').length;
    await page.waitForResponse((response) => response.url().endsWith('/rpc/resources.load'));
    expect(asked.filter((path) => path === '/rpc/resources.top')).toHaveLength(before);
    expect(problems).toEqual([]);
  });
});
