import type { AgentEnding } from '../../drivers/driver.ts';
import type { Emit } from '../../kernel/journal.ts';
import { redact } from '../../kernel/redact.ts';
import type { Change, EndedSession, SessionDeps } from '../ports.ts';
import { OPEN_STATES, problemOf } from '../rules.ts';
import type { SessionPatch, SessionStorage, StoredSession } from '../storage.ts';

export type Ending = Pick<AgentEnding, 'kind' | 'detail' | 'stillAlive'>;

export interface EndingDeps extends SessionDeps {
  storage: SessionStorage;
  change: Change;
  emitView(emit: Emit, type: 'session.ended', id: string): void;
  /** Aborted when the engine stops: an unfinished evaluation is left for the next start. */
  shutdown: AbortSignal;
}

/** How what still ran when a session ended has ended itself; null: nobody saw. */
const lastAction = (outcome: StoredSession['outcome']): 'aborted' | 'timed_out' | null =>
  outcome === 'stopped' ? 'aborted' : outcome === 'timed_out' || outcome === 'stalled' ? 'timed_out' : null;

/** The end of a session: closed, measured, evaluated once. */
export function createEnding(deps: EndingDeps) {
  const { storage, change, emitView, clock, log, near, shutdown } = deps;
  const evaluating = new Map<string, Promise<void>>();

  /** Closes a session for good: nothing of it may run any more, its questions are withdrawn. False: it was not open. */
  function close(id: string, ending: Ending, patch: SessionPatch): boolean {
    const outcome = ending.kind === 'deferred' ? 'interrupted' : ending.kind;
    const last: SessionPatch = {
      ...patch,
      state: 'evaluating',
      outcome,
      endedAt: clock.now(),
      problem: problemOf(outcome, redact(ending.detail)),
      stillAlive: ending.stillAlive,
      waitReason: null,
      retryAt: null,
      held: null,
    };
    const ended = change(id, last, OPEN_STATES, (emit) =>
      near.decisions.closeSession(emit, id, 'Its session has ended.', lastAction(outcome)),
    );
    near.decisions.wakeSession(id);
    return ended;
  }

  /** Closes a session and evaluates it; natural ends are evaluated exactly once, over restarts too. */
  async function end(id: string, ending: Ending, patch: SessionPatch): Promise<void> {
    if (close(id, ending, patch)) await evaluate(id);
  }

  function evaluate(id: string): Promise<void> {
    const already = evaluating.get(id);
    if (already) return already;
    const work = measureOne(id)
      .catch((error: unknown) => log.error({ err: error, sessionId: id }, 'an evaluation failed; it is tried again'))
      .finally(() => evaluating.delete(id));
    evaluating.set(id, work);
    return work;
  }

  /** What a session leaves to be evaluated; null: there is no such session. */
  function factsOf(id: string): EndedSession | null {
    const session = storage.get(id);
    if (!session) return null;
    const project = near.projects.get(session.projectId);
    const decisions = near.decisions.ofSession(session.id);
    const refused = decisions.filter((d) => d.risk === 'critical' && (d.state === 'refused' || d.state === 'denied'));
    return {
      sessionId: session.id,
      project,
      prompt: session.prompt,
      outcome: session.outcome ?? 'interrupted',
      level: session.level,
      cwd: session.worktree ?? (session.baseCommit === null ? null : project.path),
      baseCommit: session.baseCommit,
      target: near.work.of({ ...session, uncommitted: null }).target,
      resultText: session.resultText,
      nonce: session.nonce,
      refusedCritical: refused.length,
      unanswered: decisions.filter((d) => d.state === 'expired').length,
    };
  }

  async function measureOne(id: string): Promise<void> {
    const facts = factsOf(id);
    if (!facts) return;
    await near.evaluations.evaluate(
      facts,
      (emit, { outcome, evidence, score }) => {
        near.telemetry.measured(id, score);
        const { commits, filesChanged, insertions, deletions } = evidence;
        storage.patch(id, { state: 'ended', outcome, commits, filesChanged, insertions, deletions }, ['evaluating']);
        emitView(emit, 'session.ended', id);
      },
      shutdown,
    );
  }

  return { close, end, evaluate, factsOf, inProgress: (): Promise<void>[] => [...evaluating.values()] };
}
