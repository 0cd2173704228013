import type { agentMethods } from '../../../shared/contract/agents.ts';
import type { Handlers } from '../dispatch.ts';
import type { Services } from '../handlers.ts';

const PAGE = 200;

/** Agents: what they have earned, what is odd about it, and by which rules. */
export const agentHandlers = ({ agents }: Pick<Services, 'agents'>) =>
  ({
    'agents.list': () => agents.list(),
    'agents.get': ({ id }) => agents.get(id),
    'agents.events': (wanted) => agents.events(wanted),
    'agents.asOf': ({ id, seq }) => agents.asOf(id, seq),
    'agents.anomalies': ({ all, limit }) => agents.anomalies(all ?? false, limit ?? PAGE),
    'agents.acknowledge': ({ id, note }, caller) => agents.acknowledge({ id, note: note || null, by: caller.name }),
    'agents.settings': () => agents.settings(),
    'agents.configure': ({ settings }, caller) => agents.configure(settings, caller.name),
    'agents.preview': ({ settings }) => agents.preview(settings),
  }) satisfies Pick<Handlers, keyof typeof agentMethods>;
