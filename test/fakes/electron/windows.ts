import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  WebContents as RealContents,
  BrowserWindow as RealWindow,
  Rectangle,
  WindowOpenHandlerResponse,
} from 'electron';
import { respond } from './protocol.ts';
import { requireReady, StandInEvent, standIn } from './world.ts';

type OpenHandler = (details: { url: string }) => WindowOpenHandlerResponse;

/** The page's side is a real Chromium in the tests that need one; here is what the shell sees of it. */
export class WebContents
  extends EventEmitter
  implements Pick<RealContents, 'getURL' | 'isDevToolsOpened' | 'forcefullyCrashRenderer'>
{
  url = '';
  devToolsOpen = false;
  #openHandler: OpenHandler = () => ({ action: 'allow' });

  getURL(): string {
    return this.url;
  }
  isDevToolsOpened(): boolean {
    return this.devToolsOpen;
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  /** The page wants to go somewhere: did the program let it? */
  navigate(event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate', url: string): boolean {
    const details = Object.assign(new StandInEvent(), { url, isMainFrame: true });
    this.emit(event, details, url);
    return !details.defaultPrevented;
  }
  open(url: string): WindowOpenHandlerResponse {
    return this.#openHandler({ url });
  }
  forcefullyCrashRenderer(): void {
    this.emit('render-process-gone', new StandInEvent(), { reason: 'killed', exitCode: 1 });
  }
}

type Used =
  | 'id'
  | 'loadURL'
  | 'show'
  | 'hide'
  | 'focus'
  | 'close'
  | 'destroy'
  | 'restore'
  | 'isVisible'
  | 'isFocused'
  | 'isMinimized'
  | 'isDestroyed'
  | 'setAlwaysOnTop'
  | 'setPosition'
  | 'setVisibleOnAllWorkspaces';

export class BrowserWindow extends EventEmitter implements Pick<RealWindow, Used> {
  static readonly #all = new Set<BrowserWindow>();
  static #next = 1;
  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#all];
  }
  static fromWebContents(contents: unknown): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find(({ webContents }) => webContents === contents) ?? null;
  }

  readonly id = BrowserWindow.#next++;
  readonly webContents = new WebContents();
  readonly options: BrowserWindowConstructorOptions;
  bounds: Rectangle;
  onAllWorkspaces = false;
  onTop = false;
  minimized = false;
  #visible: boolean;
  #focused = false;
  #destroyed = false;
  /** The document that is there, and how many loads were begun. */
  #document = '';
  #loads = 0;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    requireReady('BrowserWindow');
    this.options = options;
    this.#visible = options.show ?? true;
    this.bounds = { x: 0, y: 0, width: options.width ?? 800, height: options.height ?? 600 };
    BrowserWindow.#all.add(this);
    standIn.tellApp('web-contents-created', new StandInEvent(), this.webContents);
  }

  /** As documented: another hash is no load; a load that another takes the place of is rejected. */
  async loadURL(url: string): Promise<void> {
    const [document = ''] = url.split('#');
    const load = ++this.#loads;
    this.webContents.url = url;
    if (document === this.#document) return;
    if (url.startsWith('http:')) await fetch(url);
    else if (!url.startsWith('data:')) await respond(url);
    if (this.#destroyed) return;
    if (load !== this.#loads) {
      const aborted = { code: 'ERR_ABORTED', errno: -3, url };
      throw Object.assign(new Error(`ERR_ABORTED (-3) loading '${url}'`), aborted);
    }
    this.#document = document;
    this.webContents.emit('did-finish-load');
    this.emit('ready-to-show');
  }

  show(): void {
    this.minimized = false;
    const wasVisible = this.#visible;
    this.#visible = true;
    if (!wasVisible) this.emit('show');
    this.focus();
  }
  focus(): void {
    if (this.#focused || !this.#visible) return;
    for (const other of BrowserWindow.#all) other.blur();
    this.#focused = true;
    this.emit('focus');
  }
  /** The focus goes elsewhere: another window, or another program. */
  blur(): void {
    if (!this.#focused) return;
    this.#focused = false;
    this.emit('blur');
  }
  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.emit('hide');
    this.blur();
  }
  restore(): void {
    this.minimized = false;
  }
  setPosition(x: number, y: number): void {
    this.bounds = { ...this.bounds, x, y };
  }
  setAlwaysOnTop(onTop: boolean): void {
    this.onTop = onTop;
  }
  setVisibleOnAllWorkspaces(visible: boolean): void {
    this.onAllWorkspaces = visible;
  }

  isVisible(): boolean {
    return this.#visible && !this.minimized;
  }
  isFocused(): boolean {
    return this.#focused;
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }

  close(): void {
    const event = new StandInEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#visible = false;
    BrowserWindow.#all.delete(this);
    this.emit('closed');
    if (BrowserWindow.#all.size === 0) standIn.onLastWindowClosed();
  }
}
