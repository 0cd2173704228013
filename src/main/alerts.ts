import type { Incident, IncidentMessage } from '../shared/contract/incidents.ts';
import type { ShellEngine } from './host.ts';
import type { Native } from './native.ts';
import { judgeBy, VERDICT_LABELS } from './verdicts.ts';

/** Notifications of incidents, by this beginning of their ids; they are nobody's questions. */
export const ALERT_ID = /^inc_/;

export interface AlertOptions {
  engine: Pick<ShellEngine, 'onFact' | 'snapshot' | 'call' | 'settings'>;
  native: Pick<Native, 'show' | 'withdraw'>;
  /** Opens the larger window at that place. */
  openWindow(hash: string): void;
}

/**
 * A native notification for each message of an incident, as it is told and never again: a later message of
 * the same incident takes the place of the one before, and the end of an incident without one withdraws it.
 * @returns stops notifying; what is delivered stays.
 */
export function createAlerts({ engine, native, openWindow }: AlertOptions): () => void {
  function restart(incident: Incident): void {
    if (incident.serviceId === null) return openWindow('#/window/services');
    engine.call('services.restart', { id: incident.serviceId }).catch((error: unknown) => {
      const body = error instanceof Error ? error.message : String(error);
      const note = { id: `${incident.id}:refused`, groupId: 'services', title: 'The restart did not happen', body };
      const open = (): void => openWindow('#/window/services');
      void native.show({ ...note, buttons: [] }, { button: open, click: open });
    });
  }

  function show(incident: Incident, { kind, title, body }: IncidentMessage): void {
    const { serviceId, id } = incident;
    const place = serviceId === null ? '#/window/services' : `#/window/services/${encodeURIComponent(serviceId)}`;
    const open = (): void => openWindow(place);
    if (engine.settings().notifications.private) {
      const words = { title: 'Tenure', body: 'There is something to look at.' };
      const button = (index: number): void => (index === 0 ? open() : judgeBy(engine.call, native, id, index - 1));
      const buttons = ['Open', ...VERDICT_LABELS];
      void native.show({ id, groupId: 'services', ...words, buttons }, { button, click: open });
      return;
    }
    const service = engine.snapshot().services.find((known) => known.id === serviceId);
    // A restart is an act of the owner's, and medium: one click, where one is set up and nothing is under way.
    const mayRestart = kind !== 'recovered' && service?.restart != null && service.restarting?.state !== 'running';
    const own = mayRestart ? ['Restart', 'Open'] : ['Open'];
    const buttons = [...own, ...VERDICT_LABELS];
    const button = (index: number): void => {
      if (index >= own.length) judgeBy(engine.call, native, id, index - own.length);
      else if (own[index] === 'Restart') restart(incident);
      else open();
    };
    void native.show({ id, groupId: 'services', title, body, buttons }, { button, click: open });
  }

  return engine.onFact((fact) => {
    if (fact.type === 'incident.told') show(fact.body.incident, fact.body.message);
    if (fact.type !== 'incident.changed' || fact.body.incident.closedAt === null) return;
    native.withdraw(fact.body.incident.id);
  });
}
