import { app, BrowserWindow } from 'electron';
import { webPreferences } from './navigation.ts';

export interface WindowOptions {
  /** The address without a hash. */
  url: string;
  preload: string;
  platform: NodeJS.Platform;
}

/** What a window shows that was opened at no screen of its own. */
const HOME = '#/window/sessions';

/** A load that another one has taken the place of: two links in a row. */
const isOvertaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_ABORTED';

/**
 * The larger window, made when it is first wanted. While it is open Tenure is an ordinary program with
 * a Dock icon and a menu bar; a menubar program has neither.
 */
export function createWindowOpener({ url, preload, platform }: WindowOptions): {
  /** Opens it, or brings it to the front, at a hash. */
  open(hash: string): void;
  isOpen(): boolean;
} {
  let window: BrowserWindow | null = null;

  function make(): BrowserWindow {
    const made = new BrowserWindow({
      width: 1080,
      height: 720,
      minWidth: 640,
      minHeight: 480,
      show: false,
      title: 'Tenure',
      webPreferences: webPreferences(preload),
    });
    if (platform === 'darwin') app.setActivationPolicy('regular');
    made.once('ready-to-show', () => made.show());
    // One that hangs could not even be closed; the next opening makes another.
    made.on('unresponsive', () => made.webContents.forcefullyCrashRenderer());
    made.webContents.on('render-process-gone', () => made.destroy());
    made.once('closed', () => {
      window = null;
      if (platform === 'darwin') app.setActivationPolicy('accessory');
    });
    return made;
  }

  function load(into: BrowserWindow, hash: string): void {
    into.loadURL(`${url}${hash}`).catch((error: unknown) => isOvertaken(error) || into.destroy());
  }

  function open(hash: string): void {
    if (window === null) {
      window = make();
      load(window, hash || HOME);
      return;
    }
    if (hash) load(window, hash);
    if (window.isMinimized()) window.restore();
    window.show();
  }

  return { open, isOpen: () => window !== null };
}
