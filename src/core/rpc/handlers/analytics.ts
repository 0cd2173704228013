import type { Handlers } from '../dispatch.ts';
import type { Services } from '../handlers.ts';
import { partSettings } from './part-settings.ts';

const PAGE = 200;

/** What the pipeline says of itself, and what it would say by other settings. */
export function analyticsHandlers({
  history,
  pipeline,
  settings: configuration,
}: Pick<Services, 'history' | 'pipeline' | 'settings'>) {
  const { alerts, preview, settings } = pipeline;
  const part = partSettings(configuration, 'decisions');
  return {
    'analytics.summary': () => ({ ...history.now(), alerts: alerts.list(false, PAGE) }),
    'analytics.alerts': ({ all, limit }) => alerts.list(all ?? false, limit ?? PAGE),
    'analytics.acknowledge': ({ id }, caller) => alerts.acknowledge(id, caller.name),
    'policy.settings': () => settings(),
    'policy.set': ({ changes }, caller) => {
      part.set(changes, caller.name);
      return settings();
    },
    'policy.reset': ({ keys }, caller) => {
      part.reset(keys, caller.name);
      return settings();
    },
    'policy.preview': (draft) => preview(draft),
  } satisfies Partial<Handlers>;
}
