import type { Journal } from '../kernel/journal.ts';
import type { NotificationChannel } from '../kernel/shell-ports.ts';

interface PageChannelDeps {
  journal: Pick<Journal, 'signal'>;
  isOn(): boolean;
}

/** The pages that are open in a browser: each shows what it is told if the person allowed it there. */
export function createPageChannel({ journal, isOn }: PageChannelDeps): NotificationChannel {
  const send = (telling: Parameters<NotificationChannel['tell']>[0]): void => {
    if (isOn()) journal.signal({ type: 'notification.told', body: { telling } });
  };
  return {
    name: 'browser',
    title: 'Browser pages',
    standing: () =>
      isOn()
        ? {
            state: 'unknown',
            sentence: 'Pages that you allow to notify do so while they are in the background.',
            lastAt: null,
          }
        : { state: 'off', sentence: 'Switched off in the settings (notifications.browser).', lastAt: null },
    tell: send,
    withdraw: (id) => journal.signal({ type: 'notification.withdrawn', body: { id } }),
    async test() {
      send({
        id: 'test',
        title: 'This is a test',
        body: 'Notifications of Tenure arrive here.',
        place: '#/window/health',
      });
      return { outcome: 'sent', sentence: 'Sent to every open page; a page that you allow to notify shows it.' };
    },
  };
}
