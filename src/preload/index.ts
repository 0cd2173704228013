import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { ShellBridge } from '../shared/shell-bridge.ts';
import { SHELL_CHANNELS } from '../shared/shell-channels.ts';

const bridge: ShellBridge = {
  platform: process.platform,
  hide: () => ipcRenderer.send(SHELL_CHANNELS.hide),
  pin: (on) => ipcRenderer.send(SHELL_CHANNELS.pin, on),
  pathOf: (file) => webUtils.getPathForFile(file),
  openWindow: (hash) => ipcRenderer.send(SHELL_CHANNELS.openWindow, hash),
};

contextBridge.exposeInMainWorld('tenure', bridge);

// Escape hides the popover, unless the page used it or a dialog of the page's own is to close by it.
window.addEventListener('keydown', (event) => {
  const taken = event.defaultPrevented || event.isComposing || document.querySelector(':modal, :popover-open') !== null;
  if (event.key === 'Escape' && !taken) bridge.hide();
});
