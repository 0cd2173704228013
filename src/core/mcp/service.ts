import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { McpConfig, McpEntry, McpOverview, McpServer } from '../../shared/contract/mcp.ts';
import { TenureError } from '../../shared/errors.ts';
import { clockTime } from '../../shared/format.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { isSecretName } from '../kernel/secret-names.ts';
import { createBreakers } from './breakers.ts';
import { repositoryFile } from './repository.ts';
import { missingIn, resolved, secretIn, serverOf, together } from './rules.ts';
import { createMcpStorage } from './storage.ts';

export interface McpDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  log: Log;
  /** Tenure's own environment, whose names a server may ask for. */
  env: Readonly<Record<string, string | undefined>>;
  /** Where a run's servers lie for a moment; emptied at the start. */
  dir: string;
  /** @throws TenureError not_found. */
  project(id: string): { name: string; path: string };
  projects(): readonly { id: string; name: string; path: string }[];
}

export type Mcp = ReturnType<typeof createMcp>;

const looksSecret = (name: string, value: string): boolean =>
  isSecretName(name) || redact(value) !== value || redact(`${name}=${value}`) !== `${name}=${value}`;

/** MCP servers: which ones a session gets, and which of them are fit to be called. */
export function createMcp(deps: McpDeps) {
  const { journal, clock, env, dir } = deps;
  const storage = createMcpStorage(deps.db);
  const breakers = createBreakers({ ...deps, storage });
  /** Calls that were let through and have not come back, by session and id. */
  const calls = new Map<string, { sessionId: string; projectId: string; server: string }>();
  const keyOf = (sessionId: string, toolUseId: string): string => `${sessionId}/${toolUseId}`;
  const fileOf = (sessionId: string): string => join(dir, `${sessionId}.json`);

  /** The repository's servers, as far as a person has allowed this very file. */
  function fromRepository(projectId: string): McpConfig | null {
    const allowed = storage.allowed(projectId);
    if (allowed === null) return null;
    const file = repositoryFile(deps.project(projectId).path);
    return file?.hash === allowed ? file.config : null;
  }

  function overview(projectId: string): McpOverview {
    const { path } = deps.project(projectId);
    const entry = (origin: McpEntry['origin'], config: McpConfig | null): McpEntry[] =>
      Object.entries(config?.mcpServers ?? {}).map(([name, server]) => ({
        name,
        origin,
        server,
        missing: missingIn(server, env),
        breaker: breakers.view(projectId, name),
      }));
    const own = entry('project', storage.servers(projectId));
    const theirs = entry('repository', fromRepository(projectId));
    const file = repositoryFile(path);
    const allowed = storage.allowed(projectId);
    const state = allowed === null ? 'new' : allowed === file?.hash ? 'allowed' : 'changed';
    return {
      projectId,
      servers: [...own, ...theirs.filter(({ name }) => !own.some((one) => one.name === name))],
      repository: file && {
        path: file.path,
        hash: file.hash,
        text: redact(file.text),
        problem: file.problem,
        state: file.config === null ? 'refused' : state,
        servers: Object.keys(file.config?.mcpServers ?? {}),
      },
    };
  }

  const changed = (projectId: string, write: () => void): McpOverview => {
    deps.project(projectId);
    journal.commit((emit) => {
      write();
      emit({ type: 'mcp.changed', body: { projectId } });
    });
    return overview(projectId);
  };

  /** @throws TenureError `refused` for a secret in clear. */
  function checked(config: McpConfig): McpConfig {
    for (const [name, server] of Object.entries(config.mcpServers)) {
      const field = secretIn(server, looksSecret);
      if (field !== null) {
        throw new TenureError(
          'refused',
          `"${field}" of the MCP server "${name}" looks like a secret, which Tenure does not keep in clear. Put it into Tenure's environment and write \${${field.replaceAll(/\W/g, '_').toUpperCase()}} here.`,
        );
      }
    }
    return config;
  }

  function forget(sessionId: string): void {
    try {
      rmSync(fileOf(sessionId), { force: true });
    } catch (error) {
      deps.log.error({ err: error, sessionId }, 'the file with the MCP servers of a run could not be removed');
    }
  }

  return {
    overview,
    checked,

    /** @throws TenureError not_found, refused. */
    add: (projectId: string, config: McpConfig): McpOverview => {
      checked(config);
      return changed(projectId, () => {
        for (const [name, server] of Object.entries(config.mcpServers)) storage.save(projectId, name, server);
      });
    },

    /** @throws TenureError not_found. */
    remove: (projectId: string, name: string): McpOverview =>
      changed(projectId, () => {
        if (storage.remove(projectId, name)) return;
        throw new TenureError('not_found', `The project has no MCP server "${name}" of its own.`);
      }),

    /** @throws TenureError not_found, or `stale` when the file is another one than was looked at. */
    allowRepository: (projectId: string, hash: string | null): McpOverview =>
      changed(projectId, () => {
        if (hash === null) return storage.disallow(projectId);
        const file = repositoryFile(deps.project(projectId).path);
        if (file?.hash !== hash) {
          throw new TenureError(
            'stale',
            'The .mcp.json has changed since you looked at it. Look again, then allow it.',
          );
        }
        if (file.problem !== null) throw new TenureError('invalid', file.problem);
        storage.allow(projectId, hash, clock.now());
      }),

    /** @throws TenureError not_found. */
    reset(projectId: string, name: string): McpOverview {
      deps.project(projectId);
      breakers.reset(projectId, name);
      return overview(projectId);
    },

    /** Servers that are off now, and files that a person has allowed and that are others now. */
    notices: (): string[] => [
      ...storage.switchedOff(clock.now()).flatMap(({ projectId, name, failures, until }) => {
        const project = deps.projects().find(({ id }) => id === projectId);
        return project
          ? [
              `The MCP server "${name}" of "${project.name}" is off until ${clockTime(until)}: it failed ${failures} times in a row.`,
            ]
          : [];
      }),
      ...deps.projects().flatMap(({ id, name, path }) => {
        const allowed = storage.allowed(id);
        const file = allowed === null ? null : repositoryFile(path);
        return file && file.hash !== allowed
          ? [
              `The .mcp.json of "${name}" has changed since you allowed it; its servers are left out until you look again.`,
            ]
          : [];
      }),
    ],

    /** Inside the commit that queues a session: servers for it alone. */
    remember: (sessionId: string, config: McpConfig): void => storage.forSession(sessionId, config),

    /** Servers that a session alone was given; null: none. */
    ofSession: storage.ofSession,

    /**
     * Writes the servers of a run into a file that only the person may read, secrets filled in; an agent's
     * command line and environment never hold them. Those that are off are left out.
     * @returns its path, or null for a run without servers.
     * @throws TenureError `refused` when a name that a server needs is not set, or for a secret in clear.
     */
    prepare(sessionId: string, projectId: string): string | null {
      const [ofProject, ofSession] = [storage.servers(projectId), storage.ofSession(sessionId)];
      // What was stored before a secret of its kind was known is refused now.
      for (const stored of [ofProject, ofSession]) if (stored !== null) checked(stored);
      const all = together(fromRepository(projectId), ofProject, ofSession);
      const fit = Object.entries(all).filter(([name]) => !breakers.isOff(projectId, name));
      const lacking = fit
        .map(([name, server]) => ({ name, missing: missingIn(server, env) }))
        .find(({ missing }) => missing.length > 0);
      if (lacking) {
        throw new TenureError(
          'refused',
          `The MCP server "${lacking.name}" needs ${lacking.missing.join(', ')}, which Tenure's environment does not have.`,
        );
      }
      if (fit.length === 0) return null;
      const mcpServers: Record<string, McpServer> = Object.fromEntries(
        fit.map(([name, server]) => [name, resolved(server, env)]),
      );
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      rmSync(fileOf(sessionId), { force: true });
      writeFileSync(fileOf(sessionId), JSON.stringify({ mcpServers }), { mode: 0o600, flag: 'wx' });
      return fileOf(sessionId);
    },

    /** The agent has read its servers, or is gone. Never throws: what is left is swept at the next start. */
    forget,

    /** Why a tool cannot be called now, as a sentence for the agent, or null. */
    refusal(projectId: string, tool: string): string | null {
      const server = serverOf(tool);
      return server === null ? null : breakers.refusal(projectId, server);
    },

    /** How the server behind a tool is set up now, as text to compare; null: the tool is of none. */
    setUpOf(projectId: string, tool: string): string | null {
      const name = serverOf(tool);
      if (name === null) return null;
      const found = overview(projectId).servers.find((one) => one.name === name);
      return JSON.stringify(found?.server ?? null);
    },

    /** The gate lets a call through. False: a server is being tried, and another call was first. */
    admit(sessionId: string, projectId: string, tool: string, toolUseId: string | null): boolean {
      const server = serverOf(tool);
      if (server === null || toolUseId === null) return true;
      const key = keyOf(sessionId, toolUseId);
      if (!breakers.admit(projectId, server, key)) return false;
      calls.set(key, { sessionId, projectId, server });
      return true;
    },

    /** A call came back. One that was never let through (a person's no, the gate's) says nothing of a server. */
    settle(sessionId: string, toolUseId: string, ok: boolean, said: string | null): void {
      const key = keyOf(sessionId, toolUseId);
      const call = calls.get(key);
      if (!call) return;
      calls.delete(key);
      const reason = redact(said ?? 'The call failed.').slice(0, 300);
      breakers.settle(call.projectId, call.server, { call: key, ok, reason });
    },

    /** What the agent's CLI says of its servers at the start. */
    started(projectId: string, servers: readonly { name: string; ok: boolean }[]): void {
      for (const { name, ok } of servers) {
        if (!ok) breakers.settle(projectId, name, { call: null, ok, reason: 'It could not be started or reached.' });
      }
    },

    /** A run is over: calls of it that never came back say nothing of their servers. */
    ended(sessionId: string): void {
      forget(sessionId);
      for (const [key, call] of calls) {
        if (call.sessionId !== sessionId) continue;
        calls.delete(key);
        breakers.release(call.projectId, call.server, key);
      }
    },

    /** At the start: nothing of an earlier run may lie about. */
    sweep: (): void => rmSync(dir, { recursive: true, force: true }),
  };
}
