import type { Watch } from '../../engine/watch.ts';
import type { Handlers } from '../dispatch.ts';

const RESTARTS = 100;

type Mine = Exclude<Extract<keyof Handlers, `services.${string}` | `incidents.${string}`>, 'incidents.judge'>;

/** Services and incidents. */
export function serviceHandlers({ probes, incidents }: Watch): Pick<Handlers, Mine> {
  return {
    'services.list': () => probes.list(),
    'services.status': ({ ids, checks }) => probes.status(ids, checks ?? false),
    'services.history': ({ id, span }) => probes.history(id, span),
    'services.restarts': ({ id, limit }) => incidents.restarts(id, limit ?? RESTARTS),
    'services.try': async (settings) => {
      const { ok, ms, detail, values } = await probes.try(settings);
      return { ok, ms, detail, values: values() };
    },
    'services.add': (settings) => probes.add(settings),
    'services.update': ({ id, settings }) => probes.update(id, settings),
    'services.remove': ({ id }) => probes.remove(id),
    'services.check': async ({ id }) => {
      await probes.checkNow(id);
      return probes.get(id);
    },
    'services.pause': ({ id, paused }) => probes.setPaused(id, paused),
    'services.restart': ({ id }, caller) => {
      probes.get(id);
      return incidents.restart(id, caller.name);
    },
    'services.declineRestart': ({ id }, caller) => incidents.declineRestart(id, caller.name),
    'services.renewPushUrl': ({ id }) => probes.renewPushUrl(id),

    'incidents.list': (filter) => incidents.list(filter),
    'incidents.get': ({ id }) => incidents.get(id),
    'incidents.checks': ({ id, from, to }) => incidents.checks(id, from, to),
  };
}
