import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PretendEngine } from '../fakes/pretend-engine.ts';
import type { StateName } from '../fakes/pretend-states.ts';
import { CHROMIUM, ensureScreens, launchBrowser } from './browser.ts';
import { differs } from './pixels.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NOON = new Date('2026-11-20T12:00:00Z');
/** The same letters on every machine: a machine's own fonts are none of the test's business. */
const FONT = readFileSync(
  createRequire(import.meta.url).resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'),
);
const FONT_CSS = `@font-face { font-family: Pinned; src: url(/pinned.woff2); font-weight: 100 900 }
:root { --font-sans: Pinned; --font-mono: Pinned } html, code, .font-mono, .command, textarea, input { font-family: Pinned !important }`;

let browser: Browser;
let judge: Page;
const engines = new Map<StateName, PretendEngine>();

beforeAll(async () => {
  if (!CHROMIUM) return;
  await ensureScreens();
  browser = await launchBrowser();
  judge = await browser.newPage();
  // The states say when things happened: from one moment that never passes.
  vi.useFakeTimers({ toFake: ['Date'], now: NOON });
}, 180_000);
afterAll(async () => {
  vi.useRealTimers();
  await browser?.close();
  for (const engine of engines.values()) await engine.close();
});

async function engineIn(state: StateName): Promise<PretendEngine> {
  const { startPretendEngine } = await import('../fakes/pretend-engine.ts');
  const engine = engines.get(state) ?? (await startPretendEngine(state, join(ROOT, 'out', 'renderer')));
  engines.set(state, engine);
  return engine;
}

interface Look {
  state: StateName;
  hash?: string;
  size?: readonly [width: number, height: number];
  options?: BrowserContextOptions;
  /** Percent. */
  text?: number;
  offline?: boolean;
  press?: string;
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

/** What can be read off a page without any picture: nothing is cut off to the side, nothing lies over a control. */
async function faults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const wide = document.documentElement;
    if (wide.scrollWidth > wide.clientWidth)
      found.push(`the page is ${wide.scrollWidth} wide, not ${wide.clientWidth}`);
    const name = (element: Element) =>
      (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40);
    const scope = document.querySelector('[data-above][data-open]') ?? document;
    for (const control of scope.querySelectorAll<HTMLElement>('button, a[href], input, select, textarea, summary')) {
      if (!control.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true }))
        continue;
      // The silent twin of a drawn control, for forms.
      if (control.ariaHidden === 'true') continue;
      const box = control.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (box.width === 0 || x < 0 || y < 0 || x > innerWidth || y > innerHeight) continue;
      // Scrolled out of sight is not covered.
      let hidden = false;
      for (let holder = control.parentElement; holder && !hidden; holder = holder.parentElement) {
        if (getComputedStyle(holder).overflowY === 'visible') continue;
        const frame = holder.getBoundingClientRect();
        hidden = y < frame.top || y > frame.bottom;
      }
      if (hidden) continue;
      if (box.right > innerWidth + 1) found.push(`“${name(control)}” is cut off at the right`);
      const top = document.elementFromPoint(x, y);
      if (top && !control.contains(top) && !top.contains(control) && top.closest('label')?.control !== control) {
        found.push(`“${name(control)}” lies under “${name(top)}”`);
      }
    }
    return found;
  });
}

const SCREENS = [
  'sessions',
  'decisions',
  'trust',
  'agents',
  'services',
  'projects',
  'usage',
  'revenue',
  'schedule',
  'activity',
  'health',
  'settings',
];
const WINDOW = [1080, 720] as const;
const STATES = ['nothing', 'one', 'usual', 'hundreds', 'errors'] as const;

