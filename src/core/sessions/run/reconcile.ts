import type { AgentEnding } from '../../drivers/driver.ts';
import type { ProcessIdentity } from '../../kernel/ports.ts';
import type { Change, SessionDeps } from '../ports.ts';
import { afterInterruption, RUNNING_STATES } from '../rules.ts';
import type { SessionPatch, SessionStorage, StoredSession } from '../storage.ts';

const GONE_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 50;

export interface ReconcileDeps extends SessionDeps {
  storage: SessionStorage;
  end(id: string, ending: Pick<AgentEnding, 'kind' | 'detail' | 'stillAlive'>, patch: SessionPatch): Promise<void>;
  change: Change;
}

/** Sessions that were running when Tenure ended without a goodbye. */
export function createReconciler(deps: ReconcileDeps) {
  const { spawner, clock, near } = deps;

  /** Ends what is left of a session's process tree, by identity and nonce; never by pid alone. */
  async function reap(session: StoredSession): Promise<number[]> {
    if (session.pid === null) return [];
    const leader: ProcessIdentity = { pid: session.pid, startedAt: session.pidStartedAt };
    const nonce = { name: 'TENURE_NONCE', value: session.nonce };
    const deadline = clock.monotonic() + GONE_WITHIN_MS;
    for (;;) {
      const left = await spawner.treeOf(leader, nonce);
      if (left.length === 0 || clock.monotonic() > deadline) return left.map((one) => one.pid);
      for (const one of left) spawner.signalOne(one, 'SIGKILL');
      await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
    }
  }

  async function settle(session: StoredSession): Promise<void> {
    const { id } = session;
    const stillAlive = await reap(session);
    const last: SessionPatch = { pid: null, pidStartedAt: null, deadlineAt: null };
    if (session.outcome !== null) {
      const detail = 'It had ended by itself when Tenure was cut off.';
      return deps.end(id, { kind: session.outcome, detail, stillAlive }, last);
    }
    if (afterInterruption(near.decisions.pendingCount(id), session.agentVersion !== null) === 'parked') {
      deps.change(id, { ...last, state: 'parked', stillAlive }, RUNNING_STATES, (emit) =>
        near.decisions.settleUnknown(emit, id),
      );
      return undefined;
    }
    const detail = 'Tenure was cut off while it ran. Its work tree is kept as it was.';
    return deps.end(id, { kind: 'interrupted', detail, stillAlive }, last);
  }

  return {
    async interrupted(sessions: readonly StoredSession[]): Promise<void> {
      await Promise.all(sessions.map(settle));
    },
  };
}
