import { app, BrowserWindow, dialog, type Session, shell, type WebContents, type WebPreferences } from 'electron';

/** Pages about what Tenure runs; anything else stays closed, whoever wrote the link. */
const OPENABLE: ReadonlySet<string> = new Set(['github.com', 'code.claude.com', 'docs.claude.com', 'claude.com']);

/** The page's URL when a browser may open it, else null. */
export function openable(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '') return null;
  return OPENABLE.has(parsed.host) ? parsed.href : null;
}

/** Where a page may go beside staying: the address of an engine of another process, which has a sign-in page. */
let allowed: string | null = null;

/** @param origin `http://127.0.0.1:<port>` of the engine that this program shows. */
export function allowOrigin(origin: string): void {
  allowed = origin;
}

/** Every window is made with these: no Node, its own world, the sandbox. */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    spellcheck: false,
    devTools: !app.isPackaged,
  };
}

/** Our pages stay where they are, open nothing and embed nothing, whatever text an agent wrote into them. */
export function confineNavigation(): void {
  app.on('web-contents-created', (_created, contents) => {
    const refuse = (event: { preventDefault(): void; url?: string }): void => {
      const inside = allowed !== null && event.url !== undefined && URL.parse(event.url)?.origin === allowed;
      // "Load the page anew", after a mishap in it, is a navigation too.
      if (!inside && event.url !== contents.getURL()) event.preventDefault();
    };
    contents.on('will-navigate', refuse);
    contents.on('will-frame-navigate', refuse);
    contents.on('will-redirect', refuse);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      const page = openable(url);
      if (page !== null) void openAfterAsking(page, contents);
      return { action: 'deny' };
    });
  });
}

/** An agent may have written the link: the person sees the whole address before a browser opens it. */
async function openAfterAsking(page: string, contents: WebContents): Promise<void> {
  // On the window of the link: a question without one stands the whole program still.
  const window = BrowserWindow.fromWebContents(contents);
  if (window === null) return;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Open this page in your browser?',
    detail: page,
    buttons: ['Open', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(page);
}

/** Camera, location, notifications from a page, devices, …: our screens need none of them. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === COPY));
  session.setPermissionCheckHandler((_contents, permission) => permission === COPY);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
}

/** `navigator.clipboard.writeText` upon a click: the copy buttons. Reading stays denied. */
const COPY = 'clipboard-sanitized-write';
