import type { Lineage } from '../../shared/contract/follow-ups.ts';
import type { InputOf } from '../../shared/contract/index.ts';
import type { Session, SessionDetail, SessionSource } from '../../shared/contract/sessions.ts';
import { TenureError } from '../../shared/errors.ts';
import { RECENT } from '../../shared/state.ts';
import type { GateCall } from '../drivers/driver.ts';
import type { Emit } from '../kernel/journal.ts';
import { createLaunch } from './act/launch.ts';
import { createStop } from './act/stop.ts';
import { createPrompts } from './conversation/prompts.ts';
import { createConversation } from './conversation/service.ts';
import { createConversationStorage } from './conversation/storage.ts';
import { createFollowOn } from './follow-on/service.ts';
import type { SessionDeps } from './ports.ts';
import { agentName, effectiveLevel, OPEN_STATES } from './rules.ts';
import { createAdmission } from './run/admission.ts';
import { createChange } from './run/change.ts';
import { createEnding } from './run/ending.ts';
import type { Live } from './run/live.ts';
import { createReconciler } from './run/reconcile.ts';
import { createRunner } from './run/runner.ts';
import { createWaiting } from './run/waiting.ts';
import { createSessionStorage, type StoredSession } from './storage.ts';
import { viewOf } from './view.ts';

/** At a shutdown: for held calls to be deferred, then for the rest to be ended. */
const DEFER_WITHIN_MS = 2_500;

export type Sessions = ReturnType<typeof createSessions>;

