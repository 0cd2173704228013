import type { Handlers } from '../dispatch.ts';
import type { Services } from '../handlers.ts';

const PAGE = 200;

/** What the pipeline says of itself, and what it would say by other settings. */
export function analyticsHandlers({
  history,
  pipeline,
  settings: configuration,
}: Pick<Services, 'history' | 'pipeline' | 'settings'>) {
  const { alerts, preview, settings } = pipeline;
  const PREFIX = 'decisions.';
  const keyOf = (key: string): string => (key.startsWith(PREFIX) ? key : `${PREFIX}${key}`);
  return {
    'analytics.summary': () => ({ ...history.now(), alerts: alerts.list(false, PAGE) }),
    'analytics.alerts': ({ all, limit }) => alerts.list(all ?? false, limit ?? PAGE),
    'analytics.acknowledge': ({ id }, caller) => alerts.acknowledge(id, caller.name),
    'policy.settings': () => settings(),
    'policy.set': ({ changes }, caller) => {
      const wanted = Object.entries(changes).map(([key, value]) => ({ key: keyOf(key), value }));
      if (wanted.length > 0) configuration.set(wanted, caller.name);
      return settings();
    },
    'policy.reset': ({ keys }, caller) => {
      const given = configuration.view().fields.filter(({ key, given: isGiven }) => key.startsWith(PREFIX) && isGiven);
      const wanted = keys?.map(keyOf) ?? given.filter(({ partOf }) => partOf === null).map(({ key }) => key);
      if (wanted.length > 0)
        configuration.set(
          wanted.map((key) => ({ key })),
          caller.name,
        );
      return settings();
    },
    'policy.preview': (draft) => preview(draft),
  } satisfies Partial<Handlers>;
}
