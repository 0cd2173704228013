import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { Build } from './key-guard.ts';
import type { UpdateSource } from './updates.ts';

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

/** electron-updater, loaded only where it can do anything. */
export async function packedUpdateSource(): Promise<UpdateSource> {
  const { autoUpdater } = (await import('electron-updater')).default;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.logger = null;
  // Its rejections are what is told; without a listener the same error would end the program.
  autoUpdater.on('error', () => undefined);
  return {
    async check() {
      const found = await autoUpdater.checkForUpdates();
      return found?.isUpdateAvailable === true ? found.updateInfo.version : null;
    },
    async download() {
      await autoUpdater.downloadUpdate();
    },
    install: () => autoUpdater.quitAndInstall(false, true),
  };
}
