import { app } from 'electron';
import { linkIn, placeOf } from '../shared/deep-links.ts';

/**
 * `tenure://…` links, from before the program is ready until it ends. A link only ever shows a screen;
 * one that is none of ours is dropped.
 */
export function createLinks(): { show(openWindow: (hash: string) => void): void } {
  let waiting: string | null = null;
  let open: ((hash: string) => void) | null = null;
  const take = (link: string | null): void => {
    const place = link === null ? null : placeOf(link);
    if (place === null) return;
    if (open) open(place);
    else waiting = place;
  };
  app.on('open-url', (event, url) => {
    event.preventDefault();
    take(url);
  });
  app.on('second-instance', (_event, argv) => take(linkIn(argv)));
  // A checkout's Electron would be taken for Tenure by the whole system.
  if (app.isPackaged) app.setAsDefaultProtocolClient('tenure');
  take(linkIn(process.argv));

  return {
    /** From now on; and what came before. */
    show(openWindow) {
      open = openWindow;
      if (waiting !== null) openWindow(waiting);
      waiting = null;
    },
  };
}
