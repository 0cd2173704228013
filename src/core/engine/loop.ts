import { homedir } from 'node:os';
import { join } from 'node:path';
import type { SettingChange } from '../../shared/contract/settings.ts';
import type { Level } from '../../shared/policy.ts';
import { classify } from '../actions/classify.ts';
import { runsAnything } from '../actions/form.ts';
import { localZone } from '../adapters/cron.ts';
import { createEffect } from '../adapters/effect.ts';
import type { Git } from '../adapters/git.ts';
import { createPlaces } from '../adapters/places.ts';
import { createDeadlines } from '../decisions/deadlines.ts';
import { quietEnds } from '../decisions/quiet.ts';
import { createDecisions } from '../decisions/service.ts';
import type { AgentDriver } from '../drivers/driver.ts';
import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';
import type { AgentEnvironment, Clock } from '../kernel/ports.ts';
import { createProjects } from '../projects/service.ts';
import { createSchedules } from '../schedule/service.ts';
import { createUpcoming } from '../schedule/upcoming.ts';
import type { Neighbours } from '../sessions/ports.ts';
import { createSessions } from '../sessions/service.ts';
import { createStanding } from '../standing/service.ts';
import { atMostEvery } from '../system/heartbeat.ts';
import { createTranscripts } from '../transcripts/files.ts';
import { createTribunal } from '../tribunal/service.ts';
import { createTrust } from '../trust/service.ts';
import { createAgain } from '../worktrees/again.ts';
import { createWorkBook } from '../worktrees/book.ts';
import { createWorktrees } from '../worktrees/service.ts';
import { createAbort } from './abort.ts';
import { createAgentsChapter } from './agents.ts';
import { createEvaluating, observationsOf } from './evaluating.ts';
import { createTerminalSessions } from './imports.ts';
import { createLedgerChapter } from './ledger.ts';
import { admitting, whileOff } from './mcp.ts';
import { createPipeline } from './pipeline.ts';
import { createPropose } from './propose.ts';
import { createRecord } from './record.ts';
import { judgedFor } from './trust.ts';

const MINUTE_MS = 60_000;

interface LoopOptions extends EngineOptions {
  journal: Journal;
  /** Puts up sentences for the person, or takes them down (none). */
  notice(id: string, sentences: readonly string[]): void;
  setSettings(changes: readonly SettingChange[], by: string): void;
  git: Git;
  environment: AgentEnvironment;
  drivers: Record<AgentDriver['kind'], AgentDriver>;
  /** The one that new projects get. */
  agent: AgentDriver;
  isPaused(): boolean;
  /** What a new session is told of where it works; null: nothing. */
  surroundings(projectId: string): string | null;
  /** Stands still while the machine sleeps. */
  awake: Clock;
  freeMemory(): { at: number; bytes: number } | null;
}

