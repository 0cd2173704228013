import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MessageBoxOptions } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { drawTrayIcons } from '../../scripts/draw-tray-icons.ts';
import { createCommands } from '../../src/main/commands.ts';
import { openWhenHidden } from '../../src/main/hidden-icon.ts';
import { applicationMenu, attachedMenu, type MenuActions, trayMenu } from '../../src/main/menu.ts';
import { createTray } from '../../src/main/tray.ts';
import { TRAY_SHAPES, trayFace } from '../../src/main/tray-face.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createEngineStandIn, decision, project, session, snapshot, trust } from '../fakes/electron/engine.ts';
import { app, Menu, Tray } from '../fakes/electron/index.ts';
import { dialogs } from '../fakes/electron/system.ts';
import { display, standIn } from '../fakes/electron/world.ts';

vi.mock('electron', () => import('../fakes/electron/index.ts'));

const ICONS = join(import.meta.dirname, '../../resources/tray');
const GO = 0;
const clicked = vi.fn<() => void>();
const pressed = vi.fn<() => void>();

function icon(platform: NodeJS.Platform = 'darwin') {
  standIn.platform = platform;
  const menu = (): ReturnType<typeof trayMenu> => [{ label: 'Quit Tenure' }];
  const shown = createTray({ iconsDir: ICONS, platform, menu, onMouseDown: pressed, onClick: clicked });
  return { shown, tray: Tray.last! };
}

beforeEach(async () => {
  await app.whenReady();
  dialogs.asked.length = 0;
  dialogs.answers.length = 0;
  standIn.displays = [display({ x: 0, y: 0, width: 1440, height: 900 })];
  vi.clearAllMocks();
});

describe('the icons on disk', () => {
  it('are what the script draws, byte for byte, one pair for each shape', () => {
    const drawn = drawTrayIcons();
    expect(readdirSync(ICONS).toSorted()).toEqual([...drawn.keys()].toSorted());
    expect(drawn.size).toBe(TRAY_SHAPES.length * 2);
    for (const [name, bytes] of drawn) expect(readFileSync(join(ICONS, name)).equals(bytes), name).toBe(true);
  });
});

describe('the tray', () => {
  it('shows shape, number and words, and draws only what has changed', () => {
    const { shown, tray } = icon();
    expect(basename(tray.image)).toBe('offlineTemplate.png');
    shown.show(trayFace(snapshot({ decisions: [decision()] })));
    expect([basename(tray.image), tray.title]).toEqual(['needs-youTemplate.png', '1']);
    expect(tray.tooltip).toBe('Tenure: 1 decision waits for you; nothing is running');
    expect(tray.draws).toBe(2);
    shown.show(trayFace(snapshot({ decisions: [decision()] })));
    expect(tray.draws).toBe(2);
    shown.show(trayFace(snapshot()));
    expect([basename(tray.image), tray.title]).toEqual(['idleTemplate.png', '']);
  });

  it('opens the popover on a left click, the menu on a right or control click', () => {
    const { tray } = icon();
    tray.press();
    tray.release();
    expect([pressed.mock.calls.length, clicked.mock.calls]).toEqual([1, [[tray.bounds]]]);
    expect(tray.openMenu).toBeNull();
    tray.rightClick();
    expect(tray.openMenu?.template).toEqual([{ label: 'Quit Tenure' }]);
    tray.openMenu = null;
    tray.press();
    tray.release({ ctrlKey: true });
    expect(tray.openMenu).not.toBeNull();
    expect(clicked).toHaveBeenCalledOnce();
  });

  it('holds a menu only where the desktop needs it', () => {
    expect(icon('darwin').tray.menu).toBeNull();
    const { shown, tray } = icon('linux');
    const before = tray.menu;
    shown.show(trayFace(snapshot()));
    expect(before).not.toBeNull();
    expect(tray.menu).not.toBe(before);
  });

  it.each([
    ['drawn', { x: 1200, y: 0, width: 28, height: 25 }, true],
    ['on a second display above', { x: 1200, y: -1080, width: 28, height: 25 }, true],
    ['without width', { x: 0, y: 0, width: 0, height: 0 }, false],
    ['parked under the screen by macOS', { x: 0, y: 900, width: 28, height: 25 }, false],
  ])('knows whether it is drawn: %s', (_name, bounds, drawn) => {
    standIn.displays.push(display({ x: 0, y: -1080, width: 1920, height: 1080 }));
    const { shown, tray } = icon();
    tray.bounds = bounds;
    expect([shown.bounds() !== null, shown.isHidden()]).toEqual([drawn, !drawn]);
  });

  it('that macOS has not placed yet does not pass for hidden; one that stays so opens the way in', () => {
    const clock = createFakeClock();
    const openWindow = vi.fn<(hash: string) => void>();
    const tell = vi.fn<(hidden: boolean) => void>();
    const { shown, tray } = icon();
    const placed = tray.bounds;
    tray.bounds = { x: 0, y: 0, width: 0, height: 0 };
    openWhenHidden({ tray: shown, clock, openWindow, tell });
    // At login the menubar comes late.
    clock.advance(10_000);
    tray.bounds = placed;
    clock.advance(60_000);
    expect([openWindow.mock.calls, tell.mock.calls]).toEqual([[], [[false]]]);

    tray.bounds = { x: 0, y: 900, width: 28, height: 25 };
    const stop = openWhenHidden({ tray: shown, clock, openWindow, tell });
    clock.advance(60_000);
    expect([openWindow.mock.calls, tell.mock.calls[1]]).toEqual([[['#/window/health']], [true]]);
    openWhenHidden({ tray: shown, clock, openWindow })();
    stop();
    expect(clock.pending()).toBe(0);
  });
});

