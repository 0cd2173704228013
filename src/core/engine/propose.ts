import type { Proposed } from '../../shared/contract/proposals.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Decisions } from '../decisions/service.ts';
import type { GateAnswer, GateCall } from '../drivers/driver.ts';
import type { Ids } from '../kernel/ports.ts';
import type { Sessions } from '../sessions/service.ts';

interface ProposeDeps {
  ids: Ids;
  sessions: Pick<Sessions, 'ask'>;
  decisions: Pick<Decisions, 'get' | 'openOf' | 'reported' | 'callOf'>;
}

/** What the ids of calls begin with that came as proposals. */
const PROPOSED = 'prop';

type Wanted = Pick<GateCall, 'tool' | 'input' | 'cwd'>;

/**
 * Proposals without a hook: an agent with its session's token asks, comes back for the answer, and says
 * how it went. Who proposes is who holds the token; the same gate answers, and nobody is waited for.
 */
export function createPropose({ ids, sessions, decisions }: ProposeDeps) {
  /** The gate's answer to whom does not wait for one. */
  const ask = (sessionId: string, call: GateCall): Promise<GateAnswer> =>
    sessions.ask(sessionId, call, AbortSignal.abort());

  /** @throws TenureError not_found: there is no such proposal of this session. */
  function own(sessionId: string, id: string) {
    const decision = decisions.get(id);
    if (decision.sessionId !== sessionId)
      throw new TenureError('not_found', `There is no proposal "${id}" of this session.`);
    return decision;
  }

  return {
    /** Proposes an action: answered at once, or a question to a person. @throws TenureError refused: not even asked. */
    async create(sessionId: string, wanted: Wanted): Promise<Proposed> {
      const call: GateCall = { ...wanted, toolUseId: ids.next(PROPOSED), agentId: null };
      const { permission, reason } = await ask(sessionId, call);
      const decision = decisions.openOf(sessionId, call);
      if (!decision) throw new TenureError('refused', reason);
      const may = permission === 'allow' && decision.state !== 'pending';
      return { proposal: decision, mayRun: may, reason: decision.state === 'pending' ? 'A person is asked.' : reason };
    },

    /**
     * Comes for the answer to what was proposed, with the very same action. Only `mayRun` lets it run, once.
     * @throws TenureError not_found, conflict: it is another action, or its answer was fetched already.
     */
    async execute(sessionId: string, id: string, wanted: Wanted): Promise<Proposed> {
      const before = own(sessionId, id);
      const known = decisions.callOf(id);
      const call: GateCall = { ...wanted, toolUseId: known.toolUseId, agentId: null };
      if (!known.isSame(call))
        throw new TenureError(
          'conflict',
          'This is another action than the one that was proposed; propose it by itself.',
        );
      if (before.state === 'allowed' || before.startedAt !== null || before.outcome !== null)
        throw new TenureError('conflict', 'This was let through already; an approval is for one run.');
      if (before.state === 'pending') return { proposal: before, mayRun: false, reason: 'Nobody has answered yet.' };
      const { permission, reason } = await ask(sessionId, call);
      const proposal = decisions.get(id);
      return { proposal, mayRun: permission === 'allow' && proposal.startedAt !== null, reason };
    },

    /** How it went, as the agent says. @throws TenureError not_found, conflict: it does not run. */
    report(sessionId: string, id: string, ok: boolean): Proposed['proposal'] {
      own(sessionId, id);
      // How a tool call of the agent's ends is seen, and not for it to say.
      if (!decisions.callOf(id).toolUseId?.startsWith(`${PROPOSED}_`))
        throw new TenureError('conflict', 'This was no proposal: how it ends is seen, not reported.');
      decisions.reported(id, ok);
      return decisions.get(id);
    },
  };
}
