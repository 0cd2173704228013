import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { vi } from 'vitest';
import type { PretendEngine } from '../fakes/pretend-engine.ts';
import type { StateName } from '../fakes/pretend-states.ts';
import { ensureScreens, launchBrowser } from './browser.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NOON = new Date('2026-11-20T12:00:00Z');
/** The same letters on every machine: a machine's own fonts are none of the test's business. */
const FONT = readFileSync(
  createRequire(import.meta.url).resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'),
);
const FONT_CSS = `@font-face { font-family: Pinned; src: url(/pinned.woff2); font-weight: 100 900 }
:root { --font-sans: Pinned; --font-mono: Pinned } html, code, .font-mono, .command, textarea, input { font-family: Pinned !important }`;

export interface Look {
  state: StateName;
  hash?: string;
  size?: readonly [width: number, height: number];
  options?: BrowserContextOptions;
  /** Percent. */
  text?: number;
  offline?: boolean;
  press?: string;
}

export interface Sights {
  /** A page of 420 × 600 unless it says otherwise, at rest. Close its context. */
  see(look: Look): Promise<Page>;
  /** Where pictures are compared. */
  judge: Page;
  close(): Promise<void>;
}

/** The screens over pretended states, at one moment that never passes, with the same letters on every machine. */
export async function openSights(): Promise<Sights> {
  await ensureScreens();
  const browser = await launchBrowser();
  const judge = await browser.newPage();
  const engines = new Map<StateName, PretendEngine>();
  // The states say when things happened.
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });

  async function engineIn(state: StateName): Promise<PretendEngine> {
    const { startPretendEngine } = await import('../fakes/pretend-engine.ts');
    const engine = engines.get(state) ?? (await startPretendEngine(state, join(ROOT, 'out', 'renderer')));
    engines.set(state, engine);
    return engine;
  }

  async function see({ state, hash = '#/', size = [420, 600], options, text, offline, press }: Look): Promise<Page> {
    const engine = await engineIn(state);
    const [width, height] = size;
    const context = await browser.newContext({
      viewport: { width, height },
      timezoneId: 'UTC',
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    await page.clock.setFixedTime(NOON);
    await page.route('**/pinned.woff2', (route) => route.fulfill({ body: FONT, contentType: 'font/woff2' }));
    await page.route('**/pinned.css', (route) => route.fulfill({ body: FONT_CSS, contentType: 'text/css' }));
    // The first figures come, and nothing after them.
    if (offline) await page.route('**/events?*', (route) => route.abort());
    await page.goto(`${engine.url}/${hash}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.evaluate(
      (percent) =>
        new Promise<void>((resolve) => {
          document.documentElement.style.fontSize = `${percent}%`;
          const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/pinned.css' });
          link.addEventListener('load', () => resolve());
          document.head.append(link);
        }),
      text ?? 100,
    );
    if (press) await page.keyboard.press(press);
    if (press) await page.getByRole('dialog').waitFor();
    if (offline) await page.getByText(/^Offline since/).waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await page.evaluate(() =>
      document.fonts
        .load('16px Pinned')
        .then(() => document.fonts.ready)
        .then(() => undefined),
    );
    return page;
  }

  return {
    see,
    judge,
    async close() {
      vi.useRealTimers();
      await browser.close();
      for (const engine of engines.values()) await engine.close();
    },
  };
}

/** What can be read off a page without any picture: nothing is cut off to the side, nothing lies over a control. */
export async function faults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const wide = document.documentElement;
    if (wide.scrollWidth > wide.clientWidth)
      found.push(`the page is ${wide.scrollWidth} wide, not ${wide.clientWidth}`);
    const name = (element: Element) =>
      (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40);
    const above = document.querySelector('[data-above][data-open]');
    const scope = above ?? document;
    for (const control of scope.querySelectorAll<HTMLElement>('button, a[href], input, select, textarea, summary')) {
      if (!control.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true }))
        continue;
      // The silent twin of a drawn control, for forms.
      if (control.ariaHidden === 'true') continue;
      // What lies below the answers of a sheet is scrolled above them, as by the focus.
      if (above && !control.closest('.sheet-actions')) control.scrollIntoView({ block: 'nearest' });
      const box = control.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (box.width === 0 || x < 0 || y < 0 || x > innerWidth || y > innerHeight) continue;
      // Scrolled out of sight is not covered, nor cut off.
      let hidden = false;
      let scrolls = false;
      for (let holder = control.parentElement; holder && !hidden; holder = holder.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(holder);
        const frame = holder.getBoundingClientRect();
        if (overflowY !== 'visible') hidden = y < frame.top || y > frame.bottom;
        if (['auto', 'scroll'].includes(overflowX) && !holder.matches('.sheet')) {
          scrolls = true;
          hidden ||= x > frame.right;
        }
      }
      if (hidden) continue;
      if (box.right > innerWidth + 1 && !scrolls) found.push(`“${name(control)}” is cut off at the right`);
      const top = document.elementFromPoint(x, y);
      if (top && !control.contains(top) && !top.contains(control) && top.closest('label')?.control !== control) {
        found.push(`“${name(control)}” lies under “${name(top)}”`);
      }
    }
    return found;
  });
}
