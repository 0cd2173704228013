import type { Database } from 'better-sqlite3';
import type { McpConfig, McpServer } from '../../shared/contract/mcp.ts';
import type { Breaker } from './rules.ts';

interface BreakerRow {
  failures: number;
  until: number | null;
  reason: string | null;
}

export function createMcpStorage(db: Database) {
  const servers = db.prepare<[string], { name: string; config: string }>(
    'SELECT name, config FROM mcp_servers WHERE project_id = ? ORDER BY name',
  );
  const save = db.prepare<[string, string, string]>(
    `INSERT INTO mcp_servers (project_id, name, config) VALUES (?, ?, ?)
     ON CONFLICT (project_id, name) DO UPDATE SET config = excluded.config`,
  );
  const remove = db.prepare<[string, string]>('DELETE FROM mcp_servers WHERE project_id = ? AND name = ?');
  const allowed = db.prepare<[string], { hash: string }>('SELECT hash FROM mcp_repositories WHERE project_id = ?');
  const allow = db.prepare<[string, string, number]>(
    `INSERT INTO mcp_repositories (project_id, hash, at) VALUES (?, ?, ?)
     ON CONFLICT (project_id) DO UPDATE SET hash = excluded.hash, at = excluded.at`,
  );
  const disallow = db.prepare<[string]>('DELETE FROM mcp_repositories WHERE project_id = ?');
  const ofSession = db.prepare<[string], { config: string }>('SELECT config FROM session_mcp WHERE session_id = ?');
  const forSession = db.prepare<[string, string]>('INSERT INTO session_mcp (session_id, config) VALUES (?, ?)');
  const breaker = db.prepare<[string, string], BreakerRow>(
    'SELECT failures, until, reason FROM mcp_breakers WHERE project_id = ? AND name = ?',
  );
  const switchedOff = db.prepare<[number], { projectId: string; name: string; failures: number; until: number }>(
    'SELECT project_id AS projectId, name, failures, until FROM mcp_breakers WHERE until > ? ORDER BY until',
  );
  const saveBreaker = db.prepare<[BreakerRow & { projectId: string; name: string }]>(
    `INSERT INTO mcp_breakers (project_id, name, failures, until, reason)
     VALUES (@projectId, @name, @failures, @until, @reason)
     ON CONFLICT (project_id, name) DO UPDATE SET failures = excluded.failures, until = excluded.until,
       reason = excluded.reason`,
  );
  return {
    servers(projectId: string): McpConfig {
      const rows = servers.all(projectId).map(({ name, config }) => [name, JSON.parse(config) as McpServer] as const);
      return { mcpServers: Object.fromEntries(rows) };
    },
    save: (projectId: string, name: string, server: McpServer): void =>
      void save.run(projectId, name, JSON.stringify(server)),
    /** False: there was none. */
    remove: (projectId: string, name: string): boolean => remove.run(projectId, name).changes === 1,
    /** The hash of the repository's file that a person has allowed. */
    allowed: (projectId: string): string | null => allowed.get(projectId)?.hash ?? null,
    allow: (projectId: string, hash: string, at: number): void => void allow.run(projectId, hash, at),
    disallow: (projectId: string): void => void disallow.run(projectId),
    ofSession(sessionId: string): McpConfig | null {
      const row = ofSession.get(sessionId);
      return row ? (JSON.parse(row.config) as McpConfig) : null;
    },
    forSession: (sessionId: string, config: McpConfig): void => void forSession.run(sessionId, JSON.stringify(config)),
    breaker: (projectId: string, name: string): BreakerRow | null => breaker.get(projectId, name) ?? null,
    /** Servers that are off then, the first to be tried again first. */
    switchedOff: (now: number) => switchedOff.all(now),
    saveBreaker: (projectId: string, name: string, { failures, until, reason }: Breaker): void =>
      void saveBreaker.run({ projectId, name, failures, until, reason }),
  };
}

export type McpStorage = ReturnType<typeof createMcpStorage>;
