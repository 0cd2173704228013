import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerPages } from '../../src/main/ipc.ts';
import { confineNavigation, denyPermissions, openable } from '../../src/main/navigation.ts';
import { watchPower } from '../../src/main/power.ts';
import { APP_ORIGIN, registerScheme, serve } from '../../src/main/protocol.ts';
import { stopBeforeQuit } from '../../src/main/quit.ts';
import { SHELL_CHANNELS } from '../../src/shared/shell-channels.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createEngineStandIn, session, snapshot } from '../fakes/electron/engine.ts';
import { app, BrowserWindow, ipcMain, powerMonitor, protocol } from '../fakes/electron/index.ts';
import { say } from '../fakes/electron/ipc.ts';
import { respond, schemes } from '../fakes/electron/protocol.ts';
import { blockers, dialogs, handlers, opened, session as sessions } from '../fakes/electron/system.ts';
import { seededRandom } from '../fakes/random.ts';

vi.mock('electron', () => import('../fakes/electron/index.ts'));

beforeEach(async () => {
  await app.whenReady();
  dialogs.asked.length = 0;
  opened.length = 0;
});
afterEach(() => {
  app.removeAllListeners();
  ipcMain.removeAllListeners();
  for (const window of BrowserWindow.getAllWindows()) window.destroy();
  if (protocol.isProtocolHandled('tenure')) protocol.unhandle('tenure');
});

describe('tenure://app', () => {
  const asked: Request[] = [];
  const answer = vi.fn<(request: Request) => Promise<Response>>(async (request) => {
    asked.push(request);
    return new Response('here', { headers: { 'X-Own': 'kept' } });
  });
  beforeEach(() => {
    asked.length = 0;
    serve(answer);
  });

  it('is a standard, secure scheme that fetches, streams and caches code', () => {
    registerScheme();
    expect(schemes).toEqual([
      {
        scheme: 'tenure',
        privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
      },
    ]);
  });

  it('answers from the app and adds a policy where there is none', async () => {
    const { status, headers } = await respond(`${APP_ORIGIN}/rpc/x`, {
      method: 'POST',
      body: '{}',
      headers: { origin: APP_ORIGIN },
    });
    expect([status, headers['x-own']]).toEqual([200, 'kept']);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(await asked[0]?.text()).toBe('{}');
  });

  it('keeps the policy of the app', async () => {
    answer.mockResolvedValueOnce(new Response('', { headers: { 'Content-Security-Policy': "default-src 'self'" } }));
    expect((await respond(`${APP_ORIGIN}/`)).headers['content-security-policy']).toBe("default-src 'self'");
  });

  it.each([
    ['another host', 'tenure://elsewhere/', {}, 404],
    ['another origin', `${APP_ORIGIN}/rpc/x`, { origin: 'https://example.com' }, 403],
  ])('refuses %s without asking the app', async (_name, url, headers, status) => {
    expect((await respond(url, { headers })).status).toBe(status);
    expect(asked).toEqual([]);
  });

  it('lets the app know through its stream that a page went away', async () => {
    const cancelled = vi.fn<() => void>();
    answer.mockResolvedValueOnce(new Response(new ReadableStream({ cancel: cancelled })));
    const { body } = await respond(`${APP_ORIGIN}/events`);
    body?.destroy();
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
  });
});

