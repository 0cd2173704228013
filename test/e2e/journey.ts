import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Rig, type RigOptions, startRig } from '../rig.ts';
import {
  CHROMIUM,
  ensureScreens,
  expectAccessible,
  launchBrowser,
  openPage,
  problemsOf,
  type Seen,
} from './browser.ts';
import { Popover } from './pages/popover.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** What a person has before them at the beginning: the real engine, and its popover, signed in. */
export interface Journey {
  rig: Rig;
  page: Seen['page'];
  popover: Popover;
  /** A second page, signed in as well. */
  another(): Promise<Popover>;
}

/** Where the screens are shown. */
interface Shell {
  name: string;
  isThere: boolean;
  begin(): Promise<void>;
  end(): Promise<void>;
  /** A first page beside that engine, and the way to further ones; they go with `close`. */
  open(rig: Rig): Promise<{ first: Seen; next(): Promise<Seen>; close(): Promise<void> }>;
}

function inChromium(): Shell {
  let browser: Browser;
  return {
    name: 'a browser',
    isThere: CHROMIUM !== null,
    async begin() {
      browser = await launchBrowser();
    },
    end: async () => browser?.close(),
    async open() {
      const seen: Seen[] = [];
      const next = async (): Promise<Seen> => {
        const one = await openPage(browser);
        seen.push(one);
        return one;
      };
      const close = async (): Promise<void> => {
        for (const { page } of seen) await page.context().close();
      };
      return { first: await next(), next, close };
    },
  };
}

/** Electron's own binary, where it was fetched and there is something to show it on. */
function electronBinary(): string | null {
  const named = join(ROOT, 'node_modules', 'electron', 'path.txt');
  const { CI_NO_ELECTRON, DISPLAY, WAYLAND_DISPLAY } = process.env;
  const hasDisplay = process.platform !== 'linux' || (Boolean(DISPLAY ?? WAYLAND_DISPLAY) && process.getuid?.() !== 0);
  if (CI_NO_ELECTRON || !hasDisplay || !existsSync(named)) return null;
  const binary = join(ROOT, 'node_modules', 'electron', 'dist', readFileSync(named, 'utf8'));
  return existsSync(binary) ? binary : null;
}

/** The app itself, which follows the engine that it finds: its own popover, then windows like it. */
function inElectron(): Shell {
  const executablePath = electronBinary();
  return {
    name: 'Electron',
    isThere: executablePath !== null,
    begin: async () => undefined,
    end: async () => undefined,
    async open(rig) {
      const { DISPLAY = '', WAYLAND_DISPLAY = '', PATH = '' } = process.env;
      const { TENURE_OWNER_TOKEN: _, ...own } = rig.env;
      const env = { DISPLAY, WAYLAND_DISPLAY, ...own, PATH };
      const app = await _electron.launch({ ...(executablePath && { executablePath }), args: [ROOT], env });
      const seenIn = async (page: Seen['page']): Promise<Seen> => ({ page, problems: problemsOf(page) });
      const next = async (): Promise<Seen> => {
        const opening = app.waitForEvent('window');
        await app.evaluate(({ BrowserWindow }) => void new BrowserWindow({ width: 420, height: 600 }));
        return seenIn(await opening);
      };
      return { first: await seenIn(await app.firstWindow()), next, close: () => app.close() };
    },
  };
}

type Tell = (journey: Journey) => Promise<void>;
/**
 * One journey by its name. At its end every page that it opened is without a violation of the accessibility rules,
 * in light and in dark, and without an error of the console or of the content policy, but what `may` allows: what
 * the browser itself notes of a refusal that the journey is about.
 */
export type Define = (name: string, options: RigOptions, tell: Tell, may?: RegExp) => void;

/** Journeys on the real engine, in a browser that they share, and the same in Electron where its binary is. */
export function journeys(about: string, list: (journey: Define) => void): void {
  for (const shell of [inChromium(), inElectron()]) {
    describe.skipIf(!shell.isThere)(`${about}, in ${shell.name}`, { timeout: 120_000 }, () => {
      beforeAll(async () => {
        await ensureScreens();
        await shell.begin();
      }, 180_000);
      afterAll(() => shell.end());

      list((name, options, tell, may) => {
        test(name, async () => {
          const rig = await startRig(options);
          const { first, next, close } = await shell.open(rig);
          const all = [first];
          const signIn = async ({ page }: Seen): Promise<Popover> => {
            await page.goto(rig.host.loginUrl());
            const popover = new Popover(page);
            await popover.level.waitFor();
            return popover;
          };
          try {
            await tell({
              rig,
              page: first.page,
              popover: await signIn(first),
              async another() {
                const one = await next();
                all.push(one);
                return signIn(one);
              },
            });
            for (const { page } of all) await expectAccessible(page);
            expect(all.flatMap(({ problems }) => problems).filter((problem) => !may?.test(problem))).toEqual([]);
          } finally {
            await close();
            await rig.stop();
          }
        });
      });
    });
  }
}
