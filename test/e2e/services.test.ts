import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServiceInput, ServiceSettings } from '../../src/shared/contract/services.ts';
import { type HttpTarget, startHttpTarget } from '../fakes/services/http-target.ts';
import { type Rig, type RigOptions, until } from '../rig.ts';
import { choose, expectAccessible } from './browser.ts';
import { inBrowser, LARGE } from './in-browser.ts';
import { TenureWindow } from './pages/window.ts';

const SHOTS = process.env.TENURE_SERVICE_SHOTS;
const QUICK = { intervalMs: 60_000, timeoutMs: 2_000, downAfter: 2 } as const;

const WATCHING: RigOptions = { config: { services: { settleMs: 0, statusPage: { enabled: true, names: true } } } };

const shoot = async (page: Page, name: string): Promise<void> => {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
};

const add = async (rig: Rig, input: ServiceInput): Promise<string> =>
  (await rig.call('services.add', ServiceSettings.parse({ ...QUICK, ...input }))).service.id;

inBrowser('services', ({ start, open }) => {
  let web: HttpTarget;
  beforeEach(async () => {
    web = await startHttpTarget(JSON.stringify({ status: 'ok' }));
  });
  afterEach(() => web.close());

  test('watched from the screen with a live test, seen to fail, restarted by a click, judged', async () => {
    const rig = await start(WATCHING);
    await rig.raiseTo('cautious');
    const { page, problems } = await open(rig, LARGE);
    await TenureWindow.open(page, rig.host.url, 'Services');
    await page.getByText('Nothing is watched yet').waitFor();
    await shoot(page, 'empty');

    await page.getByRole('button', { name: 'Watch a service…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('Media server');
    await dialog.getByLabel('URL').fill(web.url);
    await dialog.getByText('More: thresholds').click();
    await dialog.getByLabel('Conditions').fill('[BODY].status = ok');
    await dialog.getByRole('button', { name: 'Test now' }).click();
    await dialog.getByRole('alert').getByText('position 15').waitFor();
    await dialog.getByLabel('Conditions').fill('[BODY].status == ok');
    await dialog.getByLabel('Down after').fill('2');
    await choose(dialog.getByRole('combobox', { name: 'Brought back' }), 'by a command');
    await dialog.getByLabel('Command', { exact: true }).fill('true');
    await dialog.getByLabel('Starts up in, s').fill('0');
    await dialog.getByRole('button', { name: 'Test now' }).click();
    await dialog.getByText('[BODY]', { exact: true }).waitFor();
    await shoot(page, 'dialog');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Watch it' }).click();
    await page.getByRole('heading', { level: 1, name: 'Media server' }).waitFor();
    await page.getByText('Up', { exact: true }).waitFor();

    await web.become('error');
    const check = page.getByRole('button', { name: 'Check now' });
    await check.click();
    await page.getByText('Failing, 1 of 2').waitFor();
    await check.click();
    await page.getByText('Restart Media server?').waitFor();
    await page.getByText('status 503').first().waitFor();
    const bars = page.getByRole('slider', { name: 'Checks' });
    await bars.focus();
    await page.keyboard.press('End');
    expect(await bars.getAttribute('aria-valuetext')).toMatch(/Failed: .*503/);
    await page.keyboard.press('Home');
    expect(await bars.getAttribute('aria-valuetext')).toMatch(/Up, /);
    const failed = page.getByText(/2 checks, all failed: status 503/);
    await failed.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Single checks' }).getByText('status 503').nth(1).waitFor();
    await shoot(page, 'detail-down');
    await expectAccessible(page);

    await page.setViewportSize({ width: 420, height: 600 });
    await page.goto(`${rig.host.url}/`);
    const card = page.getByRole('article', { name: 'Restart Media server?' });
    await card.waitFor();
    await page.getByText('1 of 1 down').waitFor();
    await shoot(page, 'popover-down');
    await expectAccessible(page);
    await web.become('ok');
    await card.getByRole('button', { name: 'Restart' }).click();
    const [service] = await rig.call('services.list', {});
    await until(
      'it was looked at afterwards',
      async () => (await rig.call('services.restarts', {}))[0]?.state === 'healthy',
    );
    await rig.call('services.check', { id: service?.id ?? '' });
    await page.getByText('1 service up').waitFor();
    await shoot(page, 'popover-up');

    await page.setViewportSize({ width: 1_100, height: 760 });
    await TenureWindow.open(page, rig.host.url, 'Services');
    await page.getByText('Media server was down').click();
    await page.getByRole('button', { name: 'False alarm' }).click();
    await until('it is judged', async () => (await rig.call('incidents.list', { all: true }))[0]?.verdict === 'false');
    // The condition that was refused on purpose.
    expect(problems.filter((problem) => !problem.includes('400 (Bad Request)'))).toEqual([]);
  }, 90_000);

  test('many, in every state, large and small, with the status page', async () => {
    const rig = await start(WATCHING);
    const kinds: [string, ServiceInput['target'], Partial<ServiceInput>?][] = [
      ['Postgres', { kind: 'tcp', host: '127.0.0.1', port: 1 }, { group: 'Data', downAfter: 1 }],
      ['Grafana', { kind: 'http', url: web.url }, { group: 'Metrics' }],
      ['Queue', { kind: 'tcp', host: '127.0.0.1', port: 2 }, { group: 'Data', downAfter: 5 }],
      ['Nightly backup', { kind: 'heartbeat' }, { group: 'Jobs' }],
      ['jellyfin', { kind: 'docker', container: 'jellyfin', socket: '/no/docker.sock' }],
      ['Disk', { kind: 'disk', path: '/', maxUsedPercent: 100 }],
    ];
    for (const [name, target, more] of kinds) await add(rig, { name, target, ...more });
    for (let n = 0; n < 20; n++)
      await add(rig, { name: `Worker ${n}`, target: { kind: 'http', url: web.url }, group: 'Workers' });
    const grafana = (await rig.call('services.list', {})).find(({ name }) => name === 'Grafana');
    await until('they were looked at', async () =>
      (await rig.call('services.list', {})).every(({ last }) => last !== null),
    );
    await rig.call('services.pause', { id: grafana?.id ?? '', paused: true });
    const { page, problems } = await open(rig, LARGE);
    await TenureWindow.open(page, rig.host.url, 'Services');
    await page.getByText('26 services, 1 failing').waitFor();
    await shoot(page, 'list');
    await expectAccessible(page);
    await page.getByRole('searchbox', { name: 'Filter services' }).fill('data');
    expect(await page.getByRole('listitem').filter({ hasText: 'TCP port' }).count()).toBe(2);
    await page.setViewportSize({ width: 420, height: 600 });
    await shoot(page, 'list-small');
    await page.goto(`${rig.host.url}/`);
    await page.getByText('1 of 26 down').waitFor();
    await shoot(page, 'popover-many');
    await page.goto(`${rig.host.url}/status`);
    await page.getByRole('row', { name: /Postgres Down/ }).waitFor();
    await shoot(page, 'status');
    await expectAccessible(page);
    expect(problems).toEqual([]);
  }, 90_000);
});
