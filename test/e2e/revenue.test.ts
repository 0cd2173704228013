import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpServer, json, startHttpServer, text } from '../fakes/http-server.ts';
import { type Rig, startRig, until } from '../rig.ts';
import { CHROMIUM, choose, ensureScreens, expectAccessible, launchBrowser, openPage } from './browser.ts';

let browser: Browser;
let rig: Rig;
let pool: HttpServer;
let page: Page;
let problems: string[];

beforeAll(async () => {
  await ensureScreens();
  if (!CHROMIUM) return;
  browser = await launchBrowser();
  pool = await startHttpServer(json('{"amtDue":4213420000000,"amtPaid":0}'));
  rig = await startRig();
  await rig.addProject({ name: 'app' });
  ({ page, problems } = await openPage(browser, { viewport: { width: 1100, height: 900 } }));
  await page.goto(rig.host.loginUrl());
  await page.getByRole('heading', { level: 1 }).waitFor();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await rig?.stop();
  await pool?.close();
});

const open = async (screen: string, heading: string): Promise<void> => {
  await page.goto(new URL(`/#/window/${screen}`, rig.host.url).href);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
};
const dialog = () => page.getByRole('dialog');
const row = (name: string) =>
  page.getByRole('region', { name: 'Sources' }).getByRole('listitem').filter({ hasText: name });

describe.skipIf(CHROMIUM === null)('revenue', () => {
  test('a pool is tested, added, looked at, and what fails is said beside its last value', async () => {
    await open('revenue', 'Revenue');
    await page.getByText('No sources yet.').waitFor();
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Add a source…' }).click();
    await dialog().getByLabel('Name').fill('Mini');
    await dialog().getByLabel('Wallet').fill('48wallet');
    await dialog().getByLabel('Address of the API').fill('ftp://nowhere');
    await dialog().getByRole('button', { name: 'Test' }).click();
    await dialog().getByRole('alert').getByText('expected an address that begins with http').waitFor();
    await dialog().getByLabel('Address of the API').fill(pool.url);
    await dialog().getByRole('button', { name: 'Test' }).click();
    await dialog().getByText('Mining pool: owes 4.21342 XMR, has paid 0 XMR.').waitFor();
    await choose(dialog().getByRole('combobox', { name: 'Project' }), 'app');
    await expectAccessible(page);
    await dialog().getByRole('button', { name: 'Add source' }).click();
    await row('Mini').getByText('owes 4.21342 XMR').waitFor();
    await row('Mini').getByText('at least $0.00').waitFor();

    pool.answer(text('<html>busy</html>', 200));
    await page.getByRole('button', { name: 'Look now at Mini' }).click();
    await row('Mini').getByText('The pool sent a web page instead of JSON.').waitFor();
    await row('Mini').getByText('owes 4.21342 XMR').waitFor();
  }, 60_000);

  test('amounts are entered and imported; the weeks, the project and the popover tell them', async () => {
    await page.getByRole('button', { name: 'Add a source…' }).click();
    await choose(dialog().getByRole('combobox', { name: 'Kind' }), 'Entries');
    await dialog().getByLabel('Name').fill('Invoices');
    await choose(dialog().getByRole('combobox', { name: 'Project' }), 'app');
    await dialog().getByRole('button', { name: 'Add source' }).click();
    await page.getByRole('button', { name: 'Entries of Invoices' }).click();
    await dialog().getByLabel('Amount in USD').fill('12,x');
    await dialog().getByRole('button', { name: 'Enter', exact: true }).click();
    await dialog().getByText('"12,x" is no amount of USD').waitFor();
    await dialog().getByLabel('Amount in USD').fill('12.40');
    await dialog().getByRole('button', { name: 'Enter', exact: true }).click();
    await dialog().getByRole('button', { name: 'Take back $12.40' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Import a CSV into Invoices' }).click();
    const today = new Date().toISOString().slice(0, 10);
    const csv = `date,amount\n${today},7.60\n${today},lots\n`;
    await dialog()
      .getByLabel('File')
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await dialog().getByText('1 new row, 0 known already, 1 not readable.').waitFor();
    await dialog().getByText('Line 3: "lots" is no amount.').waitFor();
    await expectAccessible(page);
    await dialog().getByRole('button', { name: 'Import 1 row' }).click();
    await row('Invoices').getByText('$20.00').waitFor();
    await page.getByText('Not an input to priorities before two weeks of stable data.').waitFor();
    const projects = page.getByRole('region', { name: 'Projects, last seven days' });
    await projects.getByRole('row', { name: /app at least \$20\.00/ }).waitFor();
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.getByRole('row', { name: /this week at least \$20\.00/ }).waitFor();
    await expectAccessible(page);

    await page.setViewportSize({ width: 420, height: 600 });
    await page.goto(new URL('/#/', rig.host.url).href);
    const line = page.getByRole('link', { name: /Revenue/ });
    await line.getByText('at least $20.00').waitFor();
    await expectAccessible(page);
    await line.click();
    await page.getByRole('heading', { level: 1, name: 'Revenue' }).waitFor();
    await expectAccessible(page);
    await page.setViewportSize({ width: 1100, height: 900 });
  }, 60_000);

  test('the machine over time: ranges, a cursor by keyboard, a table, and a verdict on what was told', async () => {
    await open('health', 'Health');
    const cpu = page.getByRole('img', { name: /^CPU in the last hour/ });
    await cpu.focus();
    await page.keyboard.press('Home');
    await page
      .getByText(/: not measured$/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: '7 days' }).click();
    await page.getByRole('img', { name: /^CPU in the last week/ }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'As a table' }).click();
    await page
      .getByRole('row', { name: /not measured/ })
      .first()
      .waitFor();
    await page.getByRole('region', { name: 'Told when' }).getByText('Memory').waitFor();
    await expectAccessible(page);
  }, 60_000);

  test('what listens here is found, ticked and watched from then on', async () => {
    const port = Number(new URL(pool.url).port);
    await open('services', 'Services');
    await page.getByRole('button', { name: 'Find what runs here…' }).click();
    const box = dialog().getByRole('checkbox', { name: new RegExp(`port ${port}`) });
    await box.check();
    await expectAccessible(page);
    await dialog().getByRole('button', { name: 'Watch 1 service' }).click();
    await dialog().waitFor({ state: 'detached' });
    await until('it is watched', async () =>
      (await rig.call('services.list', {})).some(({ target }) => target.kind === 'tcp' && target.port === port),
    );
    const { candidates } = await rig.call('detect.candidates', {});
    expect(candidates.find(({ key }) => key === `port:${port}`)?.watched).toBe(true);
    const own = Number(new URL(rig.host.url).port);
    expect(candidates.some(({ key }) => key === `port:${own}`)).toBe(false);
    // The one amount that was refused on purpose.
    expect(problems).toEqual([expect.stringContaining('status of 400')]);
  }, 60_000);
});
