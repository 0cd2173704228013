import { Notification } from 'electron';
import type { Incident, IncidentMessage } from '../shared/contract/incidents.ts';
import type { ShellEngine } from './host.ts';

/** Notifications of incidents, by this beginning of their ids; they are nobody's questions. */
export const ALERT_ID = /^inc_/;

export interface AlertOptions {
  engine: Pick<ShellEngine, 'onFact' | 'snapshot' | 'call' | 'notice'>;
  /** Opens the larger window at that place. */
  openWindow(hash: string): void;
}

const KEPT = 50;

/**
 * A native notification for each message of an incident, as it is told and never again: a later message of
 * the same incident takes the place of the one before, and the end of an incident without one withdraws it.
 * @returns stops notifying; what is delivered stays.
 */
export function createAlerts({ engine, openWindow }: AlertOptions): () => void {
  if (!Notification.isSupported()) return () => undefined;
  /** Held: a notification that is collected takes the delivered one along. */
  const live = new Map<string, Notification>();

  function restart(incident: Incident): void {
    if (incident.serviceId === null) return openWindow('#/window/services');
    engine.call('services.restart', { id: incident.serviceId }).catch((error: unknown) => {
      const body = error instanceof Error ? error.message : String(error);
      new Notification({ id: `${incident.id}:refused`, title: 'The restart did not happen', body }).show();
    });
  }

  function show(incident: Incident, { kind, title, body }: IncidentMessage): void {
    const { serviceId } = incident;
    const place = serviceId === null ? '#/window/services' : `#/window/services/${encodeURIComponent(serviceId)}`;
    const service = engine.snapshot().services.find(({ id }) => id === serviceId);
    // A restart is an act of the owner's, and medium: one click, where one is set up and nothing is under way.
    const mayRestart = kind !== 'recovered' && service?.restart != null && service.restarting?.state !== 'running';
    const labels = mayRestart ? ['Restart', 'Open'] : ['Open'];
    const actions = labels.map((text) => ({ type: 'button' as const, text }));
    live.get(incident.id)?.close();
    const notification = new Notification({ id: incident.id, groupId: 'services', title, body, actions });
    notification.on('action', ({ actionIndex }) =>
      labels[actionIndex] === 'Restart' ? restart(incident) : openWindow(place),
    );
    notification.on('click', () => openWindow(place));
    live.delete(incident.id);
    live.set(incident.id, notification);
    for (const id of live.keys()) {
      if (live.size <= KEPT) break;
      live.delete(id);
    }
    notification.show();
  }

  return engine.onFact((fact) => {
    if (fact.type === 'incident.told') show(fact.body.incident, fact.body.message);
    if (fact.type !== 'incident.changed' || fact.body.incident.closedAt === null) return;
    live.get(fact.body.incident.id)?.close();
    live.delete(fact.body.incident.id);
  });
}