describe('what a page may ask of the shell', () => {
  const hide = vi.fn<() => void>();
  const pin = vi.fn<(sender: unknown, on: boolean) => void>();
  const openWindow = vi.fn<(hash: string) => void>();
  const { webContents } = { webContents: {} as never };
  const ours = { origin: APP_ORIGIN, parent: null };
  beforeEach(() => {
    vi.clearAllMocks();
    answerPages({ hide, pin, openWindow });
  });

  it('hides the popover, pins it, and opens the window', () => {
    say(webContents, SHELL_CHANNELS.hide, []);
    for (const on of [true, false, 'yes', undefined]) say(webContents, SHELL_CHANNELS.pin, [on]);
    expect(pin.mock.calls.map(([, on]) => on)).toEqual([true, false]);
    say(webContents, SHELL_CHANNELS.openWindow, ['#/window/decisions/dec%5F1']);
    say(webContents, SHELL_CHANNELS.openWindow, [undefined]);
    expect(hide).toHaveBeenCalledOnce();
    expect(openWindow.mock.calls).toEqual([['#/window/decisions/dec%5F1'], ['']]);
  });

  it.each([
    ['no frame', null],
    ['a frame inside the page', { ...ours, parent: ours as never }],
    ['another origin', { origin: 'https://example.com', parent: null }],
    ['another host of the scheme', { origin: 'tenure://elsewhere', parent: null }],
  ])('drops what comes from %s', (_name, frame) => {
    say(webContents, SHELL_CHANNELS.hide, [], frame);
    say(webContents, SHELL_CHANNELS.pin, [true], frame);
    say(webContents, SHELL_CHANNELS.openWindow, ['#/window/trust'], frame);
    expect([hide.mock.calls, pin.mock.calls, openWindow.mock.calls]).toEqual([[], [], []]);
  });

  it.each([
    ['https://example.com'],
    ['#/a\nb'],
    [`#/${'x'.repeat(300)}`],
    [{ hash: '#/' }],
    [7],
    [null],
    ['#/?a=javascript:1'],
  ])('drops the hash %j', (hash) => {
    say(webContents, SHELL_CHANNELS.openWindow, [hash]);
    expect(openWindow).not.toHaveBeenCalled();
  });
});

describe('100,000 messages of a page that went mad', () => {
  it('open screens of ours or nothing, and throw nothing', () => {
    const opened: string[] = [];
    answerPages({ hide: () => undefined, pin: () => undefined, openWindow: (hash) => void opened.push(hash) });
    const { webContents } = { webContents: {} as never };
    const random = seededRandom(20_261_120);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const parts = [
      '#/',
      'window',
      '/',
      '%2e%2e',
      '..',
      '\n',
      '\u202e',
      'javascript:',
      '//evil',
      '?a=1',
      '<b>',
      'trust',
      '\0',
    ];
    const text = (): string => Array.from({ length: Math.floor(random() * 6) }, () => pick(parts)).join('');
    const odd = [null, undefined, 7, Number.NaN, {}, [], { toString: () => '#/window/trust' }, Symbol('x'), () => '#/'];
    const channels = [...Object.values(SHELL_CHANNELS), 'shell:', '__proto__', 'constructor', 'shell:eval'];
    const frames = [{ origin: APP_ORIGIN, parent: null }, { origin: 'null', parent: null }, null];
    for (let n = 0; n < 100_000; n++) {
      const args = random() < 0.7 ? [text()] : [pick(odd), text()];
      say(webContents, pick(channels), args, pick(frames));
    }
    expect(opened.length).toBeGreaterThan(100);
    for (const hash of new Set(opened)) expect(hash).toMatch(/^(#\/[\w\-/%.]{0,200})?$/);
    expect(new Set<string | symbol>(ipcMain.eventNames())).toEqual(new Set(Object.values(SHELL_CHANNELS)));
  });
});

describe('where a page may go', () => {
  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'] as const)('nowhere (%s)', (event) => {
    confineNavigation();
    const { webContents } = new BrowserWindow({ show: false });
    webContents.url = `${APP_ORIGIN}/#/window/trust`;
    expect(webContents.navigate(event, 'https://github.com/')).toBe(false);
    expect(webContents.navigate(event, `${APP_ORIGIN}/other`)).toBe(false);
  });

  it('but to itself: a page that met with a mishap can be loaded anew', () => {
    confineNavigation();
    const { webContents } = new BrowserWindow({ show: false });
    webContents.url = `${APP_ORIGIN}/#/window/trust`;
    expect(webContents.navigate('will-navigate', webContents.url)).toBe(true);
  });

  it('opens a known page in the browser after showing its whole address, and no window', async () => {
    confineNavigation();
    const { webContents } = new BrowserWindow({ show: true });
    expect(webContents.open('https://github.com/a/b?c=d')).toEqual({ action: 'deny' });
    await vi.waitFor(() => expect(dialogs.asked).toHaveLength(1));
    expect(dialogs.asked[0]?.detail).toBe('https://github.com/a/b?c=d');
    expect(opened).toEqual([]);
    dialogs.answers.push(0);
    webContents.open('https://github.com/a/b');
    await vi.waitFor(() => expect(opened).toEqual(['https://github.com/a/b']));
  });

  it.each([
    'http://github.com/',
    'https://github.com.example.com/',
    'https://github.com@example.com/',
    'https://user:secret@github.com/',
    'https://github.com:8443/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a url',
  ])('does not open %s', (url) => {
    expect(openable(url)).toBeNull();
  });

  it('gets no permission but to copy', () => {
    denyPermissions(sessions.defaultSession as never);
    const request = (permission: string): boolean => {
      let granted: boolean | null = null;
      handlers.setPermissionRequestHandler?.(
        {} as never,
        permission as never,
        (answer) => (granted = answer),
        {} as never,
      );
      const checked = handlers.setPermissionCheckHandler?.(null, permission as never, '', {} as never);
      expect(granted).toBe(checked);
      return granted === true;
    };
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fileSystem',
    ]) {
      expect(request(permission), permission).toBe(false);
    }
    expect(request('clipboard-sanitized-write')).toBe(true);
    expect(handlers.setDevicePermissionHandler?.({} as never)).toBe(false);
  });
});

