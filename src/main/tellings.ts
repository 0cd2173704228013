import { Notification } from 'electron';
import { newsOf } from '../shared/news.ts';
import { ALERT_ID, type AlertOptions } from './alerts.ts';
import { told } from './asks.ts';

const NEWS_ID = /^news:/;
const KEPT = 50;

/** Is it a notification that only tells, and waits for no answer? By its id. */
export const isTelling = (id: string): boolean => ALERT_ID.test(id) || NEWS_ID.test(id);

/**
 * A native notification for each piece of work that was scored low, each strain of the machine and each
 * budget, as it is told and never again. A strain that is over withdraws its own.
 * @returns stops notifying; what is delivered stays.
 */
export function createTellings({ engine, openWindow }: Pick<AlertOptions, 'engine' | 'openWindow'>): () => void {
  if (!Notification.isSupported()) return () => undefined;
  /** Held: a notification that is collected takes the delivered one along. */
  const live = new Map<string, Notification>();

  return engine.onFact((fact) => {
    if (fact.type === 'resource.cleared') {
      const id = `news:${fact.body.alert.id}`;
      live.get(id)?.close();
      live.delete(id);
    }
    const news = newsOf(fact);
    if (news === null) return;
    const id = `news:${news.id}`;
    const notification = new Notification({
      id,
      groupId: 'news',
      title: told(news.title),
      body: told(news.body),
      actions: [{ type: 'button', text: 'Open' }],
    });
    const open = (): void => openWindow(news.place);
    notification.on('action', open);
    notification.on('click', open);
    live.get(id)?.close();
    live.set(id, notification);
    for (const oldest of live.keys()) {
      if (live.size <= KEPT) break;
      live.delete(oldest);
    }
    notification.show();
  });
}
