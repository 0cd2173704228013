import { TenureError } from '../../../shared/errors.ts';
import type { AgentEnding, AgentEvent, AgentLimits, AgentRun, LaunchSpec, Message } from '../../drivers/driver.ts';
import { redact } from '../../kernel/redact.ts';
import { openingOf, placeFor } from '../conversation/opening.ts';
import type { Prompts } from '../conversation/prompts.ts';
import type { Change, SessionDeps } from '../ports.ts';
import { afterRun, effectiveLevel, RUNNING_STATES } from '../rules.ts';
import type { SessionPatch, SessionStorage, StoredSession } from '../storage.ts';
import type { Ending } from './ending.ts';
import { dropTimers, type Live, newLive, signalSoon, takeUp } from './live.ts';
import { createSpawns } from './spawns.ts';

type StopCause = Parameters<AgentRun['stop']>[0];

export interface RunnerDeps extends SessionDeps {
  storage: SessionStorage;
  lives: Map<string, Live>;
  change: Change;
  prompts: Prompts;
  /** Ends a session that no process belongs to any more, and evaluates it. */
  end(id: string, ending: Ending, patch: SessionPatch): Promise<void>;
}

/** What the agent is told, in the shape of its own stream, for the transcript. */
const promptLine = (prompt: string): string => JSON.stringify({ type: 'user', message: { content: prompt } });

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A run that is over. */
interface Over {
  live: Live;
  ending: AgentEnding;
  resumed: boolean;
}

