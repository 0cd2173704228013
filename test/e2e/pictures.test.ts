import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PretendEngine } from '../fakes/pretend-engine.ts';
import type { StateName } from '../fakes/pretend-states.ts';
import { CHROMIUM, ensureScreens, launchBrowser } from './browser.ts';

/**
 * The pictures of the README, taken of the built screens: TENURE_PICTURES=write writes them anew, for a person
 * to look at and to commit. Otherwise it is only seen that the README shows what there is.
 */
const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, 'docs', 'images');
const NOON = new Date('2026-11-20T12:00:00Z');
const FONT = createRequire(import.meta.url).resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2');
const FONT_CSS =
  '@font-face { font-family: Pinned; src: url(/pinned.woff2); font-weight: 100 900 } :root { --font-sans: Pinned }';

interface Shot {
  state?: StateName;
  hash?: string;
  size?: { width: number; height: number };
  dark?: boolean;
  /** Only this part of the page. */
  part?: (page: Page) => ReturnType<Page['locator']>;
}

const POPOVER = { width: 420, height: 600 };
const WINDOW = { width: 1080, height: 720 };
const SHOTS: Readonly<Record<string, Shot>> = {
  'popover-light': {},
  'popover-dark': { dark: true },
  decision: { part: (page) => page.getByRole('region', { name: 'Needs you' }).getByRole('article').first() },
  trust: { hash: '#/window/trust', size: WINDOW },
  services: { state: 'served', hash: '#/window/services', size: WINDOW },
};

test('the README shows every picture, and none that is not there', () => {
  const shown = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/docs\/images\/([\w-]+)\.png/g)];
  expect(new Set(shown.map(([, name]) => name))).toEqual(new Set(Object.keys(SHOTS)));
  expect(Object.keys(SHOTS).filter((name) => !existsSync(join(FOLDER, `${name}.png`)))).toEqual([]);
});

const writes = process.env['TENURE_PICTURES'] === 'write';
describe.skipIf(CHROMIUM === null || !writes)('the pictures of the README', { timeout: 60_000 }, () => {
  let browser: Browser;
  const engines = new Map<StateName, PretendEngine>();

  beforeAll(async () => {
    await ensureScreens();
    browser = await launchBrowser();
    // The state says when things happened: from one moment that never passes.
    vi.useFakeTimers({ toFake: ['Date'], now: NOON });
    mkdirSync(FOLDER, { recursive: true });
  }, 180_000);
  afterAll(async () => {
    vi.useRealTimers();
    await browser?.close();
    for (const engine of engines.values()) await engine.close();
  });

  test.each(Object.entries(SHOTS))('%s', async (name, { state = 'usual', hash = '#/', size = POPOVER, dark, part }) => {
    // Only now, for what it tells is told from the moment at which it is loaded.
    const { startPretendEngine } = await import('../fakes/pretend-engine.ts');
    const engine = engines.get(state) ?? (await startPretendEngine(state, join(ROOT, 'out', 'renderer')));
    engines.set(state, engine);
    const context = await browser.newContext({
      viewport: size,
      deviceScaleFactor: 2,
      timezoneId: 'UTC',
      locale: 'en-GB',
      reducedMotion: 'reduce',
      colorScheme: dark ? 'dark' : 'light',
    });
    const page = await context.newPage();
    await page.clock.setFixedTime(NOON);
    await page.route('**/pinned.woff2', (route) => route.fulfill({ path: FONT, contentType: 'font/woff2' }));
    await page.route('**/pinned.css', (route) => route.fulfill({ body: FONT_CSS, contentType: 'text/css' }));
    await page.goto(`${engine.url}/${hash}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/pinned.css' });
          link.addEventListener('load', () => resolve());
          document.head.append(link);
        }),
    );
    await page.evaluate(() =>
      document.fonts.load('16px Pinned').then(() => document.fonts.ready.then(() => undefined)),
    );
    await page.waitForLoadState('networkidle');
    const path = join(FOLDER, `${name}.png`);
    const options = { path, animations: 'disabled', caret: 'hide' } as const;
    await (part ? part(page).screenshot(options) : page.screenshot(options));
    await context.close();
  });
});
