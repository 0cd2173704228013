import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { bash, say } from '../fakes/messages-api.ts';
import { expectAccessible } from './browser.ts';
import { inBrowser, LARGE } from './in-browser.ts';

/** The browser's own notifications, noted as they come and go; their click is a person's. */
const NOTE = `
  window.noted = [];
  const Real = window.Notification;
  window.Notification = class extends Real {
    constructor(title, options) {
      super(title, options);
      this.noted = { title, body: options.body, tag: options.tag, shown: true, click: () => this.dispatchEvent(new Event('click')) };
      window.noted.push(this.noted);
    }
    close() { this.noted.shown = false; super.close(); }
  };`;

const noted = (page: Page) =>
  page.evaluate(() =>
    (window as unknown as { noted: { title: string; body: string; shown: boolean }[] }).noted.map(
      ({ title, body, shown }) => ({ title, body, shown }),
    ),
  );
const hide = (page: Page, hidden: boolean) =>
  page.evaluate((now) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => now });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

/** Every timer and frame that the page has asked for and that is still to come. */
const COUNT = `
  window.armed = new Set();
  for (const [set, clear] of [['setTimeout', 'clearTimeout'], ['setInterval', 'clearInterval'], ['requestAnimationFrame', 'cancelAnimationFrame']]) {
    const [arm, disarm] = [window[set].bind(window), window[clear].bind(window)];
    window[set] = (run, ...more) => {
      const id = arm((...given) => { if (set !== 'setInterval') window.armed.delete(set + id); run(...given); }, ...more);
      window.armed.add(set + id);
      return id;
    };
    window[clear] = (id) => { window.armed.delete(set + id); disarm(id); };
  }`;
const armed = (page: Page) => page.evaluate(() => (window as unknown as { armed: Set<string> }).armed.size);

inBrowser('a page in the background', ({ inApp, start, open }) => {
  test('has no timer: the popover with a countdown, the list of sessions, a transcript that grows', async () => {
    const rig = await start({ script: [bash('npm publish'), say('Done.')] });
    const { project } = await rig.addProject();
    await rig.raiseTo('cautious');
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Publish.' });
    await rig.pending();
    const { page, problems } = await open(rig, { ...LARGE, first: COUNT });
    const places = ['#/', '#/window/sessions', `#/window/sessions/${id}/transcript`, '#/window/health'];
    for (const place of places) {
      await page.goto(`${rig.host.url}/${place}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.waitForLoadState('networkidle').catch(() => undefined);
      await vi.waitFor(async () => expect(await armed(page)).toBeGreaterThan(0), 10_000);
      await hide(page, true);
      await vi.waitFor(async () => expect([place, await armed(page)]).toEqual([place, 0]), 10_000);
      await hide(page, false);
      await vi.waitFor(async () => expect(await armed(page)).toBeGreaterThan(0), 10_000);
    }
    expect(problems).toEqual([]);
  }, 90_000);

  test.skipIf(inApp)(
    'notifies of what waits, veils it in private mode, withdraws what was answered elsewhere',
    async () => {
      const rig = await start({ script: [bash('npm publish'), say('Done.')] });
      const { project } = await rig.addProject();
      await rig.raiseTo('cautious');
      const { page, problems } = await open(rig, { permissions: ['notifications'], first: NOTE });
      await page.getByRole('button', { name: /^Project: / }).waitFor();
      await hide(page, true);

      const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Publish.' });
      await page.waitForFunction(() => (window as unknown as { noted: unknown[] }).noted.length === 1);
      expect(await noted(page)).toEqual([{ title: `${project.name} asks`, body: 'npm publish', shown: true }]);

      // Veiled: what is shown anew says nothing of it.
      await hide(page, false);
      await rig.call('config.set', { changes: [{ key: 'notifications.private', value: true }] });
      await vi.waitFor(async () => expect((await rig.call('notifications.waiting', {}))[0]?.title).toBe('Tenure asks'));
      await hide(page, true);
      await page.waitForFunction(() => (window as unknown as { noted: unknown[] }).noted.length === 2);
      expect((await noted(page))[1]).toEqual({ title: 'Tenure asks', body: 'Something waits for you.', shown: true });

      const [decision] = await rig.call('decisions.list', {});
      await rig.call('decisions.deny', { id: decision?.id ?? '' });
      await page.waitForFunction(() => !(window as unknown as { noted: { shown: boolean }[] }).noted[1]?.shown);
      await rig.ended(id);
      // A click leads to the place, and answers nothing.
      await page.evaluate(() => (window as unknown as { noted: { click(): void }[] }).noted[0]?.click());
      expect(await page.evaluate(() => location.hash)).toBe(`#/window/decisions/${decision?.id}`);
      await hide(page, false);
      await expectAccessible(page);
      expect(problems).toEqual([]);
    },
    90_000,
  );
});