/** From a launch over the gate, the measurement and trust back to the gate: the parts, in the order read here. */
export function createLoop(options: LoopOptions) {
  const { db, config, ports, log, paths, auth, journal, git, environment, drivers, agent } = options;
  const { clock, ids, spawner, cron } = ports;
  const settings = config.current;
  const home = homedir();
  const own = [paths.home, paths.dataDir, paths.logsDir, paths.runDir, paths.configFile];
  const timezone = (): string => settings().timezone ?? localZone();

  const ledgers = createLedgerChapter({
    ...options,
    toObserve: (reason) => trust.fallToObserve(reason),
    remade(emit) {
      chapter.agents.remade(emit);
      trust.remade(emit);
    },
  });
  const { ledger } = ledgers;
  const trust = createTrust({ db, journal, clock, ids, ledger, config: () => settings().trust });
  const chapter = createAgentsChapter({
    ...options,
    ledger,
    trust,
    evaluations: () => evaluations,
  });
  const projects = createProjects({
    db,
    journal,
    clock,
    ids,
    git,
    home,
    own,
    defaults: () => ({
      agent: agent.kind,
      verifyTimeoutMs: settings().sessions.verifyTimeoutMs,
      timeBoxMs: settings().sessions.timeBoxMs,
    }),
    timezone,
    nextRun: cron.next,
    openSessions: (projectId) => sessions.openOf(projectId).length,
  });
  const work = createWorkBook({ db, journal, clock, tell: (emit, id) => sessions.tellSettled(emit, id) });
  const worktrees = createWorktrees({
    git,
    clock,
    ids,
    spawner,
    env: environment.forCommands,
    dataDir: paths.dataDir,
    openSessions: (projectId) => sessions.openOf(projectId),
    treeOfSession: (id) => sessions.treeOf(id),
  });
  journal.subscribe(({ type, body }) => {
    if (type === 'session.ended') worktrees.ended(body.session.id);
    if (type === 'project.removed') void worktrees.forget(body.id);
    if (type === 'project.saved' && !body.project.worktree) void worktrees.forget(body.project.id);
  });
  const transcripts = createTranscripts(join(paths.dataDir, 'transcripts'));

  const placeOf = createPlaces({ own, home, platform: process.platform });
  const standing = createStanding({
    db,
    journal,
    clock,
    ids,
    project: projects.settings,
    runsAnything,
    formOf: (id) => decisions.formOf(id),
    past: (projectId, since) => decisions.past(projectId, since),
  });
  const tribunal = createTribunal({
    db,
    journal,
    clock,
    ids,
    log,
    // The demo asks no model.
    settings: () => ({ ...settings().tribunal, ...(options.info.demo ? { models: [] } : {}) }),
    ask: (call) => record.whileAffordable(call, (asked) => evaluating.modelCalls.call(asked)),
    agreed: async (id, words) => {
      await decisions.tribunalAgreed(id, words);
      sessions.answered(decisions.get(id).sessionId);
    },
    toPerson: (id) => decisions.tribunalLeaves(id),
  });
  const decisions = createDecisions({
    db,
    journal,
    clock,
    ids,
    log,
    limits: () => settings().decisions,
    scoreOf: chapter.agents.scoreOf,
    noted: chapter.decided,
    rules: standing,
    tribunal,
    judged: judgedFor(() => trust),
    quietEnds: () => quietEnds(settings().decisions.quietHours, cron.next, timezone(), clock.now()),
    session: (id) => sessions.gateFacts(id),
    classify: (call, session) =>
      whileOff(
        record.mcp,
        session.projectId,
        call.tool,
        classify(call, { ...placeOf(session), risks: settings().decisions.risks }),
      ),
    mark: worktrees.mark,
    effect: async (session, tool) =>
      createEffect({
        home,
        environment: await environment.forAgent(),
        project: session.projectPath,
        worktree: session.cwd,
        server: record.mcp.setUpOf(session.projectId, tool),
      }),
    mayDefer: (sessionId, call) => sessions.mayDefer(sessionId, call),
  });

  const record = createRecord({ ...options, projects });
  const { evaluations, ...evaluating } = createEvaluating({
    ...options,
    claude: drivers.claude,
    telemetry: record.telemetry,
    trust: chapter.ofEvaluations,
    furnish: async (projectId, copy) => worktrees.furnish(projects.get(projectId), copy),
    sessions: {
      facts: (id) => sessions.evaluationFacts(id),
      later: (id) => observationsOf(work.noted(id) ?? null),
      tell: (emit, id) => sessions.tellEvaluated(emit, id),
    },
  });
  /** With a level that somebody else may have written, nothing is let through: felt at the next act. */
  const actingLevel = (): Level => (ledgers.inDoubt() ? 'observe' : trust.level());
  const near: Neighbours = {
    ...record,
    surroundings: options.surroundings,
    projects,
    worktrees: { ...worktrees, ...createAgain(git, worktrees.locked) },
    work,
    trust: { ...chapter.ofSessions, level: actingLevel },
    decisions: { ...decisions, ask: admitting(decisions, record.mcp, (id) => sessions.gateFacts(id)) },
    evaluations,
    tokens: { mint: auth.mintSessionToken, revoke: auth.revokeSessionToken },
    transcripts,
    gateUrl: () => `${options.gatewayUrl()}/hooks/claude/pre-tool-use`,
  };
  const sessions = createSessions({
    db,
    journal,
    clock: options.awake,
    ids,
    log,
    spawner,
    drivers,
    near,
    limits: () => {
      const { concurrency, retry, runaway, memoryMb, onStall, ...agent } = settings().sessions;
      return {
        concurrency,
        holdMs: settings().decisions.holdMs,
        agent: { ...agent, stallEnds: onStall === 'end' },
        retry,
        runaway,
        memoryBytes: memoryMb * 1_048_576,
      };
    },
    isPaused: options.isPaused,
    freeMemory: options.freeMemory,
  });

  const promotionCheck = () => {
    const { enabled, promotionCheckCron } = settings().trust;
    return enabled ? { cron: promotionCheckCron, timezone: timezone() } : null;
  };
  const upcoming = createUpcoming({
    clock,
    cron,
    projects: projects.list,
    promotionCheck,
    timezone,
    isPaused: options.isPaused,
  });
  const propose = createPropose({ ids, sessions, decisions });
  const deadlines = createDeadlines({ clock, journal, log, decisions, answered: sessions.answered });
  const pipeline = createPipeline({ ...options, scoreOf: chapter.agents.scoreOf });
  const abort = createAbort({ clock, decisions, sessions, alerts: pipeline.alerts });
  const schedules = createSchedules({
    db,
    journal,
    clock,
    cron,
    log,
    project: projects.get,
    isBusy: (projectId) => sessions.openOf(projectId).some((session) => session.source === 'schedule'),
    launch: (input) => sessions.launch(input, 'schedule'),
    promotionCheck,
    checkPromotion: () => void trust.check(),
  });

  const imports = createTerminalSessions({ clock, spawner, environment, paths, projects, sessions });

  return {
    record,
    imports,
    trust,
    actingLevel,
    ledgers,
    agents: chapter.agents,
    projects,
    worktrees,
    work,
    transcripts,
    decisions,
    abort,
    deadlines,
    pipeline,
    propose,
    /** What the loop does at each beat. */
    steps: [
      deadlines.look,
      () => decisions.remind(),
      // An action is looked at as it comes; what is over by time alone is found here.
      atMostEvery(clock, MINUTE_MS, () => pipeline.alerts.look()),
      () => schedules.tick(),
      () => chapter.agents.tick(),
      () => sessions.beat(),
      // A durable write: at every beat a machine at rest would write all night.
      atMostEvery(clock, MINUTE_MS, () => trust.beat()),
    ],
    standing,
    tribunal,
    sessions,
    evaluations,
    evaluating,
    schedules,
    upcoming,
  };
}
