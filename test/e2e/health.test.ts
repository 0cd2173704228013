import { expect, test } from 'vitest';
import { expectAccessible, picture } from './browser.ts';
import { inBrowser } from './in-browser.ts';

inBrowser('health', ({ start, open }) => {
  test('the machine in detail, live, with its processes only while they are open', async () => {
    const rig = await start();
    const { page, problems } = await open(rig, { viewport: { width: 1_100, height: 1_600 } });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${rig.host.url}/#/window/health`);
    // A check that has something to do offers it, and says what came of it.
    const checks = page.locator('li').filter({ hasText: 'Notifications, ' });
    await checks.getByRole('button', { name: 'Send a test' }).click();
    await page
      .getByRole('region', { name: 'Just done' })
      .getByText(/^Browser pages: Sent to every open page; .*Your browser keeps this page from notifying you/)
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
