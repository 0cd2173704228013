import { withoutAtoms } from './atoms.ts';
import { judgeUrl, looksLikeKey } from './commands/addresses.ts';
import { judgeQuery } from './commands/databases.ts';
import type { Look } from './look.ts';

/** Words in an MCP tool's name that say that something is lost, spent or published. */
const GRAVE =
  /delete|destroy|drop|truncate|wipe|purge|publish|deploy|payment|charge|refund|transfer|purchase|secret|credential|token|password/iu;

/** Verbs that only ask; nothing in the rest of the name may say more. */
const ASKS =
  /^(?:browser_)?(?:get|list|search|read|fetch|find|describe|show|view|lookup|resolve|snapshot|console_messages|network_requests)(?![a-z])/u;
const ACTS =
  /(?:^|[_-]|(?<=[a-z])(?=[A-Z]))(?:create|update|delete|remove|write|send|post|put|set|add|edit|merge|push|execute|exec|run|eval|call|approve|apply|install|start|stop|restart|move|copy|rename|upload|import|export|invoke|trigger|click|type|fill|submit|sql|or|and|then)(?![a-z])/iu;

/** Tools that put text in its own language to a database. */
const QUERIES = /^(?:query|read_query|run_query|execute_sql|execute_query|run_sql)$/u;

/**
 * A tool of a server that the person has connected. Its name is the server's word, so what it says is
 * believed only as far as asking goes, and then as a fetch from the network; where it asks is looked at.
 */
export function judgeServerTool(
  tool: string,
  fields: Readonly<Record<string, unknown>>,
  look: Look,
  cwd: string,
): void {
  const name = tool.slice(tool.indexOf('__', 'mcp__'.length) + 2);
  if (/^mcp__[\w-]+?__[\w-]+$/u.test(tool) && ASKS.test(name) && !ACTS.test(name) && !GRAVE.test(tool)) {
    look.find('medium', 'mcp', `Asks a connected server (${tool}).`);
    judgeAsked(fields, look, cwd);
    return;
  }
  const query = QUERIES.test(name) ? (fields.sql ?? fields.query) : undefined;
  if (typeof query === 'string' && !GRAVE.test(tool)) return judgeQuery(query, look);
  look.find(GRAVE.test(tool) ? 'critical' : 'high', 'mcp', `Uses ${tool}, a tool of a connected server.`, {
    irreversible: true,
  });
}

/** Files and addresses that a server is asked for, wherever they stand in the call. */
export function judgeAsked(value: unknown, look: Look, cwd: string): void {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) judgeAsked(part, look, cwd);
  if (typeof value !== 'string') return;
  if (/^[a-z][a-z\d+.-]*:\/\//iu.test(value)) judgeUrl(withoutAtoms(value), { cwd: [cwd] }, look);
  else if (value.length < 1_000 && /^[~./]|\//u.test(value)) look.read(withoutAtoms(value), { cwd: [cwd] });
  if (looksLikeKey(value)) look.find('critical', 'credentials', 'Sends what looks like a secret to a server.');
}
