import type { Handlers } from '../dispatch.ts';
import type { Services } from '../handlers.ts';

const PAGE = 200;

/** What the pipeline says of itself, and what it would say by other settings. */
export function analyticsHandlers({ history, pipeline }: Pick<Services, 'history' | 'pipeline'>) {
  const { alerts, preview, settings } = pipeline;
  return {
    'analytics.summary': () => ({ ...history.now(), alerts: alerts.list(false, PAGE) }),
    'analytics.alerts': ({ all, limit }) => alerts.list(all ?? false, limit ?? PAGE),
    'analytics.acknowledge': ({ id }, caller) => alerts.acknowledge(id, caller.name),
    'policy.settings': () => settings(),
    'policy.preview': (draft) => preview(draft),
  } satisfies Partial<Handlers>;
}
