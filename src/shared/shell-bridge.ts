/**
 * What the Electron preload gives the page, and nothing else: everything the program does goes over
 * the gateway. Absent in a browser.
 */
export interface ShellBridge {
  /** `process.platform` of the shell: `darwin`, `linux`, `win32`. */
  readonly platform: string;
  /** Hides the popover and gives the focus back. */
  hide(): void;
  /** The popover stays open, above other windows, when the focus goes elsewhere; or no more. */
  pin(on: boolean): void;
  /** Opens the larger window at a hash such as `#/window/trust`. */
  openWindow(hash?: string): void;
  /** Where a file or folder that a person dropped on the page lies; empty for one that lies nowhere. */
  pathOf(file: File): string;
}

declare global {
  interface Window {
    tenure?: ShellBridge;
  }
}
