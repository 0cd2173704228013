import type { McpBreaker } from '../../shared/contract/mcp.ts';
import { clockTime } from '../../shared/format.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/ports.ts';
import { admitted, after, type Breaker, CLOSED, MOST_FAILURES, released, stateOf, whyNotNow } from './rules.ts';
import type { McpStorage } from './storage.ts';

interface BreakerDeps {
  storage: McpStorage;
  journal: Journal;
  clock: Clock;
  log: Log;
}

/** The breakers of all servers, each known by its project and name; off ones stay off over a restart. */
export function createBreakers({ storage, journal, clock, log }: BreakerDeps) {
  const probes = new Map<string, string>();
  const keyOf = (projectId: string, name: string): string => `${projectId}/${name}`;

  function get(projectId: string, name: string): Breaker {
    const row = storage.breaker(projectId, name);
    return row ? { ...row, probe: probes.get(keyOf(projectId, name)) ?? null } : CLOSED;
  }

  /** Never throws: what cannot be written now counts again at the next failure. */
  function put(projectId: string, name: string, before: Breaker, next: Breaker): void {
    const key = keyOf(projectId, name);
    if (next.probe === null) probes.delete(key);
    else probes.set(key, next.probe);
    const same = before.failures === next.failures && before.until === next.until && before.reason === next.reason;
    if (same) return;
    try {
      journal.commit((emit) => {
        storage.saveBreaker(projectId, name, next);
        emit({ type: 'mcp.changed', body: { projectId } });
      });
    } catch (error) {
      log.error({ err: error, projectId, server: name }, 'the state of an MCP server could not be kept');
    }
  }

  return {
    view(projectId: string, name: string): McpBreaker {
      const { failures, until, reason } = get(projectId, name);
      return { state: stateOf({ until }, clock.now()), failures, until, reason };
    },
    isOff: (projectId: string, name: string): boolean => stateOf(get(projectId, name), clock.now()) === 'off',

    /** A sentence for the agent why a call cannot go through now, or null. */
    refusal(projectId: string, name: string): string | null {
      const breaker = get(projectId, name);
      const why = whyNotNow(breaker, clock.now());
      if (why === null) return null;
      const last = breaker.reason === null ? '' : ` It last said: ${breaker.reason}`;
      return why === 'off'
        ? `The MCP server "${name}" is off until ${clockTime(breaker.until ?? 0)}: it failed ${Math.max(breaker.failures, MOST_FAILURES)} times in a row.${last}`
        : `The MCP server "${name}" is being tried by another call after its failures; wait for that one.`;
    },

    /** Takes the one call after the time, when this is it. False: another one was first. */
    admit(projectId: string, name: string, call: string): boolean {
      const before = get(projectId, name);
      const next = admitted(before, call, clock.now());
      if (next) put(projectId, name, before, next);
      return next !== null;
    },

    settle(projectId: string, name: string, result: { call: string | null; ok: boolean; reason: string }): void {
      const before = get(projectId, name);
      put(projectId, name, before, after(before, result, clock.now()));
    },

    release(projectId: string, name: string, call: string): void {
      const before = get(projectId, name);
      put(projectId, name, before, released(before, call));
    },

    /** A person switches it on again. */
    reset(projectId: string, name: string): void {
      probes.delete(keyOf(projectId, name));
      journal.commit((emit) => {
        storage.saveBreaker(projectId, name, CLOSED);
        emit({ type: 'mcp.changed', body: { projectId } });
      });
    },
  };
}