describe('the menus', () => {
  const act = () => ({
    launch: vi.fn<MenuActions['launch']>(),
    pauseAll: vi.fn<MenuActions['pauseAll']>(),
    stopAll: vi.fn<MenuActions['stopAll']>(),
    setLevel: vi.fn<MenuActions['setLevel']>(),
    setPrivate: vi.fn<MenuActions['setPrivate']>(),
    openWindow: vi.fn<MenuActions['openWindow']>(),
    quit: vi.fn<MenuActions['quit']>(),
  });

  it('has roles without which copy and paste, and larger text, do nothing', () => {
    const roles = applicationMenu('Tenure').flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu.map((i) => i.role) : [],
    );
    expect(roles).toEqual(expect.arrayContaining(['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll', 'quit']));
    expect(roles).toEqual(expect.arrayContaining(['zoomIn', 'zoomOut', 'resetZoom']));
  });

  it('launches on a project that can be used', () => {
    const gone = project({ id: 'prj_gone', name: 'gone', problem: 'The folder is gone.' });
    const actions = act();
    const menu = new Menu(trayMenu(snapshot({ projects: [project(), gone] }), actions));
    menu.choose('Launch', 'atlas-api');
    menu.choose('Launch', 'gone');
    expect(actions.launch.mock.calls).toEqual([['prj_atlas']]);
    expect(JSON.stringify(menu.template)).toContain('The folder is gone.');
  });

  it('offers what the state allows', () => {
    const actions = act();
    const labels = (state: Parameters<typeof trayMenu>[0]) =>
      trayMenu(state, actions).map((entry) => entry.label ?? '—');
    expect(labels(snapshot())).toEqual([
      'Launch',
      'Pause all',
      'Stop all…',
      'Level',
      'Private',
      '—',
      'Open window',
      '—',
      'Quit Tenure',
    ]);
    const keys = trayMenu(snapshot(), actions, 'Alt+Command+.').find(({ label }) => label === 'Pause all');
    expect(keys).toMatchObject({ accelerator: 'Alt+Command+.', registerAccelerator: false });
    expect(labels(null)).toEqual(['The engine is not running', '—', 'Quit Tenure']);
    new Menu(trayMenu(snapshot(), actions)).choose('Stop all…');
    expect(actions.stopAll).not.toHaveBeenCalled();
    const paused = new Menu(trayMenu(snapshot({ paused: true, sessions: [session()] }), actions));
    paused.choose('Resume all');
    paused.choose('Stop all…');
    paused.choose('Open window');
    paused.choose('Quit Tenure');
    expect(actions.pauseAll.mock.calls).toEqual([[false]]);
    expect([actions.stopAll, actions.openWindow, actions.quit].map((fn) => fn.mock.calls.length)).toEqual([1, 1, 1]);
    expect(trayMenu(snapshot({ projects: [] }), actions)[0]?.submenu).toEqual([
      { label: 'No projects yet', enabled: false },
    ]);
  });

  it('makes everything outside of the pages private, and says so no more', () => {
    const actions = act();
    const { engine } = snapshot();
    new Menu(trayMenu(snapshot(), actions)).choose('Private');
    const menu = new Menu(trayMenu(snapshot({ engine: { ...engine, private: true } }), actions));
    expect(menu.template.find(({ label }) => label === 'Private')).toMatchObject({ checked: true });
    menu.choose('Private');
    expect(actions.setPrivate.mock.calls).toEqual([[true], [false]]);
  });

  it('lowers the level to any, leads to raising it by one step, and marks the present one', () => {
    const actions = act();
    const menu = new Menu(trayMenu(snapshot({ trust: trust({ level: 'cautious' }) }), actions));
    for (const level of ['Observe', 'Cautious', 'Moderate…', 'Full…']) menu.choose('Level', level);
    expect(actions.setLevel.mock.calls).toEqual([['observe'], ['moderate']]);
    const entries = menu.template.find((entry) => entry.label === 'Level')?.submenu as {
      label: string;
      checked: boolean;
    }[];
    expect(entries.filter((entry) => entry.checked).map((entry) => entry.label)).toEqual(['Cautious']);
  });
});

