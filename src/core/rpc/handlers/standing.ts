import type { Handlers } from '../dispatch.ts';
import type { Services } from '../handlers.ts';

/** Rules that a person makes. */
export function standingHandlers({ standing }: Pick<Services, 'standing'>) {
  return {
    'rules.list': (filter) => standing.list(filter),
    'rules.draft': ({ decisionId }) => standing.draft(decisionId),
    'rules.preview': (draft) => standing.preview(draft),
    'rules.add': (draft, caller) => standing.add(draft, caller.name),
    'rules.revoke': ({ id }, caller) => standing.revoke(id, caller.name),
  } satisfies Partial<Handlers>;
}
