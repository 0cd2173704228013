import type { Telling } from '../shared/contract/notifications.ts';

/** Notifications of the browser, where the person allowed them: the shell has its own. */
const shown = new Map<string, Notification>();

export type Permission = 'granted' | 'denied' | 'default' | 'unsupported';

export const permission = (): Permission =>
  typeof Notification === 'undefined' ? 'unsupported' : Notification.permission;

/** Asks the person; has to come from a click. */
export async function askPermission(): Promise<Permission> {
  return typeof Notification === 'undefined' ? 'unsupported' : Notification.requestPermission();
}

export function showTelling({ id, title, body, place }: Telling): void {
  if (window.tenure || permission() !== 'granted') return;
  const notification = new Notification(title, { body, tag: id });
  shown.set(id, notification);
  notification.addEventListener('close', () => {
    // One that was replaced closes too; the newer one stays to be withdrawn.
    if (shown.get(id) === notification) shown.delete(id);
  });
  // It shows a place and never acts.
  notification.addEventListener('click', () => {
    window.focus();
    window.location.hash = place;
  });
}

export function withdrawTelling(id: string): void {
  shown.get(id)?.close();
  shown.delete(id);
}
