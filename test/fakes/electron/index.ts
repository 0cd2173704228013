/**
 * Stands in for the module `electron` where its binary is not there: the documented behaviour of what
 * Tenure uses, checked against Electron's own types, in plain Node.
 */
export { app } from './app.ts';
export { ipcMain } from './ipc.ts';
export { Notification } from './notification.ts';
export { protocol } from './protocol.ts';
export {
  autoUpdater,
  clipboard,
  dialog,
  globalShortcut,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  screen,
  session,
  shell,
} from './system.ts';
export { Menu, nativeImage, Tray } from './tray.ts';
export { BrowserWindow } from './windows.ts';
