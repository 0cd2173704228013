import type { Check } from '../../shared/contract/check.ts';
import type { AlertVerdict, Incident, IncidentEntry, RestartRecord } from '../../shared/contract/incidents.ts';
import type { Service } from '../../shared/contract/services.ts';
import { TenureError } from '../../shared/errors.ts';
import { RECENT } from '../../shared/state.ts';
import type { Emit } from '../kernel/journal.ts';
import { explanationOf, type IncidentDeps, type Subject } from './ports.ts';
import { createRestarts } from './restarts.ts';
import { createReview, type Seen } from './review.ts';
import type { StoredIncident } from './storage.ts';
import { createTelling } from './telling.ts';

/**
 * What failures mean: incidents with their messages and restarts. Everything is derived anew from what is
 * stored and how the services stand, so that a restart of Tenure repeats nothing and forgets nothing.
 */
export function createIncidents(deps: IncidentDeps) {
  const { journal, clock, storage, near } = deps;
  let openByService = new Map<string, StoredIncident>();
  let restartByService = new Map<string, RestartRecord>();

  const viewOf = ({ toldOpen: _told, nextTellAt: _next, ...incident }: StoredIncident): Incident => ({
    ...incident,
    services: incident.kind === 'service' ? [incident.title] : storage.members(incident.id).map(({ title }) => title),
  });

  function refresh(): void {
    openByService = new Map(storage.open().flatMap((one) => (one.serviceId === null ? [] : [[one.serviceId, one]])));
    restartByService = new Map(storage.openRestarts().map((restart) => [restart.serviceId, restart]));
  }

  const restarts = createRestarts({
    ...deps,
    changed(emit, serviceId) {
      refresh();
      near.redraw(emit, serviceId);
    },
  });
  const telling = createTelling({ ...deps, viewOf });
  const review = createReview({ ...deps, telling, restarts, viewOf, refresh });

  /** @throws TenureError `not_found`. */
  function stored(id: string): StoredIncident {
    const incident = storage.incident(id);
    if (!incident) throw new TenureError('not_found', `There is no incident "${id}".`);
    return incident;
  }

  return {
    /** Inside a commit: these were checked. */
    judge: (emit: Emit, checked: readonly Seen[]): void => review(emit, checked),
    /** What time brings: reminders, restarts that have waited, what was missed. */
    tick(): void {
      refresh();
      if (openByService.size > 0 || near.failing().length > 0 || storage.open().length > 0) {
        journal.commit((emit) => review(emit, []));
      }
    },
    isOfInterest: (id: string): boolean => openByService.has(id) || restartByService.has(id),

    /** What a service's view shows of it. */
    about(
      subject: Subject | null,
      settings: Subject['settings'],
      id: string,
    ): Pick<Service, 'inMaintenance' | 'silencedBy' | 'incidentId' | 'restarting'> {
      const fails = subject !== null && subject.progress.failingSince !== null;
      return {
        inMaintenance: settings.maintenance.length > 0 && near.inMaintenance(settings, clock.now()),
        silencedBy: fails ? (explanationOf(near, subject)?.settings.name ?? null) : null,
        incidentId: openByService.get(id)?.id ?? null,
        restarting: restartByService.get(id) ?? null,
      };
    },

    /** All that are open, and the newest others. */
    recent(): Incident[] {
      const open = storage.open();
      const known = new Set(open.map(({ id }) => id));
      return [...open.toReversed(), ...storage.recent(RECENT + open.length).filter(({ id }) => !known.has(id))]
        .slice(0, RECENT + open.length)
        .map(viewOf);
    },
    list({
      all,
      serviceId,
      limit,
    }: {
      all?: boolean | undefined;
      serviceId?: string | undefined;
      limit?: number | undefined;
    }): Incident[] {
      const found =
        serviceId !== undefined
          ? storage.ofService(serviceId, limit ?? 200)
          : all
            ? storage.recent(limit ?? 200)
            : storage.open().toReversed();
      return found
        .filter(({ closedAt }) => all || closedAt === null)
        .slice(0, limit ?? 200)
        .map(viewOf);
    },
    get: (id: string): Incident & { timeline: IncidentEntry[] } => ({
      ...viewOf(stored(id)),
      timeline: storage.timeline(id),
    }),
    /** Those that are kept one by one. @throws TenureError `not_found`. */
    checks: (id: string, from: number, to: number): Check[] => storage.checksBetween(stored(id).id, from, to),
    /** @throws TenureError `conflict` when nobody was told. */
    verdict(id: string, verdict: AlertVerdict | null): Incident {
      stored(id);
      return journal.commit((emit) => {
        if (!storage.judge(id, verdict)) {
          throw new TenureError('conflict', 'This incident was never told by itself, so there is no alert to judge.');
        }
        const incident = viewOf(stored(id));
        emit({ type: 'incident.changed', body: { incident } });
        return incident;
      });
    },

    restarts: (serviceId: string | undefined, limit: number): RestartRecord[] => storage.restarts(serviceId, limit),
    restart: (serviceId: string, by: string): RestartRecord =>
      restarts.byPerson(serviceId, by, openByService.get(serviceId) ?? null),
    declineRestart: (serviceId: string, by: string): RestartRecord => restarts.decline(serviceId, by),

    start(): void {
      restarts.reconcile();
      refresh();
    },
    stop: restarts.stop,
  };
}
