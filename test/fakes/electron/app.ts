import { EventEmitter } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import { BrowserWindow } from './windows.ts';
import { StandInEvent, standIn } from './world.ts';

type Used =
  | 'isPackaged'
  | 'isReady'
  | 'whenReady'
  | 'enableSandbox'
  | 'setPath'
  | 'getPath'
  | 'getVersion'
  | 'requestSingleInstanceLock'
  | 'setActivationPolicy'
  | 'hide'
  | 'getAppPath'
  | 'setAsDefaultProtocolClient'
  | 'getLoginItemSettings'
  | 'setLoginItemSettings'
  | 'relaunch'
  | 'isInApplicationsFolder'
  | 'moveToApplicationsFolder'
  | 'quit'
  | 'exit';

/** `app` as documented: what must come before `ready`, how a quit goes, who is the first instance. */
class StandInApp extends EventEmitter implements Pick<App, Used> {
  isPackaged = false;
  /** Set: what the system makes of being asked to start it at login. */
  loginItem: ReturnType<App['getLoginItemSettings']>['status'] = 'not-registered';
  whenAskedAtLogin: 'enabled' | 'requires-approval' | 'not-registered' = 'enabled';
  protocols: string[] = [];
  relaunches = 0;
  activationPolicy = 'regular';
  sandboxed = false;
  hidden = 0;
  #ready = false;
  readonly #paths = new Map<string, string>();
  readonly #whenReady: Promise<void>;
  // A running app is kept alive by its native loop, not by its timers.
  readonly #alive = setInterval(() => undefined, 2 ** 30);

  constructor() {
    super();
    if (!standIn.isProgram) this.#alive.unref();
    this.#whenReady = new Promise((resolve) => {
      // Electron waits for the main module, so that what must come before `ready` can.
      setImmediate(() => {
        this.#ready = true;
        this.emit('ready', new StandInEvent(), {});
        resolve();
      });
    });
  }

  isReady(): boolean {
    return this.#ready;
  }
  whenReady(): Promise<void> {
    return this.#whenReady;
  }
  enableSandbox(): void {
    if (this.#ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.sandboxed = true;
  }
  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist`);
    this.#paths.set(name, path);
  }
  getPath(name: Parameters<App['getPath']>[0]): string {
    const path = this.#paths.get(name);
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }
  getAppPath(): string {
    return join(import.meta.dirname, '../../..');
  }
  setAsDefaultProtocolClient(protocol: string): boolean {
    this.protocols.push(protocol);
    return true;
  }
  getLoginItemSettings(): ReturnType<App['getLoginItemSettings']> {
    const openAtLogin = this.loginItem === 'enabled';
    const rest = { wasOpenedAtLogin: false, executableWillLaunchAtLogin: openAtLogin, launchItems: [] };
    return { openAtLogin, status: this.loginItem, ...rest };
  }
  setLoginItemSettings({ openAtLogin }: { openAtLogin?: boolean }): void {
    this.loginItem = openAtLogin === true ? this.whenAskedAtLogin : 'not-registered';
  }
  inApplications = true;
  isInApplicationsFolder(): boolean {
    return this.inApplications;
  }
  /** Set: why it cannot be moved, which is thrown. */
  refusesToMove: string | null = null;
  moveToApplicationsFolder(): boolean {
    if (this.refusesToMove !== null) throw new Error(this.refusesToMove);
    this.inApplications = true;
    return true;
  }
  relaunch(): void {
    this.relaunches++;
    standIn.tellDriver('relaunch', null);
  }
  getVersion(): string {
    return '0.0.0-stand-in';
  }

  /** As Chromium does it: the profile folder holds the lock, and the first instance is told of the second. */
  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData');
    const lock = join(folder, 'SingletonLock');
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch {
      writeFileSync(join(folder, `second-${process.pid}`), JSON.stringify(process.argv));
      return false;
    }
    process.once('exit', () => rmSync(lock, { force: true }));
    watch(folder, () => {
      for (const name of readdirSync(folder).filter((file) => file.startsWith('second-'))) {
        const argv: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8') || 'null');
        if (argv === null) continue;
        rmSync(join(folder, name), { force: true });
        this.emit('second-instance', new StandInEvent(), argv, process.cwd(), null);
      }
    }).unref();
    return true;
  }

  setActivationPolicy(policy: 'regular' | 'accessory' | 'prohibited'): void {
    this.activationPolicy = policy;
  }
  hide(): void {
    this.hidden++;
    for (const window of BrowserWindow.getAllWindows()) window.hide();
  }

  quit(): void {
    const asked = new StandInEvent();
    this.emit('before-quit', asked);
    if (asked.defaultPrevented) return;
    for (const window of BrowserWindow.getAllWindows()) {
      window.close();
      if (!window.isDestroyed()) return;
    }
    const leaving = new StandInEvent();
    this.emit('will-quit', leaving);
    if (!leaving.defaultPrevented) this.exit(0);
  }
  exit(code = 0): void {
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
    this.emit('quit', new StandInEvent(), code);
    clearInterval(this.#alive);
    if (standIn.isProgram) process.exit(code);
  }
}

export const app = new StandInApp();

standIn.onLastWindowClosed = () => {
  // Documented: without a listener the default is to quit.
  if (!app.emit('window-all-closed')) app.quit();
};
standIn.appIsReady = () => app.isReady();
standIn.tellApp = (event, ...args) => app.emit(event, ...args);
