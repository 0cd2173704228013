import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPopover, type Popover, placeBeside } from '../../src/main/popover.ts';
import { createWindowOpener } from '../../src/main/window.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { app, BrowserWindow, protocol } from '../fakes/electron/index.ts';
import { dialogs } from '../fakes/electron/system.ts';
import { display, standIn } from '../fakes/electron/world.ts';

vi.mock('electron', () => import('../fakes/electron/index.ts'));

const ICON = { x: 1200, y: 0, width: 28, height: 25 };
const PAGES = { url: 'tenure://app/', preload: '/preload.cjs', platform: 'darwin' as NodeJS.Platform };

let clock: FakeClock;
let popover: Popover;
let window: BrowserWindow;
let failures = 0;

beforeEach(async () => {
  await app.whenReady();
  app.hidden = 0;
  failures = 0;
  standIn.displays = [display({ x: 0, y: 0, width: 1440, height: 900 })];
  if (!protocol.isProtocolHandled('tenure')) {
    protocol.handle('tenure', () => {
      if (failures-- > 0) throw new Error('not yet');
      return new Response('');
    });
  }
  app.on('window-all-closed', () => undefined);
  clock = createFakeClock();
  popover = createPopover({ ...PAGES, clock, iconBounds: () => ICON });
  window = BrowserWindow.getAllWindows().at(-1)!;
});
afterEach(() => {
  for (const open of BrowserWindow.getAllWindows()) open.destroy();
  app.removeAllListeners();
});

/** A click as macOS tells it: the press takes the focus before or after it is reported, the release clicks. */
const press = (order: 'blur-first' | 'press-first'): void => {
  if (order === 'blur-first') window.blur();
  popover.iconPressed();
  if (order === 'press-first') window.blur();
};
const release = (): void => popover.iconClicked(ICON);

describe('the popover', () => {
  it('is made hidden, loaded, sandboxed and on every space', () => {
    expect(window.isVisible()).toBe(false);
    expect(window.webContents.getURL()).toBe('tenure://app/');
    expect(window.onAllWorkspaces).toBe(true);
    expect(window.options).toMatchObject({
      width: 420,
      height: 600,
      frame: false,
      resizable: false,
      skipTaskbar: true,
      vibrancy: 'popover',
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, preload: '/preload.cjs' },
    });
    expect(window.options.transparent).toBeUndefined();
  });

  it('opens under the clicked icon with the focus', () => {
    press('press-first');
    release();
    expect(window.isVisible() && window.isFocused()).toBe(true);
    expect(window.bounds).toEqual({ x: 1004, y: 25, width: 420, height: 600 });
  });

  it('stays above the others while it is pinned, and goes when it is asked to', () => {
    popover.show();
    popover.pin(true);
    window.blur();
    expect([popover.isOpen(), window.onTop]).toEqual([true, true]);
    popover.hide();
    expect(popover.isOpen()).toBe(false);
    popover.show();
    popover.pin(false);
    window.blur();
    expect([popover.isOpen(), window.onTop]).toEqual([false, false]);
  });

  it.each(['blur-first', 'press-first'] as const)('closes and stays closed on a second click (%s)', (order) => {
    popover.show();
    press(order);
    expect(window.isVisible()).toBe(false);
    // However long the mouse stays down.
    clock.advance(5_000);
    release();
    expect(window.isVisible()).toBe(false);
    press(order);
    release();
    expect(window.isVisible()).toBe(true);
  });

  it('closes on a second click where nobody tells of the press', () => {
    popover.show();
    window.blur();
    clock.advance(200);
    release();
    expect(window.isVisible()).toBe(false);
  });

  it('closes on a click without a press, as a screen reader makes it', () => {
    press('press-first');
    release();
    release();
    expect(window.isVisible()).toBe(false);
  });

  it('opens on a click that comes after a blur of its own', () => {
    popover.show();
    window.blur();
    clock.advance(300);
    press('press-first');
    release();
    expect(window.isVisible()).toBe(true);
  });

  it('hides when the focus leaves, without pulling the focus from where it went', () => {
    popover.show();
    window.blur();
    expect(window.isVisible()).toBe(false);
    expect(app.hidden).toBe(0);
  });

  it('stays while DevTools are open', () => {
    popover.show();
    window.webContents.devToolsOpen = true;
    window.blur();
    expect(window.isVisible()).toBe(true);
  });

  it('gives the focus back when it is hidden by hand', () => {
    popover.show();
    popover.hide();
    expect(app.hidden).toBe(1);
    popover.hide();
    expect(app.hidden).toBe(1);
  });

  it('hides instead of closing, until the program quits', () => {
    popover.show();
    window.close();
    expect([window.isDestroyed(), window.isVisible()]).toEqual([false, false]);
    app.quit();
    expect(window.isDestroyed()).toBe(true);
  });

  it('loads its page anew at the next opening when the page was lost', async () => {
    popover.show();
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window.isVisible()).toBe(false);
    const load = vi.spyOn(window, 'loadURL');
    popover.show();
    popover.hide();
    popover.show();
    expect(load).toHaveBeenCalledExactlyOnceWith('tenure://app/');
  });

  it('kills a page that hangs, so that the next opening loads it anew', () => {
    popover.show();
    window.emit('unresponsive');
    expect(window.isVisible()).toBe(false);
    const load = vi.spyOn(window, 'loadURL');
    popover.show();
    expect(load).toHaveBeenCalledOnce();
  });
});