describe.skipIf(CHROMIUM === null)('how it looks', { timeout: 120_000 }, () => {
  test.each(STATES)(
    '%s: nothing is cut off or covered, in the popover and the window, with plain and double text',
    async (state) => {
      const wrong: string[] = [];
      for (const text of [100, 200]) {
        const page = await see({ state, text });
        wrong.push(...(await faults(page)).map((one) => `popover at ${text} %: ${one}`));
        await page.context().close();
      }
      const page = await see({ state, hash: '#/window/sessions', size: [1080, 720] });
      for (const screen of SCREENS) {
        for (const percent of [100, 200]) {
          await page.evaluate(
            ([to, size]) => {
              window.location.hash = `#/window/${to}`;
              document.documentElement.style.fontSize = `${size}%`;
            },
            [screen, percent] as const,
          );
          await page.getByRole('heading', { level: 1 }).first().waitFor();
          wrong.push(...(await faults(page)).map((one) => `${screen} at ${percent} %: ${one}`));
        }
      }
      await page.context().close();
      expect(wrong).toEqual([]);
    },
  );

  const LOOKS: readonly (readonly [name: string, look: Look])[] = [
    ['popover-usual-light', { state: 'usual' }],
    ['popover-usual-dark', { state: 'usual', options: { colorScheme: 'dark' } }],
    ['popover-contrast', { state: 'usual', options: { contrast: 'more' } }],
    ['popover-forced', { state: 'usual', options: { forcedColors: 'active' } }],
    ['popover-nothing', { state: 'nothing' }],
    ['popover-errors', { state: 'errors' }],
    ['popover-200', { state: 'usual', text: 200 }],
    ['palette-dark', { state: 'usual', press: 'Control+k', options: { colorScheme: 'dark' } }],
    ['launch-sheet', { state: 'usual', press: 'l' }],
    ['settings', { state: 'usual', hash: '#/window/settings', size: WINDOW }],
    ['sessions', { state: 'hundreds', hash: '#/window/sessions', size: WINDOW }],
    ['decisions', { state: 'usual', hash: '#/window/decisions', size: WINDOW }],
    ['trust-dark', { state: 'usual', hash: '#/window/trust', size: WINDOW, options: { colorScheme: 'dark' } }],
    ['agents', { state: 'usual', hash: '#/window/agents', size: WINDOW }],
    ['activity', { state: 'usual', hash: '#/window/activity', size: WINDOW }],
    ['schedule-contrast', { state: 'usual', hash: '#/window/schedule', size: WINDOW, options: { contrast: 'more' } }],
    ['health', { state: 'usual', hash: '#/window/health', size: [1080, 1400] }],
    ['health-dark-narrow', { state: 'errors', hash: '#/window/health', options: { colorScheme: 'dark' } }],
    ['usage', { state: 'usual', hash: '#/window/usage', size: WINDOW }],
    [
      'usage-nothing-dark',
      { state: 'nothing', hash: '#/window/usage', size: WINDOW, options: { colorScheme: 'dark' } },
    ],
    ['services', { state: 'served', hash: '#/window/services', size: WINDOW }],
    ['revenue', { state: 'usual', hash: '#/window/revenue', size: WINDOW }],
    ['projects-narrow', { state: 'usual', hash: '#/window/projects' }],
    ['activity-nothing', { state: 'nothing', hash: '#/window/activity', size: WINDOW }],
    ['popover-offline', { state: 'usual', offline: true }],
  ];
  test.each(LOOKS)('%s is as it was', async (name, look) => {
    const page = await see(look);
    const difference = await differs(page, judge, name);
    await page.context().close();
    expect(difference).toBeNull();
  });

  test.skipIf(process.env.TENURE_PIXELS === 'write')(
    'a picture that is missing, and one that is another, fail',
    async () => {
      const page = await see({ state: 'usual' });
      expect(await differs(page, judge, 'of-nothing')).toContain('there is no picture');
      await page.evaluate(() => document.querySelector('main')?.remove());
      expect(await differs(page, judge, 'popover-usual-light')).toMatch(/% of it differs/);
      await page.context().close();
    },
  );
});
