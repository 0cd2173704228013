import { ipcMain, type WebContents, type WebFrameMain } from 'electron';
import { SHELL_CHANNELS } from '../shared/shell-channels.ts';
import { APP_ORIGIN } from './protocol.ts';

export interface ShellCalls {
  hide(sender: WebContents): void;
  /** The sender's window stays open when it loses the focus, or no more. */
  pin(sender: WebContents, on: boolean): void;
  /** @param hash of a screen: `#/window/trust`, or nothing. */
  openWindow(hash: string): void;
}

/** A route of our own screens and nothing that could become another address. */
const HASH = /^#\/[\w\-/%.]{0,200}$/;

/** Only the top frame of our own page may speak to the shell. */
export function isOurs(frame: Pick<WebFrameMain, 'origin' | 'parent'> | null, origin = APP_ORIGIN): boolean {
  return frame !== null && frame.parent === null && frame.origin === origin;
}

/**
 * The few things that a page can ask of the shell. What does not fit is dropped.
 * @param origin where our pages come from.
 */
export function answerPages(calls: ShellCalls, origin = APP_ORIGIN): void {
  ipcMain.on(SHELL_CHANNELS.hide, (event) => {
    if (isOurs(event.senderFrame, origin)) calls.hide(event.sender);
  });
  ipcMain.on(SHELL_CHANNELS.pin, (event, on: unknown) => {
    if (isOurs(event.senderFrame, origin) && typeof on === 'boolean') calls.pin(event.sender, on);
  });
  ipcMain.on(SHELL_CHANNELS.openWindow, (event, hash: unknown) => {
    if (!isOurs(event.senderFrame, origin)) return;
    if (hash === undefined) calls.openWindow('');
    else if (typeof hash === 'string' && HASH.test(hash)) calls.openWindow(hash);
  });
}
