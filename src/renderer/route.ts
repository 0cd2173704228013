import { useSyncExternalStore } from 'react';

export const WINDOW_SCREENS = ['sessions', 'decisions', 'trust', 'projects', 'health', 'settings'] as const;
export type WindowScreen = (typeof WINDOW_SCREENS)[number];

export type Route = { view: 'popover' } | { view: 'window'; screen: WindowScreen; id: string | null };

/** The view of a hash; one that names nothing is the popover. A hash only ever shows, it never acts. */
export function routeOf(hash: string): Route {
  const [place, name, id] = hash.replace(/^#?\/?/, '').split('/');
  const screen = WINDOW_SCREENS.find((known) => known === name);
  if (place !== 'window' || !screen) return { view: 'popover' };
  return { view: 'window', screen, id: id ? safeDecode(id) : null };
}

/** The hash of a screen of the larger window. */
export function hashOf(screen: WindowScreen, id?: string): string {
  return `#/window/${screen}${id ? `/${encodeURIComponent(id)}` : ''}`;
}

function safeDecode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

const listen = (changed: () => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(listen, () => window.location.hash));
}

/** Shows a screen of the larger window: in a window of its own under the shell, else in this page. */
export function openWindow(hash: string): void {
  if (window.tenure && routeOf(window.location.hash).view === 'popover') window.tenure.openWindow(hash);
  else window.location.hash = hash;
}
