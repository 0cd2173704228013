import { NONCE_VARIABLE, type ProcessIdentity } from '../../kernel/ports.ts';
import type { Prompts } from '../conversation/prompts.ts';
import type { Change, SessionDeps } from '../ports.ts';
import { afterRun, RUNNING_STATES } from '../rules.ts';
import type { SessionPatch, SessionStorage, StoredSession } from '../storage.ts';
import type { Ending } from './ending.ts';

const GONE_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 50;

export interface ReconcileDeps extends SessionDeps {
  storage: SessionStorage;
  close(id: string, ending: Ending, patch: SessionPatch): boolean;
  change: Change;
  prompts: Prompts;
}

/** Sessions that were running when Tenure ended without a goodbye. */
export function createReconciler(deps: ReconcileDeps) {
  const { spawner, clock, near } = deps;

  /** Ends what is left of a session's process tree, by identity and nonce; never by pid alone. */
  async function reap(session: StoredSession): Promise<number[]> {
    // Without a pid (killed right after the start) the nonce still finds it.
    const leader: ProcessIdentity = {
      pid: session.pid ?? 0,
      startedAt: session.pid === null ? null : session.pidStartedAt,
    };
    const nonce = { name: NONCE_VARIABLE, value: session.nonce };
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
    near.tokens.revoke(id);
    const last: SessionPatch = { pid: null, pidStartedAt: null, deadlineAt: null, usedMs: usedBy(session) };
    const next = afterRun({
      kind: session.outcome ?? 'interrupted',
      stopWanted: null,
      pending: near.decisions.pendingCount(id),
      untold: near.decisions.undelivered(id).length + deps.prompts.waiting(id),
      agentStarted: session.agentVersion !== null,
      resumed: false,
    });
    if (next.step === 'park') {
      deps.change(id, { ...last, state: 'parked', outcome: null, stillAlive }, RUNNING_STATES, (emit) => {
        near.decisions.settleUnknown(emit, id);
        near.decisions.untell(id);
      });
      return;
    }
    const detail =
      session.outcome === null
        ? 'Tenure was cut off while it ran. Its work tree is kept as it was.'
        : 'It had ended by itself when Tenure was cut off.';
    const kind = next.step === 'end' ? next.kind : 'interrupted';
    // Only closed here: its verify command may take long, and the start must not wait for it.
    deps.close(id, { kind, detail, stillAlive }, last);
  }

  /** How much of its time box it had used when it was last known to run: all of it at the most. */
  function usedBy(session: StoredSession): number {
    if (session.deadlineAt === null) return session.usedMs;
    const began = session.deadlineAt - (session.timeBoxMs - session.usedMs);
    const ran = Math.max(0, clock.now() - began);
    return Math.round(Math.min(session.timeBoxMs, session.usedMs + ran));
  }

  return {
    async interrupted(sessions: readonly StoredSession[]): Promise<void> {
      await Promise.all(sessions.map(settle));
    },
  };
}
