import type { Handlers } from '../dispatch.ts';
import type { Services } from '../handlers.ts';

/** Looking back on the decisions. */
export function historyHandlers({ history }: Pick<Services, 'history'>) {
  return {
    'decisions.page': (filter) => history.page(filter),
    'analytics.metrics': (of) => history.metrics(of),
    'analytics.series': (of) => history.series(of),
  } satisfies Partial<Handlers>;
}
