import { EventEmitter } from 'node:events';
import { freemem, totalmem } from 'node:os';
import type {
  Clipboard,
  Dialog,
  GlobalShortcut,
  MessageBoxOptions,
  Point,
  PowerSaveBlocker,
  Rectangle,
  SafeStorage,
  Screen,
  Session,
  Shell,
} from 'electron';
import type { BrowserWindow } from './windows.ts';
import { requireReady, standIn } from './world.ts';

export const powerMonitor = new EventEmitter();

/** Squirrel, which on a Mac takes what electron-updater has fetched. */
export const autoUpdater = new EventEmitter();

/** The blockers that are on, by id. */
export const blockers = new Map<number, string>();
let nextBlocker = 1;
export const powerSaveBlocker = {
  start(type: 'prevent-app-suspension' | 'prevent-display-sleep'): number {
    requireReady('powerSaveBlocker');
    blockers.set(nextBlocker, type);
    return nextBlocker++;
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
} satisfies PowerSaveBlocker;

const distance = (point: Point, { x, y, width, height }: Rectangle): number =>
  Math.hypot(Math.max(x - point.x, 0, point.x - x - width), Math.max(y - point.y, 0, point.y - y - height));
const nearest = (point: Point) =>
  standIn.displays.reduce((best, next) => (distance(point, next.bounds) < distance(point, best.bounds) ? next : best));

type StandInScreen = {
  [K in 'getCursorScreenPoint' | 'getDisplayNearestPoint' | 'getDisplayMatching']: (
    ...args: Parameters<Screen[K]>
  ) => ReturnType<Screen[K]> extends Point ? Point : { bounds: Rectangle; workArea: Rectangle };
};
export const screen: StandInScreen = {
  getCursorScreenPoint: () => standIn.cursor,
  getDisplayNearestPoint: nearest,
  getDisplayMatching: ({ x, y, width, height }) => nearest({ x: x + width / 2, y: y + height / 2 }),
};

/** Error boxes as they were shown, and what a person answers to the next questions. */
export const dialogs = {
  errors: [] as { title: string; content: string }[],
  asked: [] as MessageBoxOptions[],
  answers: [] as number[],
  /** Set: until then the person thinks about it. */
  thinking: null as Promise<void> | null,
};
export const dialog = {
  showErrorBox(title: string, content: string): void {
    dialogs.errors.push({ title, content });
    standIn.tellDriver('error-box', { title, content });
  },
  /**
   * A sheet on a window. Without one macOS runs it modally: JavaScript stands still until it is answered. On one
   * that is hidden nobody sees it, and hiding the window cancels it.
   */
  async showMessageBox(window: BrowserWindow, options?: MessageBoxOptions): ReturnType<Dialog['showMessageBox']> {
    if (options === undefined) throw new Error('A message box without a window stands the program still on macOS');
    if (!window.isVisible()) throw new Error('Nobody sees a message box on a hidden window');
    dialogs.asked.push(options);
    window.emit('sheet-begin');
    window.blur();
    await dialogs.thinking;
    const cancelled = window.isDestroyed() || !window.isVisible();
    window.emit('sheet-end');
    window.focus();
    const pressed = cancelled ? undefined : dialogs.answers.shift();
    return { response: pressed ?? options.cancelId ?? 0, checkboxChecked: false };
  },
};

/** What was copied last. */
export const copied = { text: '' };
export const clipboard = {
  async writeText(text: string): Promise<void> {
    copied.text = text;
  },
} satisfies Pick<Clipboard, 'writeText'>;

/** What a browser was asked to open. */
export const opened: string[] = [];
export const shell = {
  async openExternal(url: string): Promise<void> {
    opened.push(url);
  },
} satisfies Pick<Shell, 'openExternal'>;

type Permissions = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
>;
export const handlers: { [K in keyof Permissions]?: Parameters<Permissions[K]>[0] } = {};
const defaultSession: Permissions = {
  setPermissionRequestHandler: (handler) => void (handlers.setPermissionRequestHandler = handler),
  setPermissionCheckHandler: (handler) => void (handlers.setPermissionCheckHandler = handler),
  setDevicePermissionHandler: (handler) => void (handlers.setDevicePermissionHandler = handler),
  setDisplayMediaRequestHandler: (handler) => void (handlers.setDisplayMediaRequestHandler = handler),
};
export const session = {
  get defaultSession(): Permissions {
    requireReady('session');
    return defaultSession;
  },
};

/** Electron adds to `process`; on Linux without the two figures that only macOS tells. */
process.getSystemMemoryInfo = () => {
  const [total, free] = [totalmem(), freemem()].map((bytes) => Math.round(bytes / 1_024));
  return { total, free, available: free, swapTotal: 0, swapFree: 0 } as Electron.SystemMemoryInfo;
};

/** What is registered, and what other programs have taken. */
export const shortcuts = { registered: new Map<string, () => void>(), taken: new Set<string>() };
export const globalShortcut = {
  register(keys: string, run: () => void): boolean {
    requireReady('globalShortcut');
    if (!/^[\w+.,;/[\]`'\\=-]+$/.test(keys)) throw new TypeError(`conversion failure from ${keys}`);
    if (shortcuts.taken.has(keys) || shortcuts.registered.has(keys)) return false;
    shortcuts.registered.set(keys, run);
    return true;
  },
  unregisterAll: (): void => shortcuts.registered.clear(),
  isRegistered: (keys: string): boolean => shortcuts.registered.has(keys),
} satisfies Pick<GlobalShortcut, 'register' | 'unregisterAll' | 'isRegistered'>;

/** A keychain that turns every bit; on Linux it is one only where the desktop has one. */
export const keychain = {
  available: true,
  /** Its key was changed: what it has sealed before is to be sealed anew. */
  rotated: false,
  backend: 'basic_text' as ReturnType<SafeStorage['getSelectedStorageBackend']>,
};
const turned = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff));
export const safeStorage = {
  async isAsyncEncryptionAvailable(): Promise<boolean> {
    requireReady('safeStorage');
    return keychain.available;
  },
  getSelectedStorageBackend: () => keychain.backend,
  encryptStringAsync: async (text: string): Promise<Buffer> => turned(Buffer.from(text)),
  decryptStringAsync: async (sealed: Buffer) => ({
    shouldReEncrypt: keychain.rotated,
    result: turned(sealed).toString('utf8'),
  }),
} satisfies Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
>;
