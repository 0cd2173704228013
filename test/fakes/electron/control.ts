import { basename } from 'node:path';
import { app } from './app.ts';
import { ipcMain, say } from './ipc.ts';
import { centre, Notification } from './notification.ts';
import { openBridge, respond, schemes } from './protocol.ts';
import { blockers, copied, dialogs, handlers, opened, powerMonitor, shortcuts } from './system.ts';
import { Menu, Tray } from './tray.ts';
import { BrowserWindow } from './windows.ts';
import { StandInEvent, standIn } from './world.ts';

/** What a person at this Mac could see, and what the system was told. */
function look() {
  return {
    ready: app.isReady(),
    sandboxed: app.sandboxed,
    activationPolicy: app.activationPolicy,
    schemes: schemes.map(({ scheme }) => scheme),
    tray: Tray.last && { icon: basename(Tray.last.image), title: Tray.last.title, tooltip: Tray.last.tooltip },
    windows: BrowserWindow.getAllWindows().map((window) => ({
      id: window.id,
      url: window.webContents.url,
      preload: window.options.webPreferences?.preload ?? null,
      visible: window.isVisible(),
      focused: window.isFocused(),
      bounds: window.bounds,
    })),
    notifications: [...centre.values()],
    errors: dialogs.errors,
    asked: dialogs.asked.map(({ message, detail }) => ({ message, detail })),
    copied: copied.text,
    blockers: [...blockers.values()],
    shortcuts: [...shortcuts.registered.keys()],
    applicationMenu: Menu.application?.template.map(({ label }) => label) ?? null,
  };
}
export type Look = ReturnType<typeof look>;

const trayOf = (): Tray => Tray.last ?? fail('There is no tray yet.');
const windowOf = (id: number): BrowserWindow =>
  BrowserWindow.getAllWindows().find((window) => window.id === id) ?? fail(`There is no window ${id}.`);
function fail(sentence: string): never {
  throw new Error(sentence);
}

/** What a person can do to the program. */
const commands = {
  look,
  openBridge: (origin: string): Promise<string> => openBridge(origin),
  clickIcon(): void {
    trayOf().press();
    trayOf().release();
  },
  clickElsewhere(): void {
    for (const window of BrowserWindow.getAllWindows()) window.blur();
  },
  chooseInTray(...labels: string[]): void {
    const tray = trayOf();
    tray.rightClick();
    tray.openMenu?.choose(...labels);
    tray.openMenu = null;
  },
  /** The next question gets this button. */
  willAnswer: (button: number): void => void dialogs.answers.push(button),
  pressNotification(id: string, button: number): void {
    (Notification.objects.get(id) ?? fail(`There is no notification ${id}.`)).press(button);
  },
  followLink: (url: string): boolean => app.emit('open-url', new StandInEvent(), url),
  pressKeys: (keys: string): void => shortcuts.registered.get(keys)?.(),
  wakeUp: (): boolean => powerMonitor.emit('resume'),
  /** What the window was made with. */
  preferencesOf: (id: number) => windowOf(id).options.webPreferences ?? {},
  /** Does the program let a page go there, by any way? */
  mayNavigate: (id: number, url: string): boolean =>
    (['will-navigate', 'will-redirect', 'will-frame-navigate'] as const).some((way) =>
      windowOf(id).webContents.navigate(way, url),
    ),
  opensWindow: (id: number, url: string): string => windowOf(id).webContents.open(url).action,
  /** Does it let a page embed a `<webview>`? */
  mayEmbed(id: number): boolean {
    const event = new StandInEvent();
    windowOf(id).webContents.emit('will-attach-webview', event, {}, {});
    return !event.defaultPrevented;
  },
  opened: (): string[] => opened,
  /** Which of these does it grant to a page that asks, or that looks whether it may? */
  granted: (permissions: readonly string[]): string[] =>
    permissions.filter((permission) => {
      let answer = false;
      const ask = permission as never;
      handlers.setPermissionRequestHandler?.({} as never, ask, (given) => (answer = given), {} as never);
      return answer || handlers.setPermissionCheckHandler?.(null, ask, '', {} as never) === true;
    }),
  respond: async (url: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) => {
    const { status, headers, body } = await respond(url, init);
    body?.destroy();
    return { status, headers };
  },
  pageSays: (windowId: number, channel: string, args: unknown[], frame?: Parameters<typeof say>[3]): void =>
    say(windowOf(windowId).webContents, channel, args, frame),
  channels: (): string[] => ipcMain.eventNames().map(String),
  /** Something goes wrong that nobody thought of. */
  throwSomething: (what: string): void => {
    setImmediate(() => {
      throw new Error(what);
    });
  },
  quit: (): void => app.quit(),
};
export type Commands = typeof commands;

interface Request {
  id: number;
  name: keyof Commands;
  args: unknown[];
}

/** Lets the process that started this one be the person. */
export function obeyDriver(): void {
  const tell = (message: unknown): void => void process.send?.(message);
  standIn.tellDriver = (what, about) => tell({ what, about });
  process.on('message', (request: Request) => {
    const command = async (): Promise<unknown> =>
      (commands[request.name] as (...args: unknown[]) => unknown)(...request.args);
    command().then(
      (result) => tell({ id: request.id, result }),
      (error: unknown) => tell({ id: request.id, error: String(error) }),
    );
  });
  // A test that ends takes the program along.
  process.on('disconnect', () => process.exit(1));
  process.channel?.unref();
}
