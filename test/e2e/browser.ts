import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
/** Where `npm test` found a browser; null (it gave an empty name): it found none, and says so. */
export const CHROMIUM =
  (process.env.TENURE_CHROMIUM ?? (process.platform === 'linux' ? '/usr/bin/chromium' : '')) || null;

/** The screens as they are shipped, built when the sources have changed. */
export async function ensureScreens(): Promise<void> {
  const build = pathToFileURL(join(ROOT, 'scripts', 'build.mjs')).href;
  const script = `const { ensureBuilt } = await import('${build}'); await ensureBuilt(() => undefined);`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT });
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    ...(CHROMIUM ? { executablePath: CHROMIUM } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });

/** Picks from the list that opens at a field. */
export async function choose(field: Locator, name: string): Promise<void> {
  await field.click();
  await field.page().getByRole('option', { name, exact: true }).click();
}

/** Picks from the menu that opens at a button. */
export async function pick(button: Locator, name: string): Promise<void> {
  await button.click();
  const menu = button.page().getByRole('menu');
  await menu
    .getByRole('menuitem', { name, exact: true })
    .or(menu.getByRole('menuitemcheckbox', { name, exact: true }))
    .click();
}

export interface Seen {
  page: Page;
  /** Console errors and warnings, uncaught errors, CSP violations, failed requests: none is the only good list. */
  problems: string[];
}

/** Keeps a list of everything that goes wrong on a page from now on. */
export function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  return problems;
}

/** A page of 420 × 600 in a context of its own that keeps a list of everything that goes wrong. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Seen> {
  const context = await browser.newContext({ viewport: { width: 420, height: 600 }, ...options });
  const page = await context.newPage();
  return { page, problems: problemsOf(page) };
}

/** No violation of the accessibility rules, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // What fades in has its own colour only at the end of it.
    await page.evaluate(() => {
      for (const one of document.getAnimations()) {
        if (one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) one.finish();
      }
    });
    const axe = new AxeBuilder({ page });
    // What differs in the dark is colour; everything else was looked at in the light.
    const { violations } = await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze();
    const found = violations.map((v) => `${colorScheme} ${v.id}: ${v.nodes.map((node) => node.html).join(' | ')}`);
    expect(found).toEqual([]);
  }
}

const look = process.env.TENURE_LOOK;

/** A picture, dark and light, for whoever wants to look: TENURE_LOOK names a folder. Without it, nothing. */
export async function picture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  if (!look) return;
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${look}/${name}-${colorScheme}.png`, ...options });
  }
}
