import { TenureError } from '../../../shared/errors.ts';
import { lowerOf } from '../../../shared/policy.ts';
import type { AgentEnding, AgentEvent, AgentLimits, AgentRun, LaunchSpec } from '../../drivers/driver.ts';
import type { Change, SessionDeps } from '../ports.ts';
import { afterInterruption, firstPrompt, RUNNING_STATES, resumePrompt } from '../rules.ts';
import type { SessionPatch, SessionStorage, StoredSession } from '../storage.ts';
import { dropTimers, type Live, newLive, signalSoon, takeUp } from './live.ts';

type StopCause = Parameters<AgentRun['stop']>[0];

export interface RunnerDeps extends SessionDeps {
  storage: SessionStorage;
  lives: Map<string, Live>;
  change: Change;
  /** Ends a session that no process belongs to any more, and evaluates it. */
  end(id: string, ending: Pick<AgentEnding, 'kind' | 'detail' | 'stillAlive'>, patch: SessionPatch): Promise<void>;
}

/** What the agent is told, in the shape of its own stream, for the transcript. */
const promptLine = (prompt: string): string => JSON.stringify({ type: 'user', message: { content: prompt } });

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** One run of an agent, from a queued row to a parked or ended one. */
export function createRunner(deps: RunnerDeps) {
  const { storage, lives, change, journal, clock, ids, log, near } = deps;

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
        change(
          id,
          { resultText: text, costUsd: live.figures.costUsd, outcome: kind === 'deferred' ? null : kind },
          RUNNING_STATES,
        );
        break;
      }
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

  async function workplace(session: StoredSession): Promise<string> {
    const project = near.projects.get(session.projectId);
    if (session.baseCommit !== null) return session.worktree ?? project.path;
    const { cwd, branch, worktree, baseCommit } = await near.worktrees.prepare(project, session.id);
    change(session.id, { branch, worktree, baseCommit }, RUNNING_STATES);
    return cwd;
  }

  function specOf(session: StoredSession, cwd: string, resume: boolean, limits: AgentLimits): LaunchSpec {
    const { holdMs } = deps.limits();
    const answers = near.decisions.undelivered(session.id);
    const { inputTokens, outputTokens, turns, costUsd } = session;
    const used = inputTokens === null || outputTokens === null ? null : { inputTokens, outputTokens, turns, costUsd };
    return {
      sessionId: session.id,
      agentSessionId: session.agentSessionId,
      resume,
      prompt: resume
        ? resumePrompt(answers, session.deferredToolUseId)
        : firstPrompt(session.prompt, session.baseCommit !== null && session.usedMs > 0 ? answers : null),
      ...(resume && used ? { usedBefore: used } : {}),
      cwd,
      model: session.model,
      gate: {
        url: near.gateUrl(),
        token: near.tokens.mint(session.id, session.timeBoxMs + limits.killMs + 60_000),
        // The caller's patience is longer than ours: we always answer first (traps.md 3.5, lessons 5.8).
        timeoutSeconds: Math.ceil(holdMs / 1000) + 25,
        ask: (call) => near.decisions.ask(session.id, call, null),
      },
      nonce: session.nonce,
      limits,
    };
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
      const left = Math.max(0, session.timeBoxMs - session.usedMs);
      live.timeBox = clock.after(left, () => stop(session.id, live, 'timed_out'));
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
    change(id, { ...last, ...fresh, state: 'queued' }, RUNNING_STATES);
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
    const pending = near.decisions.pendingCount(id);
    // Only answers that came during this run: earlier ones were told in its prompt, and told once is enough.
    const news = near.decisions.undelivered(id).filter((d) => (d.answeredAt ?? 0) >= live.beganAt);
    const open = pending + news.length;
    const cutOff =
      ending.kind === 'interrupted' && afterInterruption(pending, session.agentVersion !== null) === 'parked';
    if (ending.kind === 'deferred' || cutOff || (ending.kind === 'completed' && open > 0)) {
      const deferredToolUseId = ending.deferred?.toolUseId ?? null;
      change(
        id,
        { ...last, state: 'parked', outcome: null, deferredToolUseId, stillAlive: ending.stillAlive },
        RUNNING_STATES,
        (emit) => near.decisions.settleUnknown(emit, id),
      );
      return undefined;
    }
    if (ending.kind === 'unknown_session' && resumed) return beginAnew(id, last);
    return deps.end(id, ending, last);
  }

  return {
    stop,

    /** Runs a queued session until it is parked or ended. Never rejects. */
    async run(session: StoredSession): Promise<void> {
      const { id } = session;
      const resume = session.startedAt !== null && session.agentVersion !== null;
      const project = near.projects.get(session.projectId);
      const level = lowerOf(near.trust.level(), project.protected ? 'observe' : project.ceiling);
      const now = clock.now();
      const live = newLive(clock, session);
      lives.set(id, live);
      const last: SessionPatch = {
        state: 'starting',
        nonce: ids.secret(),
        startedAt: session.startedAt ?? now,
        level: resume ? session.level : level,
        deadlineAt: now + Math.max(0, session.timeBoxMs - session.usedMs),
      };
      try {
        if (!change(id, last, ['queued'])) return;
        const ending = await untilEnded(storage.get(id) ?? session, live, resume);
        dropTimers(live);
        await finish(id, live, ending, resume);
      } catch (error) {
        log.error(
          { err: error, sessionId: id },
          'a session could not be brought to its end; the next start reconciles it',
        );
      } finally {
        dropTimers(live);
        lives.delete(id);
      }
    },
  };
}