export function createSessions(given: Omit<SessionDeps, 'view'>) {
  const { clock, near } = given;
  const storage = createSessionStorage(given.db);
  const conversation = createConversationStorage(given.db);
  const lives = new Map<string, Live>();
  const running = new Map<string, Promise<void>>();
  const shutdown = new AbortController();

  function view(session: StoredSession): Session {
    const evaluation = near.evaluations.of(session.id);
    const joined = {
      evaluation: evaluation?.view ?? null,
      pendingDecisions: near.decisions.pendingCount(session.id),
      lineage: lineageOf(session.id),
      waitingPrompts: conversation.waiting(session.id),
      work: near.work.of({ ...session, uncommitted: evaluation?.evidence.uncommittedFiles ?? null }),
    };
    const live =
      session.state === 'working' || session.state === 'starting' ? lives.get(session.id)?.figures : undefined;
    return viewOf(session, joined, live ?? {});
  }

  function lineageOf(id: string): Lineage | null {
    const found = conversation.lineage(id);
    return found && { from: found.from, kind: found.kind, nth: found.nth };
  }

  function must(id: string): StoredSession {
    const session = storage.get(id);
    if (!session) throw new TenureError('not_found', `There is no session "${id}".`);
    return session;
  }

  const emitView = (
    emit: Emit,
    type: 'session.queued' | 'session.changed' | 'session.ended' | 'session.evaluated',
    id: string,
  ): void => emit({ type, body: { session: view(must(id)) } });

  const deps = { ...given, view };
  const change = createChange(deps, storage, emitView);
  const { close, end, evaluate, factsOf, inProgress } = createEnding({
    ...deps,
    storage,
    change,
    emitView,
    shutdown: shutdown.signal,
  });
  const waiting = createWaiting({ ...deps, storage, change, pump });
  const { instead } = waiting;
  const admission = createAdmission({ ...deps, lives, change, waiting, pump });
  const prompts = createPrompts({ ...deps, storage, conversation, emitView });
  const runner = createRunner({
    ...deps,
    storage,
    lives,
    change,
    end,
    instead,
    prompts,
    brief: (session) => followOn.brief(session),
  });
  const reconciler = createReconciler({ ...deps, storage, change, close, instead, prompts });
  const { begin, launch } = createLaunch({ ...deps, storage, emitView, pump });
  const { stop, stopAll } = createStop({
    ...deps,
    storage,
    lives,
    running,
    must,
    end,
    stopRun: (id, live) => runner.stop(id, live, 'stopped'),
  });
  const conversations = createConversation({ ...deps, storage, conversation, must, emitView, begin });
  const { carryOn, ...conversing } = conversations;
  const followOn = createFollowOn({ ...deps, storage, conversation, must, carryOn, retry: conversing.retry });

  /** Starts what is queued, as far as there is room. What could not be claimed waits for the next beat. */
  function pump(): void {
    while (!shutdown.signal.aborted && !given.isPaused() && running.size < given.limits().concurrency) {
      const next = storage.nextQueued();
      if (!next || running.has(next.id)) return;
      const obstacle = admission.obstacleOf(next);
      if (obstacle === 'memory') return;
      if (obstacle !== null) continue;
      const work = runner.run(next).then((claimed) => {
        running.delete(next.id);
        if (claimed) onward(next.id);
      });
      running.set(next.id, work);
    }
  }

  /** After a run: the parked one may go on, the next one may start. A store that fails leaves it to the next beat. */
  function onward(id: string): void {
    try {
      goOn(id);
      followOn.tick();
      pump();
    } catch (error) {
      given.log.error({ err: error, sessionId: id }, 'what comes after a run is left to the next beat');
    }
  }

  /** A parked session whose questions are all answered is queued to be resumed. */
  function goOn(id: string): void {
    const session = storage.get(id);
    if (session?.state !== 'parked' || session.held !== null || near.decisions.pendingCount(id) > 0) return;
    change(id, { state: 'queued' }, ['parked']);
    pump();
  }

  return {
    launch,
    stop,
    stopAll,
    ...conversing,
    followOn,

    /**
     * Starts a waiting session now, or lets a held one go on.
     * @throws TenureError not_found, conflict.
     */
    goOn(id: string): Session {
      waiting.goOn(must(id));
      admission.insist(id);
      pump();
      return view(must(id));
    },

    /**
     * Gives a silent session so many milliseconds more before it is shown as stalled again.
     * @throws TenureError not_found, conflict (nothing of it runs).
     */
    snooze(id: string, ms: number): Session {
      const session = must(id);
      const runs = session.state === 'starting' || session.state === 'working';
      const run = runs ? lives.get(id)?.run : null;
      if (!run) throw new TenureError('conflict', `Session "${id}" does not run: it is ${session.state}.`);
      run.snooze(ms);
      return view(session);
    },

    list: (filter: InputOf<'sessions.list'>) => storage.list({ ...filter, limit: filter.limit ?? 100 }).map(view),

    /** All that have not ended and the newest that have: what a screen starts from. */
    recent(): Session[] {
      const open = storage.open();
      const ended = storage.list({ state: 'ended', limit: RECENT });
      return [...open, ...ended].toSorted((a, b) => b.createdAt - a.createdAt).map(view);
    },

    /** @throws TenureError not_found. */
    detail(id: string): SessionDetail {
      const session = must(id);
      return {
        ...view(session),
        prompt: session.prompt,
        decisions: near.decisions.ofSession(id),
        evidence: near.evaluations.of(id)?.evidence ?? null,
        baseCommit: session.baseCommit,
        agentSessionId: session.agentVersion === null ? null : session.agentSessionId,
        resultText: session.resultText,
        transcriptPath: near.transcripts.pathOf(id),
        followUps: conversing.followUps(id),
      };
    },

    isConversation: storage.isConversation,
    /** The work tree that was made for it; null: none, or there is no such session. */
    treeOf: (id: string): string | null => storage.get(id)?.worktree ?? null,
    /** The same id, of a session that there is. @throws TenureError not_found. */
    known: (id: string): string => must(id).id,

    /** What the gate must know of a session now; null: there is none. */
    gateFacts(id: string) {
      const session = storage.get(id);
      if (!session) return null;
      const project = near.projects.settings(session.projectId);
      const live = lives.get(id);
      return {
        id,
        projectId: project.id,
        project: project.name,
        level: effectiveLevel(near.trust.level(), project, session.ceiling),
        source: session.source,
        open: session.state !== 'ended' && session.state !== 'evaluating' && !live?.stopWanted,
        running:
          live !== undefined && !live.stopWanted && (session.state === 'starting' || session.state === 'working'),
        cwd: session.worktree ?? project.path,
        branch: session.branch,
        projectPath: project.path,
        verifyCommand: project.verifyCommand,
        agent: agentName(session),
        brief: session.prompt,
      };
    },

    /** One tool call from outside; the first one proves the gate alive. */
    ask(id: string, call: GateCall, signal: AbortSignal | null) {
      try {
        const session = storage.get(id);
        if (session?.gateProvedAt === null) change(id, { gateProvedAt: clock.now() }, OPEN_STATES);
      } catch (error) {
        // Without a record nothing is let through anyway: the gate itself finds that out.
        given.log.error({ err: error, sessionId: id }, 'the first call of a session could not be noted');
      }
      return near.decisions.ask(id, call, signal);
    },

    /** May the run of this session end at that call, to be resumed? Only when it is the one call of its turn. */
    mayDefer(id: string, call: GateCall): boolean {
      const run = lives.get(id)?.run;
      return call.agentId === null && call.toolUseId !== null && run?.callsInTurnOf(call.toolUseId) === 1;
    },

    /** What a session left to be evaluated; null: there is no such session. */
    evaluationFacts: factsOf,
    /** Inside a commit: its evaluation or its rating is another one now. */
    tellEvaluated: (emit: Emit, id: string): void => emitView(emit, 'session.evaluated', id),
    /** Inside a commit: what became of its work was decided. */
    tellSettled: (emit: Emit, id: string): void => emit({ type: 'session.settled', body: { session: view(must(id)) } }),

    /** A question of that session was answered (or ran out): a parked one may go on. */
    answered: goOn,
    pump,
    budgetsChanged: waiting.budgetsChanged,
    /** Sessions of a project that have not ended, and whether they work in the project's own tree. */
    openOf: (projectId: string): { id: string; source: SessionSource; inOwnTree: boolean }[] =>
      storage
        .open()
        .filter((s) => s.projectId === projectId)
        .map((s) => ({ id: s.id, source: s.source, inOwnTree: s.baseCommit !== null && s.worktree === null })),

    /** Once, before anything is dispatched: brings every row into agreement with what is really there. */
    async reconcile(): Promise<void> {
      await reconciler.interrupted([...storage.inState('starting'), ...storage.inState('working')]);
      await reconciler.sweep(storage.open());
      for (const session of storage.inState('evaluating')) void evaluate(session.id);
      for (const session of storage.inState('parked')) goOn(session.id);
      waiting.look();
    },

    /** What could not be written down (a full disk) is tried again; what waits starts where there is room. */
    async beat(): Promise<void> {
      await runner.retry();
      for (const session of storage.inState('evaluating')) void evaluate(session.id);
      for (const session of storage.inState('parked')) goOn(session.id);
      waiting.look();
      followOn.tick();
      pump();
    },

    /** Ends everything: held calls park their sessions, the rest is interrupted; nothing is lost. */
    async close(): Promise<void> {
      shutdown.abort();
      waiting.close();
      admission.close();
      near.decisions.releaseAll();
      const all = () => Promise.allSettled([...running.values(), ...inProgress()]);
      const late = new Promise((resolve) => clock.after(lives.size > 0 ? DEFER_WITHIN_MS : 0, () => resolve(null)));
      const held = [...lives].filter(([id]) => near.decisions.pendingCount(id) > 0);
      for (const [id, live] of lives) if (!held.some(([heldId]) => heldId === id)) runner.stop(id, live, 'interrupted');
      await Promise.race([all(), late]);
      for (const [id, live] of lives) runner.stop(id, live, 'interrupted');
      await Promise.race([all(), new Promise((resolve) => clock.after(4_000, () => resolve(null)))]);
    },
  };
}
