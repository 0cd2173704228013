import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../kernel/ports.ts';
import type { Acted, Docker, LineStream, Sockets, UnitLook } from '../kernel/watch-ports.ts';
import { unknownUnit } from './unit-look.ts';

interface Deps {
  sockets: Sockets;
  clock: Clock;
  home: string;
  /** `DOCKER_HOST`, when the person has set one. */
  dockerHost: string | undefined;
}

/** A stream that ended is opened again at the next look, but not sooner than this. */
const REOPEN_MS = 5_000;
const MOST_BYTES = 1024 * 1024;

interface Engine {
  stream: LineStream | null;
  live: boolean;
  opened: Promise<void> | null;
  triedAt: number;
  /** Why it could not be followed the last time. */
  problem: string;
  /** Events so far: an answer that one of them overtook is not kept. */
  heard: number;
  /** What was seen of a container; dropped when an event names it. */
  known: Map<string, UnitLook>;
  /** Names and ids of containers that were stopped by a command, until they start again. */
  halted: Set<string>;
}

/**
 * Docker's Engine API over its Unix socket. The events are followed, and a container is looked at anew only
 * when one of them names it: a machine that sleeps under Docker is never woken by asking.
 */
export function createDocker({ sockets, clock, home, dockerHost }: Deps): Docker {
  const engines = new Map<string, Engine>();
  const candidates = [
    ...(dockerHost?.startsWith('unix://') ? [dockerHost.slice('unix://'.length)] : []),
    '/var/run/docker.sock',
    ...['.docker/run/docker.sock', '.orbstack/run/docker.sock', '.colima/default/docker.sock', '.rd/docker.sock'].map(
      (path) => join(home, path),
    ),
  ];
  const socketOf = (given: string | undefined): string | null =>
    given ?? candidates.find((path) => existsSync(path)) ?? null;

  function hear(engine: Engine, text: string): void {
    const event = eventOf(text);
    // What runs inside of a container, as its health check does each half minute, changes nothing about it.
    if (!event || event.action.startsWith('exec_')) return;
    engine.heard += 1;
    for (const name of event.names) {
      engine.known.delete(name);
      if (event.action === 'stop' || event.action === 'pause') engine.halted.add(name);
      if (event.action === 'start' || event.action === 'unpause' || event.action === 'destroy')
        engine.halted.delete(name);
    }
  }

  /** The events of that engine, followed from now on. Resolves once they flow, or cannot. */
  function follow(path: string, engine: Engine): Promise<void> {
    if (engine.live || (engine.opened === null && clock.monotonic() - engine.triedAt < REOPEN_MS))
      return Promise.resolve();
    engine.opened ??= new Promise<void>((resolve) => {
      engine.triedAt = clock.monotonic();
      const filters = encodeURIComponent(JSON.stringify({ type: ['container'] }));
      engine.stream = sockets.follow(path, `/events?filters=${filters}`, {
        open: () => {
          engine.live = true;
          engine.opened = null;
          resolve();
        },
        line: (text) => hear(engine, text),
        end: (why) => {
          engine.live = false;
          engine.opened = null;
          engine.problem = why;
          // What happened while nobody listened is not known.
          engine.heard += 1;
          engine.known.clear();
          resolve();
        },
      });
    });
    return engine.opened;
  }

  function engineOf(path: string): Engine {
    const known = engines.get(path);
    if (known) return known;
    const made: Engine = {
      stream: null,
      live: false,
      opened: null,
      triedAt: Number.NEGATIVE_INFINITY,
      problem: 'it was not asked yet',
      heard: 0,
      known: new Map(),
      halted: new Set(),
    };
    engines.set(path, made);
    return made;
  }

  const ask = (socketPath: string, method: string, path: string, timeoutMs: number) =>
    sockets.request({
      url: `http://localhost${path}`,
      method,
      headers: {},
      timeoutMs,
      maxBytes: MOST_BYTES,
      socketPath,
    });

  return {
    async look(container, given, timeoutMs) {
      const path = socketOf(given);
      if (path === null || !existsSync(path))
        return unknownUnit(`Docker is not running: there is no socket at ${path ?? candidates.join(', ')}`);
      const engine = engineOf(path);
      const late = new Promise<'late'>((resolve) => {
        const timer = clock.after(timeoutMs, () => resolve('late'));
        void follow(path, engine).finally(() => timer.cancel());
      });
      if ((await Promise.race([follow(path, engine), late])) === 'late')
        return unknownUnit(`Docker gave no answer within ${timeoutMs} ms`);
      if (!engine.live) return unknownUnit(`Docker cannot be asked: ${engine.problem}`);
      const known = engine.known.get(container);
      if (known) return known;
      const { heard } = engine;
      const reply = await ask(path, 'GET', `/containers/${encodeURIComponent(container)}/json`, timeoutMs);
      if (reply.error !== null) return unknownUnit(`Docker cannot be asked: ${reply.error}`);
      if (reply.status === 404)
        return {
          running: false,
          healthy: null,
          stopped: true,
          state: 'missing',
          detail: `there is no container ${container}`,
        };
      if (reply.status !== 200) return unknownUnit(`Docker answered ${reply.status}: ${messageOf(reply.body)}`);
      const look = readContainer(reply.body, (name) => engine.halted.has(name));
      // A container that starts up tells when it is healthy by an event; what is unknown is asked anew.
      if (look.running !== null && engine.live && engine.heard === heard) engine.known.set(container, look);
      return look;
    },

    async restart(container, given, timeoutMs): Promise<Acted> {
      const path = socketOf(given);
      if (path === null) return { ok: false, detail: 'Docker is not running' };
      const reply = await ask(path, 'POST', `/containers/${encodeURIComponent(container)}/restart`, timeoutMs);
      engines.get(path)?.known.delete(container);
      engines.get(path)?.halted.delete(container);
      if (reply.error !== null) return { ok: false, detail: reply.error };
      const ok = reply.status === 204;
      return {
        ok,
        detail: ok ? `Docker restarted ${container}` : `Docker answered ${reply.status}: ${messageOf(reply.body)}`,
      };
    },

    close() {
      for (const { stream } of engines.values()) stream?.close();
      engines.clear();
    },
  };
}

