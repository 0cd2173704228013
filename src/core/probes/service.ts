import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Check } from '../../shared/contract/check.ts';
import type { HistorySpan, Service, ServiceSettings, Uptime } from '../../shared/contract/services.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Emit } from '../kernel/journal.ts';
import type { Ids } from '../kernel/ports.ts';
import { createAdopt } from './adopt.ts';
import { createTallies } from './history/tallies.ts';
import { caughtUp, faceOf, UNSEEN } from './rules.ts';
import { type Beat, createLoop, type Looked, type LoopDeps, type Watched, watched } from './run/loop.ts';
import { parentsOf, refuseUnsound } from './sound.ts';
import { createProbeStorage, type StoredService } from './storage.ts';

/** What others know of a service and its view shows. */
export type About = Pick<Service, 'inMaintenance' | 'silencedBy' | 'incidentId' | 'restarting'>;

export interface ProbeDeps extends Omit<LoopDeps, 'storage' | 'tallies' | 'services' | 'beatOf' | 'redraw'> {
  db: Database;
  ids: Ids;
  about(id: string, settings: ServiceSettings): About;
  /** Whether a service may belong to it: the id or the name of a project. */
  isProject(project: string): boolean;
  /** @throws TenureError `invalid` for a cron expression or a zone that is none. */
  checkCron(cron: string, timezone: string | undefined): void;
  /** The address at which a heartbeat with that token is told. */
  pushUrl(token: string): string;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const isHeartbeat = ({ target }: ServiceSettings): boolean => target.kind === 'heartbeat';

/** Watches services: what is watched, how each stands, and its history. */
export function createProbes(deps: ProbeDeps) {
  const { journal, clock, ids } = deps;
  const storage = createProbeStorage(deps.db);
  const tallies = createTallies(storage);
  const services = new Map<string, StoredService>();
  const beats = new Map<string, number>();
  /** Pushes that came while Tenure was off were lost: silence counts from now on. */
  const startedAt = clock.now();
  const loop = createLoop({ ...deps, storage, tallies, services, beatOf, redraw });

  for (const service of storage.all()) {
    tallies.load(service.id, service.settings.intervalMs, startedAt);
    loop.put({ ...service, progress: caughtUp(service.progress, tallies.checks(service.id), service.settings) });
  }

  function beatOf({ id, createdAt }: StoredService): Beat {
    return { lastAt: beats.get(id) ?? null, since: Math.max(createdAt, startedAt) };
  }

  /** @throws TenureError `not_found`. */
  function service(id: string): StoredService {
    const found = services.get(id);
    if (!found) throw new TenureError('not_found', `There is no service "${id}".`);
    return found;
  }

  function view({ id, settings, source, paused, progress, createdAt }: StoredService): Service {
    const { confirmed, since, last, certificateExpiresAt, flapping } = progress;
    const known = { confirmed, since, last, certificateExpiresAt, flapping };
    return {
      id,
      ...settings,
      source,
      ...faceOf(progress, settings, paused),
      ...known,
      ...deps.about(id, settings),
      createdAt,
    };
  }

  function redraw(emit: Emit, id: string): void {
    const known = services.get(id);
    if (known) emit({ type: 'service.changed', body: { service: view(known) } });
  }

  /** Writes a service as it now is; when that fails, it is as it was. */
  function put(changed: StoredService): Service {
    const before = services.get(changed.id);
    try {
      return journal.commit((emit) => {
        storage.save(changed);
        loop.put(changed);
        deps.judge(emit, []);
        redraw(emit, changed.id);
        return view(changed);
      });
    } catch (error) {
      if (before) loop.put(before);
      else loop.forget(changed.id);
      throw error;
    }
  }

  const refuse = (settings: ServiceSettings, self: string | null): void =>
    refuseUnsound(settings, self, [...services.values()], deps.checkCron);
  const strange = ({ project }: ServiceSettings): boolean => project !== null && !deps.isProject(project);
  const refuseStrange = (settings: ServiceSettings, before?: ServiceSettings): void => {
    if (!strange(settings) || settings.project === before?.project) return;
    throw new TenureError(
      'invalid',
      `"${settings.name}" cannot belong to the project "${settings.project}": there is none of that name.`,
    );
  };

  function add(settings: ServiceSettings, source: StoredService['source']) {
    refuse(settings, null);
    const token = isHeartbeat(settings) ? ids.secret() : null;
    const made: StoredService = {
      id: ids.next('svc'),
      settings,
      source,
      paused: false,
      heartbeatHash: token === null ? null : hashOf(token),
      progress: UNSEEN,
      createdAt: clock.now(),
    };
    const shown = put(made);
    tallies.load(made.id, settings.intervalMs, clock.now());
    loop.schedule(made, 0);
    return { service: shown, pushUrl: token === null ? null : deps.pushUrl(token) };
  }

  function update(id: string, settings: ServiceSettings): Service {
    const before = service(id);
    refuse(settings, id);
    if (isHeartbeat(settings) !== isHeartbeat(before.settings)) {
      throw new TenureError(
        'invalid',
        'A heartbeat cannot become another kind, nor another kind a heartbeat: add a new service.',
      );
    }
    const isSame = JSON.stringify(settings.target) === JSON.stringify(before.settings.target);
    const shown = put({ ...before, settings, progress: isSame ? before.progress : UNSEEN });
    tallies.retime(id, settings.intervalMs);
    loop.schedule(service(id), 0);
    return shown;
  }

  function remove(id: string): { id: string } {
    const before = service(id);
    try {
      journal.commit((emit) => {
        storage.remove(id);
        loop.forget(id);
        deps.judge(emit, []);
        emit({ type: 'service.removed', body: { id } });
      });
    } catch (error) {
      loop.put(before);
      loop.schedule(before, before.settings.intervalMs);
      throw error;
    }
    tallies.drop(id);
    return { id };
  }

  /** What the writing of several left behind when it failed as a whole. */
  function restore(before: ReadonlyMap<string, StoredService>): void {
    for (const id of [...services.keys()].filter((known) => !before.has(known))) {
      loop.forget(id);
      tallies.drop(id);
    }
    for (const known of before.values()) {
      if (services.get(known.id) === known) continue;
      const { intervalMs } = known.settings;
      if (services.has(known.id)) tallies.retime(known.id, intervalMs);
      else tallies.load(known.id, intervalMs, clock.now());
      loop.put(known);
      loop.schedule(known, intervalMs);
    }
  }
  const adopt = createAdopt({ journal, services, restore, add, update, remove, isStrange: strange });

  return {
    list: (): Service[] => [...services.values()].map(view),
    get: (id: string): Service => view(service(id)),
    redraw,
    find(id: string): Watched | null {
      const known = services.get(id);
      return known ? watched(known) : null;
    },
    isPaused: (id: string): boolean => services.get(id)?.paused ?? true,
    /** The watched services that this one depends on. */
    parents: (of: Pick<Watched, 'settings'>): Watched[] =>
      parentsOf(of.settings, services.values()).flatMap((id) => {
        const parent = services.get(id);
        return parent && !parent.paused ? [watched(parent)] : [];
      }),
    /** Those whose newest known check failed, and those confirmed down; paused ones are not watched. */
    failing: (): Watched[] => loop.failing().map(watched),
    /** Watched ones whose newest look is older than that. */
    notSeenSince: (at: number): Watched[] =>
      [...services.values()].filter(({ paused, progress }) => !paused && (progress.last?.at ?? 0) < at).map(watched),
    soon: loop.soon,
    checkNow: (id: string): Promise<Check> => loop.checkNow(service(id)),
    /** Of the newest checks those from that moment on, oldest first. */
    checksSince: (id: string, from: number): Check[] => tallies.checks(id).filter(({ at }) => at >= from),

    status(
      wanted: readonly string[] | undefined,
      withChecks: boolean,
    ): { id: string; uptime: Uptime; checks: Check[] }[] {
      const now = clock.now();
      return (wanted ?? [...services.keys()]).map((id) => ({
        id,
        uptime: tallies.uptime(id, now),
        checks: withChecks ? tallies.checks(id) : [],
      }));
    },
    history: (id: string, span: HistorySpan) => tallies.history(service(id).id, span, clock.now()),

    /** The share of good checks of that time (0–1), hours whole; null: nothing was known. */
    share(id: string, from: number, to: number): number | null {
      const { up, down } = tallies.between(id, from, to, clock.now());
      return up + down === 0 ? null : up / (up + down);
    },

    add(settings: ServiceSettings) {
      refuseStrange(settings);
      return add(settings, 'person');
    },
    update(id: string, settings: ServiceSettings): Service {
      const before = service(id);
      refuseConfigured(before);
      refuseStrange(settings, before.settings);
      return update(id, settings);
    },
    remove(id: string): { id: string } {
      refuseConfigured(service(id));
      return remove(id);
    },
    setPaused(id: string, paused: boolean): Service {
      const before = service(id);
      if (before.paused === paused) return view(before);
      // What was going on before a pause says nothing about after it.
      const { certificateExpiresAt } = before.progress;
      const shown = put({ ...before, paused, progress: { ...UNSEEN, certificateExpiresAt } });
      loop.schedule(service(id), 0);
      return shown;
    },
    try(settings: ServiceSettings): Promise<Looked> {
      const self = [...services.values()].find((known) => known.settings.name === settings.name)?.id ?? null;
      refuse(settings, self);
      return deps.look(settings, { lastAt: null, since: clock.now() });
    },

    /** A push came. False: nobody has that token. */
    beat(token: string): boolean {
      const hash = hashOf(token);
      for (const { id, heartbeatHash, progress } of services.values()) {
        if (heartbeatHash !== hash) continue;
        beats.set(id, clock.now());
        if (progress.last?.ok !== true) loop.soon(id);
        return true;
      }
      return false;
    },
    renewPushUrl(id: string): { pushUrl: string } {
      const before = service(id);
      if (before.heartbeatHash === null) {
        throw new TenureError('invalid', `${before.settings.name} is no heartbeat: it has no push URL.`);
      }
      const token = ids.secret();
      put({ ...before, heartbeatHash: hashOf(token) });
      return { pushUrl: deps.pushUrl(token) };
    },

    adopt,

    wake: loop.wake,
    start: loop.start,
    stop: loop.stop,
  };
}

function refuseConfigured({ source, settings }: StoredService): void {
  if (source === 'config') {
    throw new TenureError(
      'not_allowed',
      `${settings.name} is set up in config.jsonc, under "services"; change it there.`,
    );
  }
}