describe('power', () => {
  it('keeps the machine awake only while a session runs', () => {
    const engine = createEngineStandIn(snapshot({ sessions: [session()] }));
    const letGo = watchPower(engine);
    expect([...blockers.values()]).toEqual(['prevent-app-suspension']);
    engine.emit({ type: 'session.queued', body: { session: session({ id: 'ses_2', state: 'working' }) } });
    engine.emit({ type: 'session.ended', body: { session: session({ state: 'ended', endedAt: 1 }) } });
    expect(blockers.size).toBe(1);
    engine.emit({ type: 'session.changed', body: { session: session({ id: 'ses_2', state: 'parked' }) } });
    expect(blockers.size).toBe(0);
    engine.emit({ type: 'session.changed', body: { session: session({ id: 'ses_2', state: 'working' }) } });
    expect(blockers.size).toBe(1);
    letGo();
    expect(blockers.size).toBe(0);
    engine.emit({ type: 'session.changed', body: { session: session({ id: 'ses_2' }) } });
    expect(blockers.size).toBe(0);
  });

  it('wakes the engine after sleep and quits in good order before a shutdown', () => {
    const engine = createEngineStandIn();
    const letGo = watchPower(engine);
    powerMonitor.emit('suspend');
    expect(engine.wakes).toBe(0);
    powerMonitor.emit('resume');
    expect(engine.wakes).toBe(1);
    const asked = vi.fn<() => void>();
    app.once('before-quit', asked);
    const shutdown = { preventDefault: vi.fn<() => void>() };
    powerMonitor.emit('shutdown', shutdown);
    expect([shutdown.preventDefault.mock.calls.length, asked.mock.calls.length]).toEqual([1, 1]);
    letGo();
    powerMonitor.emit('resume');
    expect(engine.wakes).toBe(1);
  });
});

describe('quitting', () => {
  const quitted = vi.fn<(code: number) => void>();
  beforeEach(() => {
    quitted.mockClear();
    app.on('quit', (_event, code: number) => quitted(code));
  });

  it('waits for the engine, however often it is asked', async () => {
    const stop = Promise.withResolvers<void>();
    const stopping = vi.fn<() => Promise<void>>(() => stop.promise);
    stopBeforeQuit(createFakeClock(), stopping);
    app.quit();
    app.quit();
    expect([stopping.mock.calls.length, quitted.mock.calls.length]).toEqual([1, 0]);
    stop.resolve();
    await vi.waitFor(() => expect(quitted).toHaveBeenCalledExactlyOnceWith(0));
  });

  it('leaves an engine behind that does not stop', () => {
    const clock = createFakeClock();
    stopBeforeQuit(clock, () => Promise.withResolvers<void>().promise);
    app.quit();
    clock.advance(29_999);
    expect(quitted).not.toHaveBeenCalled();
    clock.advance(1);
    expect(quitted).toHaveBeenCalledExactlyOnceWith(1);
  });
});
