import type { MenuItemConstructorOptions } from 'electron';
import { whyNotLaunch, whyOverride } from '../shared/can.ts';
import type { Snapshot } from '../shared/contract/system.ts';
import { LEVEL_WORDS, LEVELS, type Level } from '../shared/policy.ts';

/** What the menus do; each is a gesture of the owner. */
export interface MenuActions {
  launch(projectId: string): void;
  pauseAll(paused: boolean): void;
  stopAll(): void;
  setLevel(level: Level): void;
  setPrivate(on: boolean): void;
  openWindow(): void;
  quit(): void;
}

/**
 * The application menu. Nobody sees it while only the popover is open, but without its Edit roles
 * ⌘C, ⌘V and ⌘A do nothing in any field.
 */
export function applicationMenu(name: string): MenuItemConstructorOptions[] {
  return [
    {
      label: name,
      submenu: [
        { role: 'about' },
        { type: 'separator' },
        { role: 'hide' },
        { role: 'hideOthers' },
        { role: 'unhide' },
        { type: 'separator' },
        { role: 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    // Larger text by ⌘+, which without its role does nothing.
    { label: 'View', submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }] },
    { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
  ];
}

const item = (label: string, why: string | null, click: () => void): MenuItemConstructorOptions =>
  why === null ? { label, click } : { label, enabled: false, toolTip: why };

function launchItems(snapshot: Snapshot, act: MenuActions): MenuItemConstructorOptions[] {
  if (snapshot.projects.length === 0) return [{ label: 'No projects yet', enabled: false }];
  return snapshot.projects.map((project) => item(project.name, whyNotLaunch(project), () => act.launch(project.id)));
}

function levelItems({ trust: { level, lack } }: Snapshot, act: MenuActions): MenuItemConstructorOptions[] {
  return LEVELS.map((to) => ({
    ...item(
      `${LEVEL_WORDS[to].name}${LEVELS.indexOf(to) > LEVELS.indexOf(level) ? '…' : ''}`,
      // An override is typed where everything about it can be read.
      to === level ? null : whyOverride(level, to, lack),
      () => {
        if (to !== level) act.setLevel(to);
      },
    ),
    type: 'radio',
    checked: to === level,
  }));
}

/**
 * The tray's own menu, made anew for every opening. Null: there is no engine yet.
 * @param freezeKeys that pause everything from every program, shown beside; null: none do.
 */
export function trayMenu(
  snapshot: Snapshot | null,
  act: MenuActions,
  freezeKeys: string | null = null,
): MenuItemConstructorOptions[] {
  const quit: MenuItemConstructorOptions = { label: 'Quit Tenure', click: () => act.quit() };
  if (snapshot === null) return [{ label: 'The engine is not running', enabled: false }, { type: 'separator' }, quit];
  const open = snapshot.sessions.filter((session) => session.state !== 'ended').length;
  return [
    { label: 'Launch', submenu: launchItems(snapshot, act) },
    snapshot.paused
      ? { label: 'Resume all', click: () => act.pauseAll(false) }
      : {
          label: 'Pause all',
          toolTip: 'Running sessions go on; nothing new starts.',
          click: () => act.pauseAll(true),
          // Registered for the whole system; the menu only shows them.
          ...(freezeKeys === null ? {} : { accelerator: freezeKeys, registerAccelerator: false }),
        },
    { label: 'Stop all…', enabled: open > 0, click: () => act.stopAll() },
    { label: 'Level', submenu: levelItems(snapshot, act) },
    {
      label: 'Private',
      type: 'checkbox',
      checked: snapshot.engine.private,
      toolTip: 'Notifications and the menubar name nothing.',
      click: () => act.setPrivate(!snapshot.engine.private),
    },
    { type: 'separator' },
    { label: 'Open window', click: () => act.openWindow() },
    { type: 'separator' },
    quit,
  ];
}

/** Of a program that only shows an engine which runs elsewhere: it can open and leave. */
export function attachedMenu(
  snapshot: Snapshot | null,
  act: Pick<MenuActions, 'openWindow' | 'quit'> & { again(): void },
): MenuItemConstructorOptions[] {
  const quit: MenuItemConstructorOptions = {
    label: 'Quit Tenure',
    toolTip: 'The engine runs on without this icon.',
    click: () => act.quit(),
  };
  if (snapshot === null) {
    const start = { label: 'Start it here', click: () => act.again() };
    return [{ label: 'The engine is not running', enabled: false }, start, { type: 'separator' }, quit];
  }
  const { pid, host } = snapshot.engine;
  return [
    { label: `The engine runs as process ${pid} (${host})`, enabled: false },
    { label: 'Open window', click: () => act.openWindow() },
    { type: 'separator' },
    quit,
  ];
}
