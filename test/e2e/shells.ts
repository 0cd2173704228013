import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type Browser, type BrowserContextOptions, type ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Rig } from '../rig.ts';
import { CHROMIUM, ensureScreens, launchBrowser, openPage, problemsOf, type Seen } from './browser.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Where the screens of an engine are shown. */
interface Shell {
  name: string;
  isApp: boolean;
  isThere: boolean;
  begin(): Promise<void>;
  end(): Promise<void>;
  /** One more page beside that engine, of 420 × 600 unless `how` says otherwise. */
  page(rig: Rig, how?: BrowserContextOptions): Promise<Seen>;
  /** Closes every page. */
  clear(): Promise<void>;
}

function inChromium(): Shell {
  let browser: Browser;
  return {
    name: 'a browser',
    isApp: false,
    isThere: CHROMIUM !== null,
    async begin() {
      browser = await launchBrowser();
    },
    end: async () => browser?.close(),
    page: (_rig, how) => openPage(browser, how),
    async clear() {
      for (const context of browser.contexts()) await context.close();
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
  const apps = new Map<Rig, ElectronApplication>();
  async function launch(rig: Rig): Promise<Seen['page']> {
    const { DISPLAY = '', WAYLAND_DISPLAY = '', PATH = '' } = process.env;
    const { TENURE_OWNER_TOKEN: _, ...own } = rig.env;
    const env = { DISPLAY, WAYLAND_DISPLAY, ...own, PATH };
    const args = [ROOT, ...(rig.demo ? ['--demo'] : [])];
    const app = await _electron.launch({ ...(executablePath && { executablePath }), args, env });
    apps.set(rig, app);
    const page = await app.firstWindow();
    // A hidden window draws nothing, so nothing in it can be clicked; unpinned it would hide from the next one.
    await page.waitForURL(`${rig.host.url}/**`);
    await page.evaluate(() => window.tenure?.pin(true));
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
    return page;
  }
  async function another(app: ElectronApplication): Promise<Seen['page']> {
    const opening = app.waitForEvent('window');
    await app.evaluate(({ BrowserWindow }) => void new BrowserWindow({ width: 420, height: 600 }));
    return opening;
  }
  return {
    name: 'Electron',
    isApp: true,
    isThere: executablePath !== null,
    begin: async () => undefined,
    end: async () => undefined,
    async page(rig, { viewport } = {}) {
      const running = apps.get(rig);
      const page = await (running ? another(running) : launch(rig));
      if (viewport) await page.setViewportSize(viewport);
      return { page, problems: problemsOf(page) };
    },
    async clear() {
      for (const app of apps.values()) await app.close();
      apps.clear();
    },
  };
}

/**
 * The same tests in a browser that they share, and in the app where its binary is there; where one is missing
 * its tests are skipped, and counted.
 */
export function inEveryShell(about: string, list: (shell: Shell) => void): void {
  for (const shell of [inChromium(), inElectron()]) {
    describe.skipIf(!shell.isThere)(`${about}, in ${shell.name}`, { timeout: 120_000 }, () => {
      beforeAll(async () => {
        await ensureScreens();
        await shell.begin();
      }, 180_000);
      afterAll(async () => {
        await shell.clear();
        await shell.end();
      });
      list(shell);
    });
  }
}
