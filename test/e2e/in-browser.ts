import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { type Rig, type RigOptions, startRig } from '../rig.ts';
import { CHROMIUM, ensureScreens, launchBrowser, openPage, type Seen } from './browser.ts';

/** The size of the larger window. */
export const LARGE = { viewport: { width: 1_100, height: 760 } } as const;

interface Beginning {
  /** An engine of its own; it stops after the test. */
  start(options?: RigOptions): Promise<Rig>;
  /** A page that is signed in to it; it closes after the test. @param how `first` runs in it before all else. */
  open(rig: Rig, how?: BrowserContextOptions & { first?: string }): Promise<Seen>;
}

/** Tests of the real screens on a real engine, in a browser that they share; none where no browser is. */
export function inBrowser(about: string, list: (beginning: Beginning) => void): void {
  describe.skipIf(CHROMIUM === null)(about, { timeout: 120_000 }, () => {
    let browser: Browser;
    const rigs: Rig[] = [];
    beforeAll(async () => {
      await ensureScreens();
      browser = await launchBrowser();
    }, 180_000);
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
      for (const rig of rigs.splice(0)) await rig.stop();
    });
    afterAll(() => browser?.close());

    list({
      async start(options) {
        const rig = await startRig(options);
        rigs.push(rig);
        return rig;
      },
      async open(rig, { first, ...options } = {}) {
        const seen = await openPage(browser, options);
        if (first) await seen.page.addInitScript(first);
        await seen.page.goto(rig.host.loginUrl());
        return seen;
      },
    });
  });
}
