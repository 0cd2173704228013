import { app } from 'electron';
import { startHost } from '../core/host.ts';
import type { Clock } from '../core/kernel/ports.ts';
import { runningOf } from '../shared/running.ts';
import { createAlerts } from './alerts.ts';
import { offerApplications } from './applications.ts';
import { createCommands } from './commands.ts';
import { openWhenHidden } from './hidden-icon.ts';
import { asOwner } from './host.ts';
import { answerPages } from './ipc.ts';
import { keyGuard } from './key-guard.ts';
import type { createLinks } from './links.ts';
import { createLoginItem } from './login-item.ts';
import { memoryOf } from './memory.ts';
import { type MenuActions, trayMenu } from './menu.ts';
import { createNative } from './native.ts';
import { createNotifier, nativeChannel } from './notifier.ts';
import { showOwnerToken } from './owner-token.ts';
import { createPopover } from './popover.ts';
import { watchPower } from './power.ts';
import type { Program } from './program.ts';
import { serve } from './protocol.ts';
import { stopBeforeQuit } from './quit.ts';
import { createShortcuts } from './shortcuts.ts';
import { createTray, ICON_HIDDEN } from './tray.ts';
import { trayFace } from './tray-face.ts';
import { packedUpdateSource, triedIn, updateObstacle } from './update-source.ts';
import { createUpdates } from './updates.ts';
import { createWindowOpener } from './window.ts';

const ARRIVE = 'What waits for you still shows in the menubar.';

/**
 * The engine in this very program, and everything of the system that it uses.
 * @throws TenureError `conflict` when an engine lives on that directory already; then nothing was begun.
 */
export async function runHosted(
  here: Program,
  clock: Clock,
  links: Pick<ReturnType<typeof createLinks>, 'show'>,
): Promise<void> {
  const { platform, env, demo, port, rendererDir, iconsDir, pages } = here;
  const guard = await keyGuard(platform, here);
  const memory = () => memoryOf(process.getSystemMemoryInfo());
  const version = app.getVersion();
  const host = await startHost({ host: 'electron', env, rendererDir, version, demo, port, guard, memory });
  const engine = asOwner(host.engine);
  let stopping = false;
  const snapshot = () => (stopping ? null : engine.snapshot());
  serve((request) => host.fetch(request, 'owner'));

  const window = createWindowOpener(pages);
  const openWindow = window.open;
  const commands = createCommands({ engine, openWindow, ask: (question) => popover.ask(question) });
  const actions: MenuActions = { ...commands, openWindow: () => openWindow(''), quit: () => app.quit() };
  const tray = createTray({
    iconsDir,
    platform,
    menu: () => trayMenu(snapshot(), actions, engine.settings().shell.freezeShortcut),
    onMouseDown: () => popover.iconPressed(),
    onClick: (bounds) => popover.iconClicked(bounds),
  });
  const tellOfIcon = (hidden: boolean): void => engine.notice('icon', hidden ? ICON_HIDDEN : null);
  const popover = createPopover({ ...pages, clock, iconBounds: tray.bounds });
  const open = (): void => {
    if (stopping) return;
    tellOfIcon(tray.isHidden());
    popover.show();
  };
  answerPages({
    hide: (sender) => popover.owns(sender) && popover.hide(),
    pin: (sender, on) => popover.owns(sender) && popover.pin(on),
    openWindow,
  });

  const native = createNative({
    platform,
    clock,
    isOn: () => engine.settings().notifications.native,
    onStanding: (why) =>
      stopping || engine.notice('notifications', why && `Notifications do not arrive: ${why} ${ARRIVE}`),
  });
  const draw = (): void => tray.show(trayFace(snapshot(), clock.now(), engine.settings().notifications.private));
  draw();
  const loginItem = createLoginItem(platform);
  const shortcuts = createShortcuts({
    engine,
    act: { open: () => popover.toggle(), freeze: () => commands.pauseAll(true) },
  });

  async function stop(): Promise<void> {
    stopping = true;
    for (const end of letGo) end();
    draw();
    await host.stop();
  }
  const stopOnce = stopBeforeQuit(clock, stop);
  const obstacle = updateObstacle(here, here.resources, platform);
  const updates = createUpdates({
    source: obstacle === null ? await packedUpdateSource(platform) : null,
    why: obstacle ?? '',
    clock,
    mode: () => engine.settings().shell.updates,
    busy() {
      if (runningOf(engine.snapshot()) > 0) return 'a session is running.';
      if (popover.isOpen() || window.isOpen()) return 'a window of Tenure is open.';
      return null;
    },
    async stop() {
      await stopOnce();
      // An installer closes every window first; the popover would only hide.
      popover.destroy();
    },
    again() {
      app.relaunch();
      app.exit(0);
    },
    tried: triedIn(app.getPath('userData')),
    notice: (sentence) => stopping || engine.notice('update', sentence),
  });
  engine.attach({
    loginItem: loginItem.get,
    setLoginItem: loginItem.set,
    shortcuts: shortcuts.current,
    updates: updates.state,
    checkForUpdate: updates.check,
    installUpdate: updates.install,
  });
  const letGo = [
    engine.onFact(draw),
    engine.onSettings(draw),
    watchPower(engine),
    createNotifier({ engine, native, open }),
    createAlerts({ engine, native, openWindow }),
    engine.register(nativeChannel(native, openWindow, engine.call)),
    openWhenHidden({ tray, clock, openWindow, tell: tellOfIcon }),
    shortcuts.stop,
    updates.stop,
  ];
  app.on('second-instance', open);
  app.on('activate', (_event, anyVisible) => anyVisible || open());
  links.show(openWindow);
  if (host.ownerToken !== null) await showOwnerToken(host.ownerToken, popover.ask);
  if (!demo) await offerApplications(platform, popover.ask);
}
