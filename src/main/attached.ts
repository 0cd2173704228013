import { app } from 'electron';
import type { Clock } from '../core/kernel/ports.ts';
import { Config } from '../shared/config.ts';
import { TenureError } from '../shared/errors.ts';
import { openWhenHidden } from './hidden-icon.ts';
import { answerPages } from './ipc.ts';
import type { createLinks } from './links.ts';
import { attachedMenu } from './menu.ts';
import { createNative } from './native.ts';
import { allowOrigin } from './navigation.ts';
import { createNotifier } from './notifier.ts';
import { createPopover } from './popover.ts';
import type { Program } from './program.ts';
import type { Remote } from './remote.ts';
import { createTray } from './tray.ts';
import { trayFace } from './tray-face.ts';
import { createWindowOpener } from './window.ts';

/**
 * The icon, the popover and the window of an engine that runs in another process. Its pages come from its own
 * loopback address, where the person signs in as in a browser: being on the same Mac is no proof of the
 * owner to an engine of another process. It is never stopped from here.
 */
export function runAttached(
  here: Program,
  clock: Clock,
  remote: Remote,
  links: Pick<ReturnType<typeof createLinks>, 'show'>,
): void {
  const { platform, iconsDir } = here;
  const url = remote.url();
  const pages = { ...here.pages, url: `${url}/` };
  allowOrigin(url);

  const { open: openWindow } = createWindowOpener(pages);
  const again = (): void => {
    app.relaunch();
    app.quit();
  };
  const tray = createTray({
    iconsDir,
    platform,
    menu: () => attachedMenu(remote.snapshot(), { openWindow: () => openWindow(''), again, quit: () => app.quit() }),
    onMouseDown: () => popover.iconPressed(),
    onClick: (bounds) => popover.iconClicked(bounds),
  });
  const popover = createPopover({ ...pages, clock, iconBounds: tray.bounds });
  answerPages(
    {
      hide: (sender) => popover.owns(sender) && popover.hide(),
      pin: (sender, on) => popover.owns(sender) && popover.pin(on),
      openWindow,
    },
    url,
  );

  // What the engine's settings veil is not known here, so nothing is named.
  const draw = (): void => tray.show(trayFace(remote.snapshot(), clock.now(), true));
  draw();
  // Its questions are told too, with no more than Open: they are answered where the person has signed in.
  const { notifications, ...settings } = Config.parse({});
  createNotifier({
    engine: {
      snapshot: remote.last,
      onFact: remote.onFact,
      settings: () => ({ ...settings, notifications: { ...notifications, private: true } }),
      onSettings: remote.onChange,
      call: () => Promise.reject(new TenureError('not_allowed', 'The engine runs in another process: sign in there.')),
    },
    native: createNative({ platform, clock, isOn: () => true, onStanding: () => undefined }),
    open: () => popover.show(),
  });
  remote.onFact(draw);
  remote.onChange(() => {
    draw();
    // It has come back at another address: everything here belongs to the old one.
    if (remote.url() !== url) again();
  });
  const letGo = openWhenHidden({ tray, clock, openWindow });
  app.on('before-quit', () => {
    letGo();
    remote.stop();
  });
  app.on('second-instance', () => popover.show());
  app.on('activate', (_event, anyVisible) => anyVisible || popover.show());
  links.show(openWindow);
}
