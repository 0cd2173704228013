import type { AgentEnvironment, Spawner } from '../../kernel/ports.ts';
import { parseObject } from '../json.ts';

const LIMIT_MS = 15_000;

const METHODS: Readonly<Record<string, string>> = {
  api_key: 'with an API key',
  claude_ai: 'with a Claude account',
  oauth_token: 'with a token',
};

/** Asks the CLI itself whether it is logged in; it reads what it has kept and asks nobody. Never rejects. */
export async function loginState(
  spawner: Spawner,
  environment: AgentEnvironment,
): Promise<{ loggedIn: boolean | null; detail: string }> {
  const { path } = await environment.findClaude();
  if (path === null) return { loggedIn: null, detail: 'Nobody can say before Claude Code is found.' };
  const result = await spawner.run(path, ['auth', 'status', '--json'], {
    env: await environment.forAgent(),
    timeoutMs: LIMIT_MS,
  });
  const said = parseObject(result.stdout);
  if (typeof said?.loggedIn !== 'boolean') {
    const why = result.timedOut ? `it did not answer within ${LIMIT_MS / 1000} s` : 'this version does not tell';
    return { loggedIn: null, detail: `Whether Claude Code is logged in could not be read: ${why}.` };
  }
  if (!said.loggedIn) return { loggedIn: false, detail: 'Claude Code is not logged in.' };
  const method = typeof said.authMethod === 'string' ? (METHODS[said.authMethod] ?? '') : '';
  return { loggedIn: true, detail: `Claude Code is logged in${method && ` ${method}`}.` };
}
