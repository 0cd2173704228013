import type { Load } from '../../resources/load.ts';
import type { Resources } from '../../resources/service.ts';
import type { Handlers } from '../dispatch.ts';

type ResourceMethod = Exclude<Extract<keyof Handlers, `resources.${string}`>, 'resources.judge'>;

export function resourceHandlers(resources: Resources, load: Load): Pick<Handlers, ResourceMethod> {
  return {
    'resources.state': async () => ({
      thresholds: resources.probes(),
      pressure: await resources.pressure(),
      line: resources.line(),
    }),
    'resources.load': () => load.now(),
    'resources.top': () => load.top(),
    'resources.history': (input) => resources.history(input),
    'resources.alerts': (input) => resources.alerts(input),
  };
}
