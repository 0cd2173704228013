import { homedir } from 'node:os';
import type { InputOf, MethodName, OutputOf } from '../shared/contract/index.ts';
import { TenureError } from '../shared/errors.ts';
import { createActivity } from './activity/service.ts';
import { createHistory } from './decisions/history/service.ts';
import { createSampleProject } from './drivers/demo/sample.ts';
import type { GateCall } from './drivers/driver.ts';
import { createDriving } from './engine/driving.ts';
import { createHealthChapter } from './engine/health.ts';
import { createLoop } from './engine/loop.ts';
import { createMachineChapter } from './engine/machine.ts';
import type { EngineOptions } from './engine/options.ts';
import { createRevenueChapter } from './engine/revenue.ts';
import { createSettingsChapter } from './engine/settings.ts';
import { createShellChapter } from './engine/shell.ts';
import { createSurroundings } from './engine/surroundings.ts';
import { createTrustChapter } from './engine/trust.ts';
import { createWatch } from './engine/watch.ts';
import { createWorkTrees } from './engine/worktrees.ts';
import type { Principal } from './gateway/auth.ts';
import { createAwakeClock } from './kernel/awake.ts';
import { createJournal } from './kernel/journal.ts';
import { createReviews } from './reviews/service.ts';
import { type Caller, callerOf, createDispatch } from './rpc/dispatch.ts';
import { createHandlers } from './rpc/handlers.ts';
import { createSnapshot } from './rpc/snapshot.ts';
import { createCondition } from './system/condition.ts';
import { atMostEvery, createHeartbeat } from './system/heartbeat.ts';
import { createNotices } from './system/notices.ts';
import { createSwitches } from './system/storage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Entries of the log of everything. */
const ACTIVITY_KEPT = 200_000;

export type { EngineOptions } from './engine/options.ts';

export type Engine = ReturnType<typeof createEngine>;

