import type { BrowserContextOptions } from 'playwright-core';
import { afterEach } from 'vitest';
import { type Rig, type RigOptions, startRig } from '../rig.ts';
import type { Seen } from './browser.ts';
import { inEveryShell } from './shells.ts';

/** The size of the larger window. */
export const LARGE = { viewport: { width: 1_100, height: 760 } } as const;

interface Beginning {
  /** In the app, which gives a page no permission but to copy. */
  inApp: boolean;
  /** An engine of its own; it stops after the test. */
  start(options?: RigOptions): Promise<Rig>;
  /** A page that is signed in to it; it closes after the test. @param how `first` runs in it before all else. */
  open(rig: Rig, how?: BrowserContextOptions & { first?: string }): Promise<Seen>;
}

/** Tests of the real screens on a real engine, in a browser that they share and in the app, wherever these are. */
export function inBrowser(about: string, list: (beginning: Beginning) => void): void {
  inEveryShell(about, (shell) => {
    const rigs: Rig[] = [];
    afterEach(async () => {
      await shell.clear();
      for (const rig of rigs.splice(0)) await rig.stop();
    });

    list({
      inApp: shell.isApp,
      async start(options) {
        const rig = await startRig(options);
        rigs.push(rig);
        return rig;
      },
      async open(rig, { first, ...options } = {}) {
        const seen = await shell.page(rig, options);
        if (first) await seen.page.addInitScript(first);
        await seen.page.goto(rig.host.loginUrl());
        return seen;
      },
    });
  });
}
