import type { Level } from '../../shared/policy.ts';
import { isFailing as isShownFailing, projectOf, stateWords, uptimePercent } from '../../shared/service-words.ts';
import { localZone } from '../adapters/cron.ts';
import { createDocker } from '../adapters/docker.ts';
import { createLaunchd } from '../adapters/launchd.ts';
import { createSystemd } from '../adapters/systemd.ts';
import type { EngineOptions } from '../engine.ts';
import { type Near, RESTART_MS } from '../incidents/ports.ts';
import { createIncidents } from '../incidents/service.ts';
import { createIncidentStorage } from '../incidents/storage.ts';
import { createWindows } from '../incidents/windows.ts';
import type { Journal } from '../kernel/journal.ts';
import { type AgentEnvironment, NOBODY, NONCE_VARIABLE } from '../kernel/ports.ts';
import { createLook } from '../probes/checks/look.ts';
import { createOwnNetwork } from '../probes/network.ts';
import { isFailing, isOwn } from '../probes/rules.ts';
import { createProbes } from '../probes/service.ts';

interface WatchOptions extends EngineOptions {
  journal: Journal;
  environment: AgentEnvironment;
  level(): Level;
  isPaused(): boolean;
  /** Puts up or takes down sentences about the program itself. */
  notice(source: string, sentences: readonly string[]): void;
  home: string;
  projects(): readonly { id: string; name: string }[];
}

export type Watch = ReturnType<typeof createWatch>;

/** Services watched and brought back: from the look over the verdict to the incident, its message and its restart. */
export function createWatch(options: WatchOptions) {
  const { db, config, ports, log, journal, environment, env, notice } = options;
  const { clock, ids, spawner, cron, sockets } = ports;
  const settings = () => config.current().services;
  const zone = (given: string | undefined): string => given ?? config.current().timezone ?? localZone();
  const own = () => ({ pid: process.pid, port: Number(new URL(options.gatewayUrl()).port) });

  const docker = createDocker({ sockets, clock, home: options.home, dockerHost: env.DOCKER_HOST });
  const launchd = createLaunchd({ spawner, environment, uid: process.getuid?.() ?? 0 });
  const systemd = createSystemd({ spawner, environment });
  const network = createOwnNetwork({
    sockets,
    clock,
    reference: () => settings().reference,
    told: (sentence) => notice('network', sentence === null ? [] : [sentence]),
  });

  const inWindow = createWindows(cron.next, zone);
  const near: Near = {
    find: (id) => (probes.isPaused(id) ? null : probes.find(id)),
    failing: () => probes.failing(),
    parents: (of) => probes.parents(of),
    notSeenSince: (at) => probes.notSeenSince(at),
    soon: (id) => probes.soon(id),
    checkNow: (id) => probes.checkNow(id),
    checksSince: (id, from) => probes.checksSince(id, from),
    redraw: (emit, id) => probes.redraw(emit, id),
    isFailing: ({ progress, settings: of }) => isFailing(progress, of),
    isOwn: (of) => isOwn(of, own()),
    inMaintenance: ({ maintenance }, now) => inWindow(maintenance, now),
    async perform(spec, { nonce, started }) {
      switch (spec.kind) {
        case 'docker':
          return docker.restart(spec.container, spec.socket, RESTART_MS);
        case 'launchd':
          return launchd.restart(spec.label, spec.domain, RESTART_MS);
        case 'systemd':
          return systemd.restart(spec.unit, spec.scope, RESTART_MS);
        case 'command': {
          const [command = '', ...args] = spec.argv;
          const env = { ...(await environment.forCommands()), [NONCE_VARIABLE]: nonce };
          const run = await spawner.run(command, args, { env, timeoutMs: RESTART_MS, onStart: started });
          const said = (run.stderr || run.stdout).trim().split('\n').at(-1)?.slice(0, 200);
          const ended = run.spawnError ?? (run.timedOut ? 'no end in time' : `exit code ${run.exitCode ?? run.signal}`);
          return { ok: run.ok, detail: `${command}: ${ended}${said ? `, ${said}` : ''}` };
        }
      }
    },
    async left(nonce, program) {
      if (program && spawner.probe(program) === 'alive') return program;
      const carriers = await spawner.treeOf(NOBODY, { name: NONCE_VARIABLE, value: nonce });
      return (
        carriers.find(({ pid }) => program === null || (pid === program.pid && program.startedAt === null)) ?? null
      );
    },
    end: (program) => void spawner.signalGroup(program, 'SIGKILL'),
    level: options.level,
    isPaused: options.isPaused,
  };
  const incidents = createIncidents({
    journal,
    clock,
    ids,
    log,
    storage: createIncidentStorage(db),
    config: settings,
    near,
  });
  const probes = createProbes({
    db,
    journal,
    clock,
    ids,
    log,
    concurrency: () => settings().concurrency,
    look: createLook({ sockets, spawner, environment, docker, launchd, systemd, clock, offline: network.offline }),
    judge: incidents.judge,
    isOfInterest: incidents.isOfInterest,
    about: (id, of) => incidents.about(near.find(id), of, id),
    isProject: (project) => projectOf({ project }, options.projects()) !== undefined,
    checkCron: (expression, timezone) => void cron.next(expression, zone(timezone), clock.now()),
    pushUrl: (token) => `${options.gatewayUrl()}/heartbeat/${token}`,
  });

  const adopt = (): void => notice('services', probes.adopt(settings().watch));

  return {
    probes,
    incidents,
    /** What time brings; part of the engine's pulse. */
    tick(): void {
      network.look();
      incidents.tick();
    },
    /**
     * How much of that time the services of a project were up (0–1): the mean of what each was. Null: it has
     * none, or nothing was known of them.
     */
    uptimeOf(projectId: string, from: number, to: number): number | null {
      const own = probes.list().filter((service) => projectOf(service, options.projects())?.id === projectId);
      const known = own.flatMap(({ id }) => probes.share(id, from, to) ?? []);
      return known.length === 0 ? null : known.reduce((sum, share) => sum + share, 0) / known.length;
    },
    wake: probes.wake,
    gateway: {
      pushed: probes.beat,
      /** How the services stand, for everybody; null while the page is off. No targets, and names only where allowed. */
      publicStatus() {
        const { enabled, names } = settings().statusPage;
        if (!enabled) return null;
        const all = probes.list();
        const uptime = new Map(probes.status(undefined, false).map((one) => [one.id, one.uptime.month]));
        const failing = all.filter((service) => isShownFailing(service)).length;
        const up = all.filter(({ state, confirmed }) => confirmed === 'up' && state !== 'paused').length;
        return {
          services: all.map((service) => ({
            name: names ? service.name : null,
            state: stateWords({ ...service, silencedBy: null }),
            uptime: uptimePercent(uptime.get(service.id) ?? null),
          })),
          up,
          failing,
          unknown: all.length - up - failing,
          at: new Date(clock.now()).toISOString(),
        };
      },
    },
    adopt,
    start(): void {
      incidents.start();
      probes.start();
      adopt();
    },
    stop(): void {
      incidents.stop();
      probes.stop();
      docker.close();
      sockets.close();
    },
  };
}
