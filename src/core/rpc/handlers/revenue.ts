import type { Revenue } from '../../revenue/service.ts';
import type { Handlers } from '../dispatch.ts';

type RevenueMethod = Extract<keyof Handlers, `revenue.${string}`>;

export function revenueHandlers(revenue: Revenue): Pick<Handlers, RevenueMethod> {
  return {
    'revenue.sources': () => revenue.list(),
    'revenue.add': (input) => revenue.add(input),
    'revenue.update': (input) => revenue.update(input),
    'revenue.remove': ({ id }) => revenue.remove(id),
    'revenue.test': (input) => revenue.test(input),
    'revenue.look': ({ id }) => revenue.look(id),
    'revenue.newToken': ({ id }) => revenue.newToken(id),
    'revenue.enter': (input) => revenue.enter(input),
    'revenue.entries': ({ id, limit }) => revenue.entries(id, limit),
    'revenue.removeEntry': ({ id, key }) => revenue.removeEntry(id, key),
    'revenue.previewImport': ({ id, csv }) => revenue.previewImport(id, csv),
    'revenue.import': ({ id, csv }) => revenue.import(id, csv),
    'revenue.week': () => revenue.week(),
    'revenue.weeks': ({ count }) => revenue.weeks(count),
    'revenue.projects': () => revenue.projects(),
    'revenue.context': () => ({ text: revenue.context() }),
  };
}
