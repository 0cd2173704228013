import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, autoUpdater as squirrel } from 'electron';
import type { Build } from './key-guard.ts';
import type { Tried, UpdateSource } from './updates.ts';

/** Why this build cannot update itself, as a sentence; null when it can. */
export function updateObstacle({ signed }: Build, resources: string, platform: NodeJS.Platform): string | null {
  if (!app.isPackaged) return 'Tenure runs from a checkout here: "git pull" and "npm ci" bring a newer version.';
  if (!existsSync(join(resources, 'app-update.yml'))) {
    return 'This build does not know where newer versions are: install them by hand.';
  }
  // Squirrel compares signatures: it replaces a build only by one of the same signer.
  if (platform === 'darwin' && !signed) return 'This build has no Developer ID, so macOS cannot replace it by itself.';
  return null;
}

/** Kept in that folder. */
export function triedIn(dir: string): Tried {
  const file = join(dir, 'update-tried');
  return {
    get: () => (existsSync(file) ? readFileSync(file, 'utf8') : null),
    set: (version) => writeFileSync(file, version),
  };
}

/** Resolves once macOS has taken what was fetched and found it signed as this program is; rejects when it refuses. */
function takenByMac(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const none = (): void => reject(new Error('macOS finds no newer version in what was fetched'));
  squirrel.once('update-downloaded', () => resolve());
  squirrel.once('error', reject);
  squirrel.once('update-not-available', none);
  return promise.finally(() => {
    squirrel.off('error', reject);
    squirrel.off('update-not-available', none);
  });
}

/** electron-updater, loaded only where it can do anything. */
export async function packedUpdateSource(platform: NodeJS.Platform): Promise<UpdateSource> {
  const { autoUpdater } = (await import('electron-updater')).default;
  const mac = platform === 'darwin';
  autoUpdater.autoDownload = false;
  // Else macOS looks at what was fetched only when the engine has stopped for it, and refuses it then. It is
  // installed at a quit too; on Linux that could ask for a password.
  autoUpdater.autoInstallOnAppQuit = mac;
  autoUpdater.logger = null;
  // Its rejections are what is told; without a listener the same error would end the program.
  autoUpdater.on('error', () => undefined);
  return {
    async check() {
      const found = await autoUpdater.checkForUpdates();
      return found?.isUpdateAvailable === true ? found.updateInfo.version : null;
    },
    async download() {
      await Promise.all([autoUpdater.downloadUpdate(), mac && takenByMac()]);
    },
    install: () => autoUpdater.quitAndInstall(false, true),
  };
}
