import type { AgentEnding } from '../../drivers/driver.ts';
import type { Prompts } from '../conversation/prompts.ts';
import type { Change, SessionDeps } from '../ports.ts';
import { afterRun, RUNNING_STATES } from '../rules.ts';
import type { SessionPatch, SessionStorage } from '../storage.ts';
import type { Ending } from './ending.ts';
import { kept, type Live } from './live.ts';
import type { Waiting } from './waiting.ts';

export interface AftermathDeps extends SessionDeps {
  storage: SessionStorage;
  change: Change;
  /** Ends a session that no process belongs to any more, and evaluates it. */
  end(id: string, ending: Ending, patch: SessionPatch): Promise<void>;
  instead: Waiting['instead'];
  prompts: Prompts;
}

/** A run that is over. */
interface Over {
  live: Live;
  ending: AgentEnding;
  resumed: boolean;
}

/** What becomes of a session once its run is over: parked, held, waiting for the next run, or ended. */
export function createAftermath(deps: AftermathDeps) {
  const { storage, change, clock, ids, log, near, prompts } = deps;
  const unfinished = new Map<string, Over>();

  /**
   * The agent no longer knows the conversation that was to go on (it writes its own transcript late, so a
   * cut-off may lose it): it begins anew in the same work tree, with the answers told in the first prompt.
   */
  function beginAnew(id: string, last: SessionPatch): void {
    const fresh = { agentSessionId: ids.uuid(), agentVersion: null, deferredToolUseId: null, outcome: null };
    change(id, { ...last, ...fresh, state: 'queued' }, RUNNING_STATES, () => prompts.beganAnew(id));
  }

  /** Parks or ends, by how the run ended and what is still open. */
  async function finish(id: string, live: Live, ending: AgentEnding, resumed: boolean): Promise<void> {
    const session = storage.get(id);
    if (!session) return undefined;
    near.tokens.revoke(id);
    near.transcripts.close(id);
    const usedMs = Math.round(session.usedMs + Math.max(0, clock.monotonic() - live.began));
    const last: SessionPatch = { ...kept(live), usedMs, pid: null, pidStartedAt: null, deadlineAt: null, tree: [] };
    if (live.hold) return holdBack(id, live.hold, last, ending.stillAlive);
    const undelivered = near.decisions.undelivered(id);
    if (ending.kind === 'completed') prompts.settle(id);
    const cutOff = ending.kind === 'interrupted';
    const next = afterRun({
      kind: ending.kind,
      stopWanted: live.stopWanted,
      pending: near.decisions.pendingCount(id),
      untold: undelivered.filter((answer) => cutOff || answer.toldAt === null).length + prompts.waiting(id),
      agentStarted: session.agentVersion !== null,
      resumed,
    });
    if (next.step === 'begin_anew') return beginAnew(id, last);
    if (next.step === 'end') {
      const kind = next.kind === 'deferred' ? 'interrupted' : next.kind;
      const goodbye = cutOff && live.stopWanted === 'interrupted';
      const wanted = live.stopWanted !== null && live.stopWanted !== 'interrupted';
      const ranMs = clock.monotonic() - live.began;
      const early = { ...ending, kind, wanted, goodbye, ranMs };
      if (deps.instead(session, early, last)) return undefined;
      return deps.end(id, { ...ending, kind }, last);
    }
    const parked: SessionPatch = {
      ...last,
      state: 'parked',
      outcome: null,
      held: null,
      deferredToolUseId: ending.deferred?.toolUseId ?? null,
      stillAlive: ending.stillAlive,
    };
    change(id, parked, RUNNING_STATES, (emit) => {
      near.decisions.settleUnknown(emit, id);
      if (cutOff) near.decisions.untell(id);
    });
    return undefined;
  }

  /** Parks a session with the question whether it may go on. */
  function holdBack(id: string, why: NonNullable<Live['hold']>, last: SessionPatch, stillAlive: number[]): void {
    const held = { ...why, since: clock.now() };
    const parked: SessionPatch = { ...last, state: 'parked', outcome: null, held, resumeCause: 'held', stillAlive };
    change(id, parked, RUNNING_STATES, (emit) => {
      near.decisions.settleUnknown(emit, id);
      near.decisions.untell(id);
    });
  }

  /** Brings a run to its end; what cannot be written now (a full disk) is kept and tried again. */
  async function bring(id: string, over: Over): Promise<void> {
    try {
      await finish(id, over.live, over.ending, over.resumed);
      unfinished.delete(id);
    } catch (error) {
      log.error({ err: error, sessionId: id }, 'a session could not be brought to its end; it is tried again');
      unfinished.set(id, over);
    }
  }

  return {
    bring,
    /** Ends that could not be written are tried again. */
    async retry(): Promise<void> {
      for (const [id, over] of unfinished) await bring(id, over);
    },
  };
}
