import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, type Rectangle, screen, Tray } from 'electron';
import { type TrayFace, trayFace } from './tray-face.ts';

/** Keeps the icon's place in the menubar over launches. */
const GUID = '5b0f6c1e-2a7d-4c3b-9a58-1f6c0d6f2e41';
/** Nearer to the lower edge of a screen than this, macOS has not drawn the icon at all. */
const MENUBAR_HEIGHT = 40;

/** Told in the window, which is then the way in. */
export const ICON_HIDDEN =
  "macOS does not show Tenure's icon. Allow Tenure in System Settings, Menu Bar, or make room beside the notch; until then open Tenure again to get here.";

export interface TrayOptions {
  iconsDir: string;
  platform: NodeJS.Platform;
  menu: () => MenuItemConstructorOptions[];
  onMouseDown: () => void;
  /** @param bounds of the clicked icon: with several displays each has its own. */
  onClick: (bounds: Rectangle) => void;
}

export interface MenubarIcon {
  /** Draws only what has changed. */
  show(face: TrayFace): void;
  /** Where the icon is; null when it is not drawn (hidden by macOS, behind the notch, a desktop without a tray). */
  bounds: () => Rectangle | null;
  /** macOS keeps the icon from the person; a desktop without a tray is another matter. */
  isHidden: () => boolean;
}

/** Left click: popover. Right or control click: menu. */
export function createTray({ iconsDir, platform, menu, onMouseDown, onClick }: TrayOptions): MenubarIcon {
  const image = (face: TrayFace) => nativeImage.createFromPath(join(iconsDir, `${face.shape}Template.png`));
  const mac = platform === 'darwin';
  let shown = trayFace(null);
  const tray = new Tray(image(shown), GUID);
  tray.setToolTip(shown.tooltip);
  const popUp = (): void => tray.popUpContextMenu(Menu.buildFromTemplate(menu()));

  tray.setIgnoreDoubleClickEvents(true);
  tray.on('mouse-down', onMouseDown);
  tray.on('click', (event, bounds) => {
    if (event.ctrlKey === true && mac) popUp();
    else onClick(bounds);
  });
  tray.on('right-click', popUp);
  // Linux indicators show only a menu that they hold; on macOS a held menu would swallow the click.
  const holdMenu = (): void => {
    if (platform === 'linux') tray.setContextMenu(Menu.buildFromTemplate(menu()));
  };
  holdMenu();

  const bounds = (): Rectangle | null => {
    const drawn = tray.getBounds();
    if (drawn.width === 0) return null;
    const display = screen.getDisplayMatching(drawn).bounds;
    return mac && drawn.y >= display.y + display.height - MENUBAR_HEIGHT ? null : drawn;
  };

  return {
    show(face) {
      if (face.shape !== shown.shape) tray.setImage(image(face));
      if (face.title !== shown.title) tray.setTitle(face.title, { fontType: 'monospacedDigit' });
      if (face.tooltip !== shown.tooltip) tray.setToolTip(face.tooltip);
      shown = face;
      holdMenu();
    },
    bounds,
    isHidden: () => mac && bounds() === null,
  };
}