function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === 'string' ? message : 'no reason given';
  } catch {
    return body.slice(0, 200) || 'no reason given';
  }
}

/** An event of a container: what happened, and every name it goes by. */
function eventOf(text: string): { action: string; names: string[] } | null {
  try {
    const { Action, Actor } = JSON.parse(text) as {
      Action?: string;
      Actor?: { ID?: string; Attributes?: { name?: string } };
    };
    if (typeof Action !== 'string' || !Actor) return null;
    const { ID: id, Attributes } = Actor;
    const names = [id, id?.slice(0, 12), Attributes?.name].filter((name) => name !== undefined);
    return { action: Action.split(':')[0]?.trim() ?? Action, names };
  } catch {
    return null;
  }
}

interface Container {
  Name?: string;
  Id?: string;
  State?: {
    Status?: string;
    Running?: boolean;
    ExitCode?: number;
    OOMKilled?: boolean;
    Error?: string;
    Health?: { Status?: string; Log?: { Output?: string }[] };
  };
}

/** What an inspected container says of itself. Its health, where it has one, is honoured. */
export function readContainer(body: string, wasHalted: (name: string) => boolean): UnitLook {
  let container: Container;
  try {
    container = JSON.parse(body) as Container;
  } catch {
    return unknownUnit('Docker answered with something that is no JSON');
  }
  const { Status: state, ExitCode: code, OOMKilled, Error: why, Health } = container.State ?? {};
  if (!state) return unknownUnit('Docker did not say what the container does');
  const health = Health?.Status;
  if (state === 'running') {
    if (health === 'starting') return unknownUnit('running, its health check has not finished yet');
    const isIll = health === 'unhealthy';
    const said = isIll ? Health?.Log?.at(-1)?.Output?.trim().slice(0, 200) : undefined;
    const detail = `running${health && health !== 'none' ? `, ${health}` : ''}${said ? `: ${said}` : ''}`;
    return {
      running: true,
      healthy: isIll ? false : health === 'healthy' ? true : null,
      stopped: false,
      state: health === 'unhealthy' ? 'unhealthy' : state,
      detail,
    };
  }
  if (state === 'restarting')
    return {
      running: false,
      healthy: null,
      stopped: false,
      state,
      detail: `restarting, last exit code ${code ?? 'unknown'}`,
    };
  const names = [container.Name?.replace(/^\//, ''), container.Id, container.Id?.slice(0, 12)];
  // Stopped by a command while we listened, suspended by one, or never started.
  const stopped =
    state === 'paused' || state === 'created' || names.some((name) => name !== undefined && wasHalted(name));
  const ended =
    state === 'exited' || state === 'dead'
      ? `, exit code ${code ?? 'unknown'}${OOMKilled ? ', out of memory' : ''}${why ? `, ${why}` : ''}`
      : '';
  return {
    running: false,
    healthy: null,
    stopped,
    state,
    detail: `${state}${ended}${stopped ? ', stopped on purpose' : ''}`,
  };
}
