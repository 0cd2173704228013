import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, dialog, Menu, session } from 'electron';
import { createClock } from '../core/adapters/clock.ts';
import { startHost } from '../core/host.ts';
import { pathsOf } from '../core/kernel/paths.ts';
import { createAlerts } from './alerts.ts';
import { createCommands } from './commands.ts';
import { asOwner } from './host.ts';
import { claimInstance } from './instance.ts';
import { answerPages } from './ipc.ts';
import { memoryOf } from './memory.ts';
import { applicationMenu, type MenuActions, trayMenu } from './menu.ts';
import { confineNavigation, denyPermissions } from './navigation.ts';
import { createNotifier } from './notifier.ts';
import { showOwnerToken } from './owner-token.ts';
import { createPopover } from './popover.ts';
import { watchPower } from './power.ts';
import { APP_ORIGIN, registerScheme, serve } from './protocol.ts';
import { stopBeforeQuit } from './quit.ts';
import { createTellings } from './tellings.ts';
import { createTray, ICON_HIDDEN } from './tray.ts';
import { trayFace } from './tray-face.ts';
import { createWindowOpener } from './window.ts';

const { platform, env } = process;
const { values } = parseArgs({ options: { demo: { type: 'boolean' }, port: { type: 'string' } }, strict: false });
const demo = values.demo === true;
const port = typeof values.port === 'string' ? Number(values.port) : undefined;
const out = join(import.meta.dirname, '..');
const pages = { url: `${APP_ORIGIN}/`, preload: join(out, 'preload/index.cjs'), platform };

/** Nothing goes on in a state that nobody thought of: it says so and ends; every gate is closed then. */
function endWith(title: string, error: unknown): void {
  dialog.showErrorBox(title, error instanceof Error ? error.message : String(error));
  app.exit(1);
}

async function start(): Promise<void> {
  await app.whenReady();
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu('Tenure')));
  if (platform === 'darwin') app.setActivationPolicy('accessory');
  denyPermissions(session.defaultSession);

  const clock = createClock();
  const rendererDir = join(out, 'renderer');
  const memory = () => memoryOf(process.getSystemMemoryInfo());
  const host = await startHost({ host: 'electron', env, rendererDir, version: app.getVersion(), demo, port, memory });
  const engine = asOwner(host.engine);
  let stopping = false;
  const snapshot = () => (stopping ? null : engine.snapshot());
  serve((request) => host.fetch(request, 'owner'));

  const openWindow = createWindowOpener(pages);
  const actions: MenuActions = { ...createCommands(engine), openWindow: () => openWindow(''), quit: () => app.quit() };
  const tray = createTray({
    iconsDir: join(out, '../resources/tray'),
    platform,
    menu: () => trayMenu(snapshot(), actions),
    onMouseDown: () => popover.iconPressed(),
    onClick: (bounds) => popover.iconClicked(bounds),
  });
  const lookForIcon = (): void => engine.notice('icon', tray.isHidden() ? ICON_HIDDEN : null);
  const popover = createPopover({ ...pages, clock, iconBounds: tray.bounds });
  const open = (): void => {
    if (stopping) return;
    lookForIcon();
    popover.show();
  };
  answerPages({ hide: (sender) => popover.owns(sender) && popover.hide(), openWindow });

  const draw = (): void => tray.show(trayFace(snapshot()));
  draw();
  const letGo = [
    engine.onFact(draw),
    watchPower(engine),
    createNotifier({ engine, platform, clock, open }),
    createAlerts({ engine, openWindow }),
    createTellings({ engine, openWindow }),
  ];
  app.on('second-instance', open);
  app.on('activate', (_event, anyVisible) => anyVisible || open());
  // A menubar program lives on without a window.
  app.on('window-all-closed', () => undefined);
  stopBeforeQuit(clock, async () => {
    stopping = true;
    for (const end of letGo) end();
    draw();
    await host.stop();
  });
  lookForIcon();
  if (tray.isHidden()) openWindow('#/window/health');
  if (host.ownerToken !== null) await showOwnerToken(host.ownerToken);
}

process.on('uncaughtException', (error) => endWith('Tenure has ended', error));
process.on('unhandledRejection', (error) => endWith('Tenure has ended', error));
try {
  confineNavigation();
  app.enableSandbox();
  registerScheme();
  const first = claimInstance(pathsOf({ env, platform, home: homedir(), demo }).home);
  if (first) start().catch((error: unknown) => endWith('Tenure cannot start', error));
  else app.quit();
} catch (error) {
  endWith('Tenure cannot start', error);
}