/** One run of an agent, from a queued row to a parked or ended one. */
export function createRunner(deps: RunnerDeps) {
  const { storage, lives, change, journal, clock, ids, log, near, prompts } = deps;
  const unfinished = new Map<string, Over>();
  const spawns = createSpawns(deps);

  function observe(id: string, live: Live, event: AgentEvent): void {
    try {
      take(id, live, event);
    } catch (error) {
      // A store that cannot be written (a full disk) must not take the run's supervision down with it.
      log.error({ err: error, sessionId: id, event: event.type }, 'an event of an agent could not be taken up');
    }
  }

  function take(id: string, live: Live, event: AgentEvent): void {
    switch (event.type) {
      case 'spawned':
        change(
          id,
          { pid: event.identity?.pid ?? null, pidStartedAt: event.identity?.startedAt ?? null },
          RUNNING_STATES,
        );
        break;
      case 'started': {
        const session = storage.get(id);
        if (!session) break;
        const started = { state: 'working', agentVersion: event.version, model: event.model ?? session.model } as const;
        change(id, started, RUNNING_STATES, (emit) => near.trust.creditSession(emit, id, session.level));
        break;
      }
      case 'line':
        near.transcripts.append(id, clock.now(), event.text);
        break;
      case 'tool_result':
        if (!near.decisions.settle(id, event.toolUseId, event.ok) && event.ok) bypassed(id, live, event.toolUseId);
        break;
      case 'result': {
        const { kind, text, costUsd } = event.result;
        live.figures.costUsd = costUsd ?? live.figures.costUsd;
        // Noted at once, so that a cut-off between here and the end of the process loses nothing.
        const noted =
          kind === 'deferred' ? { outcome: null, deferredToolUseId: event.result.deferred } : { outcome: kind };
        change(
          id,
          { resultText: text === null ? null : redact(text), costUsd: live.figures.costUsd, ...noted },
          RUNNING_STATES,
        );
        break;
      }
      case 'message':
        prompts.heard(id, event.id, event.state);
        break;
      case 'tool_call':
        break;
      case 'activity':
      case 'usage':
        if (takeUp(live, event)) signalSoon(id, live, clock, journal);
        break;
    }
  }

  /** A tool has run without passing the gate: the gate did not prove itself alive, so nothing goes on. */
  function bypassed(id: string, live: Live, toolUseId: string): void {
    log.error({ sessionId: id, toolUseId }, 'a tool call ran without passing the gate; the session is stopped');
    stop(id, live, 'ended_by_gate');
  }

  function stop(id: string, live: Live, cause: StopCause): void {
    live.stopWanted ??= cause;
    live.figures.phase = 'stopping';
    signalSoon(id, live, clock, journal);
    void live.run?.stop(live.stopWanted);
  }

  /** The branch of the session that this one forks. */
  const branchBefore = (id: string): string | null =>
    prompts.forkOf(id) === null ? null : (storage.get(prompts.before(id) ?? '')?.branch ?? null);

  async function workplace(session: StoredSession): Promise<string> {
    const project = near.projects.get(session.projectId);
    if (session.baseCommit !== null) return session.worktree ?? project.path;
    const { cwd, branch, worktree, baseCommit } = await placeFor(
      session,
      project,
      near.worktrees,
      branchBefore(session.id),
    );
    change(session.id, { branch, worktree, baseCommit }, RUNNING_STATES);
    return cwd;
  }

  function specOf(session: StoredSession, cwd: string, resume: boolean, limits: AgentLimits): LaunchSpec {
    const { holdMs } = deps.limits();
    const answers = near.decisions.undelivered(session.id);
    near.decisions.tell(session.id, session.deferredToolUseId);
    return {
      sessionId: session.id,
      agentSessionId: session.agentSessionId,
      ...openingOf(session, resume, answers, prompts),
      next: () => nextPrompt(session.id),
      cwd,
      model: session.model,
      gate: {
        url: near.gateUrl(),
        // No expiry of its own: it is revoked at the end of the run, however long the machine slept.
        token: near.tokens.mint(session.id, null),
        // The caller's patience is longer than ours: we always answer first (traps.md 3.5, lessons 5.8).
        timeoutSeconds: Math.ceil(holdMs / 1000) + 25,
        ask: (call) => near.decisions.ask(session.id, call, null),
      },
      nonce: session.nonce,
      limits,
    };
  }

  /** What the person has said meanwhile; told to the agent at the end of its turn. */
  function nextPrompt(id: string): Message | null {
    const message = lives.get(id)?.stopWanted === null ? prompts.next(id) : null;
    if (message !== null) near.transcripts.append(id, clock.now(), promptLine(message.text));
    return message;
  }

  /** Everything until the process tree is gone. Never rejects. */
  async function untilEnded(session: StoredSession, live: Live, resume: boolean): Promise<AgentEnding> {
    try {
      const cwd = await workplace(session);
      const placed = storage.get(session.id) ?? session;
      if (live.stopWanted) return notStarted(live.stopWanted, 'It was stopped before the agent had started.');
      const spec = specOf(placed, cwd, resume, deps.limits().agent);
      if (spec.prompt !== null) near.transcripts.append(session.id, clock.now(), promptLine(spec.prompt));
      live.run = await deps.drivers[session.agent].launch(spec, (event) => observe(session.id, live, event));
      if (live.stopWanted) void live.run.stop(live.stopWanted);
      return await live.run.ended;
    } catch (error) {
      if (!(error instanceof TenureError))
        log.error({ err: error, sessionId: session.id }, 'a launch failed unexpectedly');
      return notStarted('launch_failed', sentenceOf(error));
    }
  }

  const notStarted = (kind: AgentEnding['kind'], detail: string): AgentEnding => ({
    kind,
    detail,
    deferred: null,
    resetsAt: null,
    stillAlive: [],
  });

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
    await near.transcripts.close(id);
    const usedMs = Math.round(session.usedMs + Math.max(0, clock.monotonic() - live.began));
    const { phase: _phase, ...figures } = live.figures;
    const last: SessionPatch = { ...figures, usedMs, pid: null, pidStartedAt: null, deadlineAt: null };
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
    if (next.step === 'end') return deps.end(id, { ...ending, kind: next.kind }, last);
    const parked: SessionPatch = {
      ...last,
      state: 'parked',
      outcome: null,
      deferredToolUseId: ending.deferred?.toolUseId ?? null,
      stillAlive: ending.stillAlive,
    };
    change(id, parked, RUNNING_STATES, (emit) => {
      near.decisions.settleUnknown(emit, id);
      if (cutOff) near.decisions.untell(id);
    });
    return undefined;
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

  /** Claims a queued session. False: it was not to be had, or the store cannot be written now. */
  function claim(session: StoredSession, live: Live): boolean {
    try {
      const project = near.projects.settings(session.projectId);
      const level = effectiveLevel(near.trust.level(), project);
      const now = clock.now();
      const left = Math.max(0, session.timeBoxMs - session.usedMs);
      live.timeBox = clock.after(left, () => stop(session.id, live, 'timed_out'));
      const claimed: SessionPatch = {
        state: 'starting',
        nonce: ids.secret(),
        startedAt: session.startedAt ?? now,
        // A session is credited to one level: the one at which it first started.
        level: session.startedAt === null ? level : session.level,
        deadlineAt: now + left,
      };
      return change(session.id, claimed, ['queued']);
    } catch (error) {
      log.error({ err: error, sessionId: session.id }, 'a queued session could not be started; it is tried again');
      return false;
    }
  }

  return {
    stop,

    /** Runs a queued session until it is parked or ended. Never rejects. @returns false when it could not be claimed. */
    async run(session: StoredSession): Promise<boolean> {
      const { id } = session;
      // Also a new session that goes on with the conversation of an ended one.
      const resumed = session.agentVersion !== null;
      const live = newLive(clock, session);
      lives.set(id, live);
      const claimed = claim(session, live);
      if (claimed) {
        const spawn = spawns.began(storage.get(id) ?? session);
        const ending = await untilEnded(storage.get(id) ?? session, live, resumed);
        dropTimers(live);
        spawns.ended(spawn, { before: session, after: live.figures, resumed, ending });
        await bring(id, { live, ending, resumed });
      }
      dropTimers(live);
      lives.delete(id);
      return claimed;
    },

    /** Ends that could not be written are tried again. */
    async retry(): Promise<void> {
      for (const [id, over] of unfinished) await bring(id, over);
    },
  };
}