describe('the menu of a program that only shows', () => {
  const act = () => ({
    openWindow: vi.fn<() => void>(),
    quit: vi.fn<() => void>(),
    again: vi.fn<() => void>(),
  });

  it('names the engine, opens and leaves, and can do nothing to it', () => {
    const actions = act();
    const menu = new Menu(attachedMenu(snapshot(), actions));
    expect(menu.template.map(({ label }) => label ?? '—')).toEqual([
      'The engine runs as process 1 (electron)',
      'Open window',
      '—',
      'Quit Tenure',
    ]);
    menu.choose('Open window');
    menu.choose('Quit Tenure');
    expect([actions.openWindow, actions.quit, actions.again].map((fn) => fn.mock.calls.length)).toEqual([1, 1, 0]);
  });

  it('starts the engine here once it is gone', () => {
    const actions = act();
    new Menu(attachedMenu(null, actions)).choose('Start it here');
    expect(actions.again).toHaveBeenCalledOnce();
  });
});

describe('what the menu does', () => {
  const openWindow = vi.fn<(hash: string) => void>();
  beforeEach(() => openWindow.mockClear());

  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const ask = async (question: MessageBoxOptions): Promise<number> => {
    dialogs.asked.push(question);
    return dialogs.answers.shift() ?? question.cancelId ?? 0;
  };

  it('launches and pauses at once', async () => {
    const engine = createEngineStandIn();
    const commands = createCommands({ engine, openWindow, ask });
    commands.launch('prj_atlas');
    commands.pauseAll(true);
    await settled();
    expect(engine.calls).toEqual([
      { method: 'sessions.launch', input: { projectId: 'prj_atlas' } },
      { method: 'sessions.pauseAll', input: { paused: true } },
    ]);
    expect(dialogs.asked).toEqual([]);
  });

  it.each([
    ['goes on', GO, 1],
    ['cancels', 1, 0],
  ])('asks before it stops everything: the person %s', async (_name, answer, calls) => {
    const engine = createEngineStandIn(snapshot({ sessions: [session(), session({ id: 'ses_2', state: 'parked' })] }));
    dialogs.answers.push(answer);
    createCommands({ engine, openWindow, ask }).stopAll();
    await vi.waitFor(() => expect(dialogs.asked).toHaveLength(1));
    await settled();
    expect(dialogs.asked[0]).toMatchObject({ message: 'Stop 2 sessions?', defaultId: 1, cancelId: 1 });
    expect(engine.calls).toHaveLength(calls);
  });

  it('lowers the level at once; to raise it, it only opens the place where that is decided', async () => {
    const engine = createEngineStandIn(snapshot({ trust: trust({ level: 'cautious' }) }));
    const commands = createCommands({ engine, openWindow, ask });
    commands.setLevel('observe');
    await settled();
    expect(engine.calls).toMatchObject([{ method: 'trust.setLevel', input: { level: 'observe' } }]);
    expect(openWindow).not.toHaveBeenCalled();
    commands.setLevel('moderate');
    await settled();
    expect(openWindow).toHaveBeenCalledExactlyOnceWith('#/window/trust');
    expect(engine.calls).toHaveLength(1);
    expect(dialogs.asked).toEqual([]);
  });

  it('shows a refusal in the words of the engine', async () => {
    const engine = createEngineStandIn();
    engine.refusal = 'The project atlas-api is no longer a repository.';
    createCommands({ engine, openWindow, ask }).launch('prj_atlas');
    await vi.waitFor(() => expect(dialogs.asked).toHaveLength(1));
    expect(dialogs.asked[0]).toMatchObject({ detail: 'The project atlas-api is no longer a repository.' });
  });
});