describe('a question', () => {
  const question = { message: 'Stop 2 sessions?', buttons: ['Stop all', 'Cancel'], cancelId: 1 };
  afterEach(() => {
    dialogs.thinking = null;
    dialogs.answers.length = 0;
  });

  it('hangs on the popover, which is shown for it: without a window it would stand the engine still', async () => {
    dialogs.answers.push(0);
    expect(await popover.ask(question)).toBe(0);
    expect(popover.isOpen()).toBe(true);
  });

  it('is neither taken along nor cancelled by a click elsewhere, on the icon, or a key', async () => {
    const thought = Promise.withResolvers<void>();
    dialogs.thinking = thought.promise;
    dialogs.answers.push(0);
    const answer = popover.ask(question);
    window.blur();
    press('press-first');
    release();
    popover.toggle();
    popover.hide();
    window.close();
    expect(popover.isOpen()).toBe(true);
    thought.resolve();
    expect(await answer).toBe(0);
    window.blur();
    expect(popover.isOpen()).toBe(false);
  });
});

describe('where it opens', () => {
  it.each([
    ['at the right edge it stays on the screen', { x: 1410, y: 0, width: 28, height: 25 }, { x: 1012, y: 25 }],
    ['at the left edge', { x: 0, y: 0, width: 28, height: 25 }, { x: 8, y: 25 }],
    ['over a panel at the bottom', { x: 700, y: 870, width: 28, height: 30 }, { x: 504, y: 270 }],
  ])('%s', (_name, icon, place) => {
    expect(placeBeside(icon, { x: 0, y: 25, width: 1440, height: 875 })).toEqual(place);
  });

  it('is on the display whose icon was clicked', () => {
    standIn.displays = [
      display({ x: 0, y: 0, width: 1440, height: 900 }),
      display({ x: 1440, y: -200, width: 1920, height: 1080 }),
    ];
    popover.iconClicked({ x: 3300, y: -200, width: 28, height: 25 });
    expect(window.bounds).toMatchObject({ x: 2932, y: -175 });
  });

  it('is at the right end of the menubar of the display with the pointer when the icon is not drawn', () => {
    const lost = createPopover({ ...PAGES, clock, iconBounds: () => null });
    lost.show();
    expect(BrowserWindow.getAllWindows().at(-1)?.bounds).toMatchObject({ x: 1012, y: 25 });
    // As an indicator of a Linux desktop tells of a click.
    lost.hide();
    lost.iconClicked({ x: 0, y: 0, width: 0, height: 0 });
    expect(BrowserWindow.getAllWindows().at(-1)?.bounds).toMatchObject({ x: 1012, y: 25 });
  });
});

describe('the larger window', () => {
  const large = () => BrowserWindow.getAllWindows().filter((other) => other !== window);

  it('makes Tenure an ordinary program while it is open', async () => {
    app.setActivationPolicy('accessory');
    const { open } = createWindowOpener(PAGES);
    open('');
    await vi.waitFor(() => expect(large()[0]?.isVisible()).toBe(true));
    expect(large()[0]?.webContents.getURL()).toBe('tenure://app/#/window/sessions');
    expect(app.activationPolicy).toBe('regular');
    open('#/window/trust');
    expect(large()).toHaveLength(1);
    expect(large()[0]?.webContents.getURL()).toBe('tenure://app/#/window/trust');
    large()[0]?.close();
    expect(app.activationPolicy).toBe('accessory');
    open('#/window/health');
    expect(large()).toHaveLength(1);
  });

  it('is not hidden together with the popover', async () => {
    createWindowOpener(PAGES).open('');
    await vi.waitFor(() => expect(large()[0]?.isVisible()).toBe(true));
    popover.show();
    popover.hide();
    expect(app.hidden).toBe(0);
    expect(large()[0]?.isVisible()).toBe(true);
  });

  it('shows the second of two links in a row', async () => {
    const { open } = createWindowOpener(PAGES);
    open('#/window/trust');
    open('#/window/health');
    await vi.waitFor(() => expect(large()[0]?.isVisible()).toBe(true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(large()[0]?.webContents.getURL()).toBe('tenure://app/#/window/health');
  });

  it('goes when its page hangs, and opens anew', async () => {
    const { open } = createWindowOpener(PAGES);
    open('');
    await vi.waitFor(() => expect(large()[0]?.isVisible()).toBe(true));
    large()[0]?.emit('unresponsive');
    expect(large()).toEqual([]);
    open('');
    await vi.waitFor(() => expect(large()[0]?.isVisible()).toBe(true));
  });

  it('can be opened again after its page could not be loaded', async () => {
    const { open } = createWindowOpener(PAGES);
    failures = 1;
    open('');
    await vi.waitFor(() => expect(large()).toEqual([]));
    open('');
    await vi.waitFor(() => expect(large()[0]?.isVisible()).toBe(true));
  });
});
