import type { McpBreaker, McpConfig, McpServer } from '../../shared/contract/mcp.ts';
import { REDACTED } from '../kernel/redact.ts';

/** Failures in a row after which a server is off, and for how long (S1-47). */
export const MOST_FAILURES = 3;
export const OFF_MS = 5 * 60_000;

export interface Breaker {
  failures: number;
  /** Epoch ms; null: on. */
  until: number | null;
  reason: string | null;
  /** The one call that is let through after the time; not kept over a restart. */
  probe: string | null;
}

export const CLOSED: Breaker = { failures: 0, until: null, reason: null, probe: null };

export function stateOf({ until }: Pick<Breaker, 'until'>, now: number): McpBreaker['state'] {
  if (until === null) return 'on';
  return now < until ? 'off' : 'trying';
}

/** May a call go through now? Null, or why not. Takes nothing: a call that is let through is `admitted` then. */
export function whyNotNow(breaker: Breaker, now: number): 'off' | 'probing' | null {
  const state = stateOf(breaker, now);
  if (state === 'off') return 'off';
  return state === 'trying' && breaker.probe !== null ? 'probing' : null;
}

/** A call goes through; after the time exactly one does. Null: another one was first. */
export function admitted(breaker: Breaker, call: string, now: number): Breaker | null {
  if (whyNotNow(breaker, now) !== null) return null;
  return stateOf(breaker, now) === 'trying' ? { ...breaker, probe: call } : breaker;
}

/** A call that was let through came back. `call` null: the server did not even start. */
export function after(
  breaker: Breaker,
  result: { call: string | null; ok: boolean; reason: string },
  now: number,
): Breaker {
  if (result.ok) return CLOSED;
  const failures = breaker.failures + 1;
  const failed = { failures, reason: result.reason, probe: null };
  switch (stateOf(breaker, now)) {
    case 'on':
      return { ...failed, until: failures >= MOST_FAILURES ? now + OFF_MS : null };
    case 'off':
      // A call from before it was switched off; it was off for that already.
      return breaker;
    case 'trying':
      // Only the one call that is to find out decides, or a start that failed.
      return result.call === null || result.call === breaker.probe ? { ...failed, until: now + OFF_MS } : breaker;
  }
}

/** A call that will never come back (its session was ended, a person said no): it says nothing of the server. */
export const released = (breaker: Breaker, call: string): Breaker =>
  breaker.probe === call ? { ...breaker, probe: null } : breaker;

/** The server of a tool's name, `mcp__<server>__<tool>`; null: it is none of a server. */
export const serverOf = (tool: string): string | null => /^mcp__(.+?)__/.exec(tool)?.[1] ?? null;

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Every text of a server in which names may stand. */
const texts = (server: McpServer): string[] =>
  'command' in server
    ? [server.command, ...(server.args ?? []), ...Object.values(server.env ?? {})]
    : [server.url, ...Object.values(server.headers ?? {})];

/** Names that a server needs and that the environment lacks. Tenure's own are never given away. */
export function missingIn(server: McpServer, env: Readonly<Record<string, string | undefined>>): string[] {
  const needed = texts(server).flatMap((text) => [...text.matchAll(REFERENCE)]);
  const missing = needed.flatMap(([, name = '', fallback]) =>
    fallback === undefined && valueOf(name, env) === undefined ? [name] : [],
  );
  return [...new Set(missing)];
}

const valueOf = (name: string, env: Readonly<Record<string, string | undefined>>): string | undefined =>
  name.startsWith('TENURE_') ? undefined : env[name];

/** A server with the names replaced by what the environment has for them. */
export function resolved(server: McpServer, env: Readonly<Record<string, string | undefined>>): McpServer {
  const fill = (text: string): string =>
    text.replaceAll(REFERENCE, (_all, name: string, fallback?: string) => valueOf(name, env) ?? fallback ?? '');
  const all = (record: Record<string, string> | undefined) =>
    record && Object.fromEntries(Object.entries(record).map(([key, value]) => [key, fill(value)]));
  return 'command' in server
    ? {
        ...server,
        command: fill(server.command),
        ...(server.args && { args: server.args.map(fill) }),
        ...(server.env && { env: all(server.env) ?? {} }),
      }
    : { ...server, url: fill(server.url), ...(server.headers && { headers: all(server.headers) ?? {} }) };
}

/** What of a text is kept in clear: a name stands for the rest, but what stands instead of a missing one is kept. */
const inClear = (text: string): string =>
  text.replaceAll(REFERENCE, (_all, _name, other?: string) => other || REDACTED);

/** Nothing of a secret: no letters or digits beside the names, or the word of a scheme before one. */
const isBare = (text: string): boolean =>
  /^(bearer|basic|token)?[^A-Za-z0-9]*$/i.test(text.replaceAll(REDACTED, '').trim()) && text.includes(REDACTED);

/**
 * Where a secret stands in clear that a name could stand for: the name of the field, or null.
 * @param looksSecret by the name before it, or by its shape.
 */
export function secretIn(server: McpServer, looksSecret: (name: string, value: string) => boolean): string | null {
  const plain: [string, string][] =
    'command' in server
      ? [
          ['command', server.command],
          // Together too: the name of a secret may be the argument before it.
          ...[...(server.args ?? []), (server.args ?? []).join(' ')].map((arg): [string, string] => ['args', arg]),
        ]
      : [['url', server.url]];
  const named = Object.entries(('command' in server ? server.env : server.headers) ?? {});
  const clear = [...named, ...plain]
    .map(([name, value]) => [name, inClear(value)] as const)
    .find(([name, value]) => value.trim() !== '' && !isBare(value) && looksSecret(name, value));
  return clear?.[0] ?? null;
}

/** Servers together; those further right stand above those of the same name before. */
export function together(...configs: readonly (McpConfig | null)[]): Record<string, McpServer> {
  return Object.assign({}, ...configs.map((config) => config?.mcpServers ?? {})) as Record<string, McpServer>;
}
