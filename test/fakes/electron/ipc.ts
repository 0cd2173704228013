import { EventEmitter } from 'node:events';
import type { WebFrameMain } from 'electron';
import type { WebContents } from './windows.ts';
import { StandInEvent } from './world.ts';

export const ipcMain = new EventEmitter();

/** A page says something to the program; by default from the top frame of its own pages. */
export function say(
  sender: WebContents,
  channel: string,
  args: readonly unknown[],
  frame: Pick<WebFrameMain, 'origin' | 'parent'> | null = { origin: 'tenure://app', parent: null },
): void {
  ipcMain.emit(channel, Object.assign(new StandInEvent(), { sender, senderFrame: frame }), ...args);
}
