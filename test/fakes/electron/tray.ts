import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type { MenuItemConstructorOptions, NativeImage, Menu as RealMenu, Tray as RealTray, Rectangle } from 'electron';
import { requireReady, standIn } from './world.ts';

/** An image knows only where it came from; `Template` in the name makes it one that macOS tints. */
interface StandInImage extends Pick<NativeImage, 'isEmpty' | 'isTemplateImage'> {
  path: string;
}

export const nativeImage = {
  createFromPath: (path: string): StandInImage => ({
    path,
    isEmpty: () => !existsSync(path),
    isTemplateImage: () => /Template(@2x)?\.png$/.test(path),
  }),
};

export class Menu implements Pick<RealMenu, 'getMenuItemById' | 'popup'> {
  static application: Menu | null = null;
  /** The one that was opened last, by itself and not by the icon. */
  static opened: Menu | null = null;
  readonly template: MenuItemConstructorOptions[];

  constructor(template: MenuItemConstructorOptions[]) {
    this.template = template;
  }
  static buildFromTemplate(template: MenuItemConstructorOptions[]): Menu {
    return new Menu(template);
  }
  static setApplicationMenu(menu: Menu | null): void {
    requireReady('Menu');
    Menu.application = menu;
  }
  popup(): void {
    Menu.opened = this;
  }
  getMenuItemById(): null {
    return null;
  }

  /** Chooses an item by its labels, as a person would: a disabled one does nothing. */
  choose(...labels: string[]): void {
    let items = this.template;
    for (const [depth, label] of labels.entries()) {
      const item = items.find((candidate) => candidate.label === label);
      if (!item) throw new Error(`There is no "${label}" among: ${items.map((i) => i.label ?? i.role).join(', ')}`);
      if (depth < labels.length - 1) items = item.submenu as MenuItemConstructorOptions[];
      else if (item.enabled !== false) (item.click as (() => void) | undefined)?.();
    }
  }
}

type Used =
  | 'setImage'
  | 'setTitle'
  | 'getTitle'
  | 'setToolTip'
  | 'setContextMenu'
  | 'popUpContextMenu'
  | 'setIgnoreDoubleClickEvents'
  | 'getBounds';

export class Tray
  extends EventEmitter
  implements Omit<Pick<RealTray, Used>, 'setImage' | 'setContextMenu' | 'popUpContextMenu'>
{
  /** The newest one. */
  static last: Tray | null = null;
  image: string;
  title = '';
  tooltip = '';
  readonly guid: string | undefined;
  menu: Menu | null = null;
  /** The menu that is open now. */
  openMenu: Menu | null = null;
  bounds: Rectangle = { x: 1200, y: 0, width: 28, height: 25 };
  ignoresDoubleClicks = false;
  /** How often something was drawn. */
  draws = 0;

  constructor(image: StandInImage, guid?: string) {
    super();
    requireReady('Tray');
    this.guid = guid;
    this.image = Tray.#pathOf(image);
    Tray.last = this;
  }
  static #pathOf(image: StandInImage): string {
    if (image.isEmpty()) throw new Error(`Failed to load image from path '${image.path}'`);
    if (!image.isTemplateImage()) throw new Error(`'${image.path}' is no template image: macOS would not tint it`);
    return image.path;
  }

  setImage(image: StandInImage): void {
    this.image = Tray.#pathOf(image);
    this.draws++;
  }
  setTitle(title: string): void {
    this.title = title;
    this.draws++;
  }
  getTitle(): string {
    return this.title;
  }
  setToolTip(tooltip: string): void {
    this.tooltip = tooltip;
  }
  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
  }
  popUpContextMenu(menu?: Menu): void {
    this.openMenu = menu ?? this.menu;
  }
  setIgnoreDoubleClickEvents(ignore: boolean): void {
    this.ignoresDoubleClicks = ignore;
  }
  getBounds(): Rectangle {
    return this.bounds;
  }

  /** The mouse goes down on the icon. On macOS an icon that holds a menu opens it and tells nobody. */
  press(): void {
    if (standIn.platform !== 'darwin') return;
    if (this.menu) this.openMenu = this.menu;
    else this.emit('mouse-down', {}, this.bounds);
  }
  /** … and up again. */
  release(modifiers: { ctrlKey?: boolean } = {}): void {
    if (standIn.platform === 'darwin' && this.menu) return;
    this.emit('click', modifiers, this.bounds, { x: this.bounds.x, y: this.bounds.y });
  }
  rightClick(): void {
    this.emit('right-click', {}, this.bounds);
  }
}
