import type { AgentEvent, AgentRun } from '../../drivers/driver.ts';
import { redact } from '../../kernel/redact.ts';
import type { Prompts } from '../conversation/prompts.ts';
import type { Change, SessionDeps } from '../ports.ts';
import { effectiveLevel, RUNNING_STATES } from '../rules.ts';
import type { Suspicion } from '../runaway/rules.ts';
import type { SessionPatch, SessionStorage, StoredSession } from '../storage.ts';
import { type AftermathDeps, createAftermath } from './aftermath.ts';
import { createLauncher } from './launch.ts';
import { dropTimers, type Live, newLive, signalSoon, takeUp } from './live.ts';
import { createSpawns } from './spawns.ts';

type StopCause = Parameters<AgentRun['stop']>[0];

export interface RunnerDeps extends SessionDeps, AftermathDeps {
  storage: SessionStorage;
  lives: Map<string, Live>;
  change: Change;
  prompts: Prompts;
  /** What a new session is told of the one before on its project. */
  brief(session: StoredSession): string | null;
}

/** One run of an agent, from a queued row to a parked or ended one. */
export function createRunner(deps: RunnerDeps) {
  const { storage, lives, change, journal, clock, ids, log, near, prompts } = deps;
  const { bring, retry } = createAftermath(deps);
  const { untilEnded } = createLauncher({ ...deps, observe, hold });
  const spawns = createSpawns(deps);

  function observe(id: string, live: Live, event: AgentEvent): void {
    try {
      take(id, live, event);
    } catch (error) {
      // A store that cannot be written (a full disk) must not take the run's supervision down with it.
      log.error({ err: error, sessionId: id, event: event.type }, 'an event of an agent could not be taken up');
    }
    // After it has been told: a look at the tree starts a process, which takes longer.
    live.watch?.take(event);
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
        const known = { agentVersion: event.version, model: event.model ?? session.model };
        // It has been told what there was to tell of its last run.
        const started = { ...known, state: 'working', resumeCause: null, held: null } as const;
        change(id, started, RUNNING_STATES, (emit) => near.trust.creditSession(emit, id, session.level));
        void near.worktrees.makeAhead(near.projects.get(session.projectId));
        break;
      }
      case 'line':
        near.transcripts.append(id, clock.now(), event.text, event.isJson);
        break;
      case 'servers':
        near.mcp.forget(id);
        near.mcp.started(storage.get(id)?.projectId ?? '', event.servers);
        break;
      case 'tool_result':
        near.mcp.settle(id, event.toolUseId, event.ok, event.said ?? null);
        if (!near.decisions.settle(id, event.toolUseId, event.ok) && event.ok) bypassed(id, live, event.toolUseId);
        break;
      case 'result': {
        const { kind, text, costUsd } = event.result;
        live.figures.costUsd = costUsd ?? live.figures.costUsd;
        // Noted at once, so that a cut-off between here and the end of the process loses nothing.
        const noted =
          kind === 'deferred' ? { outcome: null, deferredToolUseId: event.result.deferred } : { outcome: kind };
        change(id, { resultText: text === null ? null : redact(text), costUsd, ...noted }, RUNNING_STATES);
        withinBudget(id, live);
        break;
      }
      case 'stall':
        takeUp(live, event, clock.now());
        // A fact, unlike the figures: a person is told of it, whoever looks.
        change(id, { activity: live.figures.activity }, RUNNING_STATES);
        break;
      case 'message':
        prompts.heard(id, event.id, event.state);
        break;
      case 'tree':
        journal.commit(() => storage.patch(id, { tree: event.processes }, RUNNING_STATES));
        break;
      case 'tool_call':
        withinToday(id, live);
        break;
      case 'limits':
        near.limits.reported(storage.get(id)?.agent ?? 'claude', event.report, storage.get(id)?.model ?? null);
        break;
      case 'activity':
      case 'usage':
        if (takeUp(live, event, clock.now())) signalSoon(id, live, clock, journal);
        if (event.type === 'usage') withinBudget(id, live);
        break;
    }
  }

  /** A tool has run without passing the gate: the gate did not prove itself alive, so nothing goes on. */
  function bypassed(id: string, live: Live, toolUseId: string): void {
    log.error({ sessionId: id, toolUseId }, 'a tool call ran without passing the gate; the session is stopped');
    stop(id, live, 'ended_by_gate');
  }

  /** A run that has spent its session's budget ends here, and is measured like every other. */
  function withinBudget(id: string, live: Live): void {
    const spent = live.record?.noted(live) ?? null;
    if (spent === null || live.overBudget !== null) return;
    live.overBudget = spent;
    stop(id, live, 'budget');
  }

  /** A run that wants to do more when its project or the day has spent its budget is paused; what it says last is said. */
  function withinToday(id: string, live: Live): void {
    const spent = live.stopWanted ? null : near.usage.mustPause(live.projectId);
    if (spent !== null) hold(id, live, { reason: 'budget', evidence: [spent] });
  }

  /** Ends a run to hold its session: a person is asked whether it may go on. */
  function hold(id: string, live: Live, why: Suspicion): void {
    if (live.stopWanted) return;
    live.hold = why;
    stop(id, live, 'interrupted');
  }

  function stop(id: string, live: Live, cause: StopCause): void {
    if (live.hold && cause !== 'interrupted') {
      live.hold = null; // a person's stop, the gate's and the time box's end it for good
      live.stopWanted = cause;
    }
    live.stopWanted ??= cause;
    live.figures.phase = 'stopping';
    signalSoon(id, live, clock, journal);
    live.settingUp.abort();
    void live.run?.stop(live.stopWanted);
  }

  /** Claims a queued session. False: it was not to be had, or the store cannot be written now. */
  function claim(session: StoredSession, live: Live): boolean {
    try {
      const project = near.projects.settings(session.projectId);
      const level = effectiveLevel(near.trust.level(), project, session.ceiling);
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
        waitReason: null,
        retryAt: null,
        problem: null,
        stillAlive: [],
      };
      return change(session.id, claimed, ['queued']);
    } catch (error) {
      log.error({ err: error, sessionId: session.id }, 'a queued session could not be started; it is tried again');
      return false;
    }
  }

  return {
    stop,
    hold,

    /** Runs a queued session until it is parked or ended. Never rejects. @returns false when it could not be claimed. */
    async run(session: StoredSession): Promise<boolean> {
      const { id } = session;
      // Also a new session that goes on with the conversation of an ended one.
      const resumed = session.agentVersion !== null;
      const live = newLive(clock, session);
      lives.set(id, live);
      const claimed = claim(session, live);
      if (claimed) {
        live.record = spawns.began(session, resumed && session.usedMs > 0);
        const ran = await untilEnded(storage.get(id) ?? session, live, resumed);
        const ending = ran.kind === 'budget' && live.overBudget !== null ? { ...ran, detail: live.overBudget } : ran;
        dropTimers(live);
        live.record.ended(live, ending);
        near.mcp.ended(id);
        await bring(id, { live, ending, resumed });
      }
      dropTimers(live);
      lives.delete(id);
      return claimed;
    },

    /** Ends that could not be written are tried again. */
    retry,
  };
}
