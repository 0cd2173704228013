import { app, BrowserWindow, dialog, type MessageBoxOptions, type Rectangle, screen, type WebContents } from 'electron';
import type { Clock } from '../core/kernel/ports.ts';
import { webPreferences } from './navigation.ts';

const SIZE = { width: 420, height: 600 } as const;
/** Between the popover and the edge of the screen. */
const MARGIN = 8;
/** A click that took the focus away also asks to toggle; within this many ms the two are one gesture. */
const SAME_GESTURE_MS = 250;

export interface PopoverOptions {
  url: string;
  preload: string;
  platform: NodeJS.Platform;
  clock: Pick<Clock, 'monotonic'>;
  /** Where the menubar icon is; null when it is not drawn. */
  iconBounds: () => Rectangle | null;
}

export interface Popover {
  show(icon?: Rectangle): void;
  /** Hides and gives the focus back to the program that had it. */
  hide(): void;
  /** To be told of the press that may become a click: it is what takes the focus. */
  iconPressed(): void;
  iconClicked(icon: Rectangle): void;
  /** From the keyboard: opens, or hides what is open. */
  toggle(): void;
  /** It stays, above other windows, when the focus goes elsewhere; what asks it to hide still does. */
  pin(on: boolean): void;
  isOpen(): boolean;
  /**
   * Asks on the popover, which is shown for it and stays until it is answered: macOS would stand the whole
   * program still, engine and all, for a question that has no window. @returns the button's index.
   */
  ask(question: MessageBoxOptions): Promise<number>;
  /** For good: the program is ending. */
  destroy(): void;
  /** Is this the popover's page? */
  owns(contents: WebContents): boolean;
}

/** Top left corner beside the icon: under a menubar at the top, over a panel at the bottom, on that screen. */
export function placeBeside(icon: Rectangle, area: Rectangle): { x: number; y: number } {
  const centred = icon.x + icon.width / 2 - SIZE.width / 2;
  const rightmost = area.x + area.width - SIZE.width - MARGIN;
  const top = icon.y + icon.height / 2 < area.y + area.height / 2;
  return {
    x: Math.round(Math.max(area.x + MARGIN, Math.min(centred, rightmost))),
    y: Math.round(top ? Math.max(area.y, icon.y + icon.height) : Math.min(area.y + area.height, icon.y) - SIZE.height),
  };
}

/** The window is made once, hidden and loaded, so that opening it only shows it. */
export function createPopover({ url, preload, platform, clock, iconBounds }: PopoverOptions): Popover {
  const mac = platform === 'darwin';
  const window = new BrowserWindow({
    ...SIZE,
    show: false,
    frame: false,
    resizable: false,
    movable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    skipTaskbar: true,
    title: 'Tenure',
    // The page is to know that nobody sees it yet, and not to ask for live figures.
    paintWhenInitiallyHidden: false,
    // A transparent window would leave the vibrancy nothing to sample.
    vibrancy: 'popover',
    visualEffectState: 'active',
    webPreferences: webPreferences(preload),
  });
  let quitting = false;
  let pageLost = false;
  let pinned = false;
  /** Questions that hang on it; hidden, it would take them along as if the person had cancelled. */
  let sheets = 0;
  let lostFocusAt = Number.NEGATIVE_INFINITY;
  let openWhenPressed: boolean | null = null;

  const load = (): void => {
    pageLost = false;
    // A page that cannot be loaded is loaded anew at the next opening.
    window.loadURL(url).catch(() => {
      pageLost = true;
    });
  };
  const openOrJustLeft = (): boolean => window.isVisible() || clock.monotonic() - lostFocusAt < SAME_GESTURE_MS;
  const hide = (): void => {
    if (sheets > 0 || !window.isVisible()) return;
    window.hide();
    // Only when none of our windows is left: app.hide() would take them along.
    if (mac && !BrowserWindow.getAllWindows().some((other) => other.isVisible())) app.hide();
  };
  const areaAround = (icon: Rectangle | null): Rectangle =>
    icon
      ? screen.getDisplayMatching(icon).workArea
      : screen.getDisplayNearestPoint(screen.getCursorScreenPoint()).workArea;

  function show(icon: Rectangle | null = iconBounds()): void {
    if (pageLost) load();
    const area = areaAround(icon);
    // Without an icon: where it would be, at the right end of the menubar.
    const beside = icon ?? { x: area.x + area.width, y: area.y, width: 0, height: 0 };
    const { x, y } = placeBeside(beside, area);
    window.setPosition(x, y);
    window.show();
  }

  // Opens on the space where the person is, over a full-screen program too.
  if (mac) window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
  app.once('before-quit', () => {
    quitting = true;
  });
  window.on('close', (event) => {
    if (quitting) return;
    event.preventDefault();
    hide();
  });
  window.on('blur', () => {
    if (pinned || sheets > 0 || !window.isVisible() || window.webContents.isDevToolsOpened()) return;
    lostFocusAt = clock.monotonic();
    // The focus has gone where the person clicked; app.hide() would pull it away from there.
    window.hide();
  });
  window.on('sheet-begin', () => {
    sheets += 1;
  });
  window.on('sheet-end', () => {
    sheets -= 1;
  });
  // It would hang at every opening; gone, it is loaded anew.
  window.on('unresponsive', () => window.webContents.forcefullyCrashRenderer());
  window.webContents.on('render-process-gone', () => {
    pageLost = true;
    // The page that comes anew shows no pin.
    pinned = false;
    window.setAlwaysOnTop(false);
    window.hide();
  });
  load();

  return {
    show: (icon) => show(icon),
    hide,
    iconPressed() {
      openWhenPressed = openOrJustLeft();
    },
    iconClicked(icon) {
      const close = openWhenPressed ?? openOrJustLeft();
      openWhenPressed = null;
      if (close) hide();
      // Linux indicators do not say where they are.
      else show(icon.width === 0 ? iconBounds() : icon);
    },
    toggle() {
      if (window.isVisible()) hide();
      else show();
    },
    pin(on) {
      pinned = on;
      window.setAlwaysOnTop(on, 'floating');
    },
    isOpen: () => window.isVisible(),
    async ask(question) {
      if (!window.isVisible()) show();
      const { response } = await dialog.showMessageBox(window, question);
      return response;
    },
    destroy: () => window.destroy(),
    owns: (contents) => contents === window.webContents,
  };
}
