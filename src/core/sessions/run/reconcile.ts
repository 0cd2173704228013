import { NONCE_VARIABLE, type ProcessIdentity } from '../../kernel/ports.ts';
import type { Prompts } from '../conversation/prompts.ts';
import type { Change, SessionDeps } from '../ports.ts';
import { afterRun, RUNNING_STATES } from '../rules.ts';
import type { SessionPatch, SessionStorage, StoredSession } from '../storage.ts';
import type { Ending } from './ending.ts';
import type { Waiting } from './waiting.ts';

const GONE_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 50;

export interface ReconcileDeps extends SessionDeps {
  storage: SessionStorage;
  close(id: string, ending: Ending, patch: SessionPatch): boolean;
  change: Change;
  prompts: Prompts;
  instead: Waiting['instead'];
}

/** Sessions that were running when Tenure ended without a goodbye. */
export function createReconciler(deps: ReconcileDeps) {
  const { spawner, clock, near } = deps;

  /**
   * Ends what is left of a session's process tree, by identity and nonce; never by pid alone.
   * @returns the pids that are still alive.
   */
  async function reap(session: StoredSession): Promise<number[]> {
    // Without a pid (killed right after the start) the nonce still finds it.
    const leader: ProcessIdentity = {
      pid: session.pid ?? 0,
      startedAt: session.pid === null ? null : session.pidStartedAt,
    };
    const nonce = { name: NONCE_VARIABLE, value: session.nonce };
    const known = session.pid === null ? session.tree : [leader, ...session.tree];
    const deadline = clock.monotonic() + GONE_WITHIN_MS;
    let empty = 0;
    for (;;) {
      // Some have lost both their parent and the nonce: they were seen before.
      const looks = known.map((one) => ({ one, is: spawner.probe(one) }));
      const seen = looks.filter(({ is }) => is === 'alive').map(({ one }) => one);
      const trees = await Promise.all([...new Set([leader, ...seen])].map((one) => spawner.treeOf(one, nonce)));
      const left = new Map([...seen, ...trees.flat()].map((one) => [one.pid, one]));
      // Nobody can tell whether these are it: they are not ended, and not taken for gone.
      const unsure = looks.filter(({ is }) => is === 'unknown').map(({ one }) => one.pid);
      // One that is between fork and exec shows no environment yet: nobody there is believed the second time.
      empty = left.size + unsure.length === 0 ? empty + 1 : 0;
      if (empty === 2) return [];
      if (clock.monotonic() > deadline) return [...new Set([...left.keys(), ...unsure])];
      for (const one of left.values()) spawner.signalOne(one, 'SIGKILL');
      await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
    }
  }

  async function settle(session: StoredSession): Promise<void> {
    const { id } = session;
    const stillAlive = await reap(session);
    near.tokens.revoke(id);
    const usedMs = usedBy(session);
    const last: SessionPatch = { pid: null, pidStartedAt: null, deadlineAt: null, usedMs, tree: [] };
    const next = afterRun({
      kind: session.outcome ?? 'interrupted',
      stopWanted: null,
      pending: near.decisions.pendingCount(id),
      // Both are kept whatever comes next; only after an end of its own they are why there is a next run. A cut-off is counted.
      untold: session.outcome === null ? 0 : near.decisions.undelivered(id).length + deps.prompts.waiting(id),
      agentStarted: session.agentVersion !== null,
      resumed: false,
    });
    if (next.step === 'park') {
      const parked: SessionPatch = { ...last, state: 'parked', outcome: null, held: null, stillAlive };
      deps.change(id, parked, RUNNING_STATES, (emit) => {
        near.decisions.settleUnknown(emit, id);
        near.decisions.untell(id);
      });
      return;
    }
    const detail =
      session.outcome === null
        ? 'Tenure was cut off while it ran. Its work tree is kept as it was.'
        : 'It had ended by itself when Tenure was cut off.';
    const kind = next.step === 'end' && next.kind !== 'deferred' ? next.kind : 'interrupted';
    const ranMs = usedMs - session.usedMs;
    const end = { kind, detail, stillAlive, wanted: false, goodbye: false, resetsAt: null, ranMs };
    if (deps.instead(session, end, last)) return;
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

    /** Sessions that do not run, but may have left processes: what resisted a stop, what measured their work. */
    async sweep(sessions: readonly StoredSession[]): Promise<void> {
      await Promise.all(
        sessions.map(async (session) => {
          const { id, state, stillAlive: before } = session;
          if (before.length === 0 && session.tree.length === 0 && state !== 'evaluating') return;
          const stillAlive = await reap(session);
          if (stillAlive.join() !== before.join() || session.tree.length > 0)
            deps.change(id, { stillAlive, tree: [] }, [state]);
        }),
      );
    },
  };
}
