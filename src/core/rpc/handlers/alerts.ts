import type { Alerts } from '../../alerts/service.ts';
import type { Watch } from '../../engine/watch.ts';
import type { Resources } from '../../resources/service.ts';
import type { Handlers } from '../dispatch.ts';

interface AlertServices {
  alerts: Alerts;
  watch: Pick<Watch, 'incidents'>;
  resources: Pick<Resources, 'judge'>;
}

/** What asked for attention, and the person's word on it; one record for every kind of it. */
export const alertHandlers = ({ alerts, watch, resources }: AlertServices) =>
  ({
    'alerts.list': (filter) => alerts.list(filter),
    'alerts.judge': ({ id, verdict }, caller) => alerts.judge(id, verdict, caller.name),
    'incidents.judge': ({ id, verdict }, caller) => {
      if (alerts.has(id)) alerts.judge(id, verdict, caller.name);
      return watch.incidents.verdict(id, verdict);
    },
    'resources.judge': ({ id, verdict }, caller) => {
      if (alerts.has(id)) alerts.judge(id, verdict, caller.name);
      return resources.judge({ id, verdict });
    },
  }) satisfies Partial<Handlers>;
