import { useSyncExternalStore } from 'react';

export const WINDOW_SCREENS = [
  'sessions',
  'decisions',
  'trust',
  'agents',
  'services',
  'projects',
  'usage',
  'revenue',
  'schedule',
  'activity',
  'health',
  'settings',
] as const;
export type WindowScreen = (typeof WINDOW_SCREENS)[number];

export const SCREEN_NAMES: Readonly<Record<WindowScreen, string>> = {
  sessions: 'Sessions',
  decisions: 'Decisions',
  trust: 'Trust',
  agents: 'Agents',
  services: 'Services',
  projects: 'Projects',
  usage: 'Usage',
  revenue: 'Revenue',
  activity: 'Activity',
  schedule: 'Schedule',
  health: 'Health',
  settings: 'Settings',
};

/** The parts of a session's screen; the first is shown when a hash names none. */
export const SESSION_TABS = ['overview', 'transcript', 'changes'] as const;
export type SessionTab = (typeof SESSION_TABS)[number];

export type Route = { view: 'popover' } | { view: 'window'; screen: WindowScreen; id: string | null; tab: SessionTab };

/** The view of a hash; one that names nothing is the popover. A hash only ever shows, it never acts. */
export function routeOf(hash: string): Route {
  const [place, name, id, part] = hash.replace(/^#?\/?/, '').split('/');
  const screen = WINDOW_SCREENS.find((known) => known === name);
  if (place !== 'window' || !screen) return { view: 'popover' };
  const tab = SESSION_TABS.find((known) => known === part) ?? SESSION_TABS[0];
  return { view: 'window', screen, id: id ? safeDecode(id) : null, tab };
}

/** The hash of a screen of the larger window, of one thing on it, and of a tab of that. */
export function hashOf(screen: WindowScreen, id?: string, tab?: SessionTab): string {
  const part = tab === undefined || tab === SESSION_TABS[0] ? '' : `/${tab}`;
  return `#/window/${screen}${id ? `/${encodeURIComponent(id)}${part}` : ''}`;
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

/** Under the shell a link of the popover opens that screen in the window of its own, whoever drew the link. */
export function watchLinks(): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (event.defaultPrevented || !link || routeOf(link.hash).view === 'popover') return;
    event.preventDefault();
    openWindow(link.hash);
  });
}