/** The composition root: every part gets what it needs as an argument, in the order read here. */
export function createEngine(options: EngineOptions) {
  const { db, config, ports, log, info } = options;
  const { clock, spawner, cron } = ports;
  const settings = config.current;
  // A run's limits are of the time in which it can work: a sleeping machine uses up none of it.
  const awake = createAwakeClock(clock);

  const condition = createCondition();
  const journal = createJournal(db, clock, (error) => log.error({ err: error }, 'a listener failed'), condition.store);
  const switches = createSwitches(db, journal);
  const settingsChapter = createSettingsChapter({ ...options, journal });
  const { git, environment, drivers, agent } = createDriving(options, awake);
  const notices = createNotices(journal);
  const loop = createLoop({
    ...options,
    journal,
    notice: notices.put,
    setSettings: settingsChapter.set,
    git,
    environment,
    drivers,
    agent,
    isPaused: switches.paused,
    surroundings: (projectId) => surroundings(projectId),
    freeMemory: () => machine.freeMemory(),
    awake,
  });
  const { trust, projects, decisions, sessions, transcripts, record, ledgers } = loop;

  const work = createWorkTrees({ ...options, git, journal, environment, loop });
  const reviews = createReviews({
    db,
    journal,
    clock,
    ids: ports.ids,
    session: sessions.known,
    followUp: ({ id, prompt, also }) => sessions.followUp(id, prompt, also),
  });
  const revenue = createRevenueChapter({ ...options, journal, projects, uptime: (...of) => watch.uptimeOf(...of) });
  const activity = createActivity({ db, journal, keep: ACTIVITY_KEPT });
  const watch = createWatch({
    ...options,
    journal,
    environment,
    home: homedir(),
    level: loop.actingLevel,
    isPaused: switches.paused,
    notice: notices.put,
    projects: projects.list,
  });
  const machine = createMachineChapter({
    ...options,
    journal,
    environment,
    home: homedir(),
    level: trust.level,
    notice: notices.put,
    targets: () => watch.probes.list().map(({ target }) => target),
  });
  const surroundings = createSurroundings({ config, machine, watch, projects, revenue });
  const { system, resources } = machine;
  const { alerts } = createTrustChapter({ db, ports, journal, ledger: ledgers.ledger, trust, watch, resources });
  const shell = createShellChapter({ ...options, journal, snapshot: () => snapshot() });
  const lookAtNext = (): void => {
    if (condition.isStarted()) notices.put('follow-on', sessions.followOn.asking());
  };
  // A rating answers such a notice, and what is answered goes at once.
  journal.subscribe(({ type }) => type === 'session.evaluated' && lookAtNext());
  const heartbeat = createHeartbeat({
    clock,
    cron,
    log,
    steps: [
      // What could not be written is tried again, so that a disk with room again is noticed.
      () => condition.storeFails() && switches.touch(clock.now()),
      ledgers.inDoubt,
      ...loop.steps,
      lookAtNext,
      atMostEvery(clock, MINUTE_MS, work.tick),
      () => revenue.tick(),
      atMostEvery(clock, HOUR_MS, () => revenue.thin()),
      watch.tick,
      shell.tick,
      () => notices.put('record', record.notices()),
      atMostEvery(clock, DAY_MS, ledgers.look),
      atMostEvery(clock, HOUR_MS, () => activity.catchUp()),
      atMostEvery(clock, HOUR_MS, () => journal.trim(settings().journal.keep)),
      () => journal.checkpoint(),
      // A missing agent is looked for again, so that its notice goes once it is there.
      atMostEvery(clock, MINUTE_MS, () => notices.has('agent') && void lookForAgent()),
    ],
    onProblem: condition.beat,
  });

  async function lookForAgent(): Promise<void> {
    const { problem } = await agent.check();
    // An agent may answer after the end, when there is no store to write to.
    if (condition.isStarted()) notices.put('agent', problem === null ? [] : [problem]);
  }
  const lookAtConfig = (): void => notices.put('config', config.problems());
  const judging = loop.evaluating.watch({
    hasWork: () => projects.list().some((project) => project.agent === 'claude'),
    notice: (id, sentences) => condition.isStarted() && notices.put(id, sentences),
  });

  const snapshot = createSnapshot({
    projects,
    sessions,
    decisions,
    trust,
    agents: loop.agents,
    ledgers,
    watch,
    system,
    revenue,
    seq: journal.seq,
    engine: () => ({
      ...info,
      concurrency: settings().sessions.concurrency,
      private: settings().notifications.private,
      configuredAt: settingsChapter.configuredAt(),
    }),
    paused: switches.paused,
    notices: notices.current,
    limits: record.limits.current,
  });

  const health = createHealthChapter({
    ...options,
    git,
    agent,
    environment,
    projects: projects.list,
    shell,
    checkStore: switches.check,
    lastTickAgeMs: heartbeat.ageMs,
    more: { ...judging.checks, ...record.checks },
  });
  const dispatch = createDispatch(
    createHandlers({
      ...loop,
      activity,
      alerts,
      reviews,
      history: createHistory({ db, clock }),
      ...record,
      watch,
      revenue,
      ...machine,
      work,
      shell,
      settings: settingsChapter,
      snapshot,
      ...health,
      setPaused: (paused) => {
        switches.setPaused(paused);
        sessions.pump();
      },
    }),
  );

  return {
    journal,
    snapshot,
    readersChanged: system.readersChanged,

    /** One method of the contract, called from inside the program. */
    call: <M extends MethodName>(method: M, input: InputOf<M>, caller: Caller): Promise<OutputOf<M>> =>
      dispatch.call(method, input, caller),
    /** One method of the contract, called over the wire. */
    callAs: (method: string, input: unknown, principal: Principal): Promise<unknown> =>
      condition.isStarted()
        ? dispatch.callNamed(method, input, callerOf(principal))
        : Promise.reject(
            new TenureError('unavailable', 'Tenure is still starting, or is stopping. Try again in a moment.'),
          ),
    /** What was posted to a revenue source's webhook. @throws TenureError */
    postRevenue: revenue.post,
    /** One tool call of an agent (never throws), and what its token may do without a hook. */
    ask: (sessionId: string, call: GateCall, signal: AbortSignal) => sessions.ask(sessionId, call, signal),
    propose: loop.propose,

    health: {
      version: info.version,
      uptimeMs: () => clock.now() - info.startedAt,
      notReady: () => condition.notReady(switches.probe),
      lastTickAgeMs: heartbeat.ageMs,
    },

    /** The demo's sample repository, made in that directory. */
    makeSample: (directory: string) => createSampleProject({ spawner, environment }, directory),

    /** The machine slept, or the shell says so: one catch-up pass. */
    wake(): void {
      watch.wake();
      void heartbeat.beat();
    },
    /** What the gateway serves of it without a token. */
    watch: watch.gateway,

    /** What the app around the engine brings: login item, updates, native notifications. */
    shell: { ...shell.doors, settings, onSettings: (listener: () => void) => config.onChange(listener) },

    /** The shell says how hot the machine is: nominal, fair, serious, critical. */
    heat: machine.heat,

    /** Puts up (a sentence) or takes down (null) a notice of the shell's. */
    notice: (id: string, sentence: string | null): void => notices.put(id, sentence === null ? [] : [sentence]),

    /** Reconciles, then arms the timers and dispatches. */
    async start(): Promise<void> {
      await ledgers.start();
      record.reconcile();
      loop.agents.reconcile();
      // Whether there is memory for what is queued has to be known before anything starts.
      await system.sample();
      loop.tribunal.reconcile();
      await Promise.all([loop.worktrees.sweepAhead(), loop.evaluating.sweep()]);
      await sessions.reconcile();
      config.onChange(() => {
        lookAtConfig();
        watch.adopt();
        loop.agents.configChanged();
        void lookForAgent();
        sessions.budgetsChanged();
        judging.look();
      });
      lookAtConfig();
      shell.notify.start();
      machine.start();
      watch.start();
      await heartbeat.start();
      condition.started(true);
      void lookForAgent();
      judging.look();
    },

    /** Ends every run and timer; nothing is lost. */
    async stop(): Promise<void> {
      condition.started(false);
      judging.stop();
      heartbeat.stop();
      shell.notify.stop();
      machine.stop();
      await revenue.close();
      watch.stop();
      loop.deadlines.stop();
      loop.pipeline.alerts.stop();
      await loop.tribunal.stop();
      await work.stop();
      await sessions.close();
      await loop.worktrees.close();
      await transcripts.closeAll();
      ledgers.keeper.stop();
    },
  };
}
