import { tmpdir } from 'node:os';
import type { Spawner } from '../../kernel/ports.ts';
import type { TriedOut } from '../driver.ts';
import { endingOfExit, endingOfResult } from './endings.ts';
import { createReader } from './reader.ts';

/** The CLI itself tries again for minutes when the service fails: that is answer enough. */
const LIMIT_MS = 60_000;

/** One word for one word: no tools, no hooks, no servers, no memory, nothing kept. */
const ARGUMENTS = [
  '-p',
  ...'--output-format stream-json --verbose --setting-sources user --strict-mcp-config'.split(' '),
  ...'--max-turns 1 --no-session-persistence --permission-prompts none'.split(' '),
  '--tools',
  '',
  '--settings',
  JSON.stringify({ disableAllHooks: true }),
  '--system-prompt',
  'Answer with the single word: ok',
];

/** Asks the cheapest question that proves that the agent can work with that model. Never rejects. */
export async function tryOut(
  spawner: Spawner,
  path: string,
  env: Record<string, string>,
  model: string | null,
  signal?: AbortSignal,
): Promise<TriedOut> {
  const args = [...ARGUMENTS, ...(model === null ? [] : ['--model', model])];
  const how = { cwd: tmpdir(), env, timeoutMs: LIMIT_MS, stdin: 'ok?', signal };
  const { stdout, ...ran } = await spawner.run(path, args, how);
  const options = { cwd: tmpdir(), resumed: false, version: null, usedBefore: null, observe: () => undefined };
  const { take, reading } = createReader(options);
  for (const line of stdout.split('\n')) if (line.trim() !== '') take(line);
  reading.stderr = ran.stderr;
  if (reading.loginRefused) return { kind: 'auth_required', detail: 'The service refused the login.', resetsAt: null };
  if (ran.timedOut) {
    return { kind: 'transient', detail: `A check got no answer within ${LIMIT_MS / 1000} s.`, resetsAt: null };
  }
  const { kind, detail, resetsAt } = reading.result
    ? endingOfResult(reading.result, reading)
    : endingOfExit(ran, reading);
  // A model that answers, however it ends, is there.
  return {
    kind: kind === 'deferred' || kind === 'max_turns' || kind === 'refused' ? 'completed' : kind,
    detail,
    resetsAt,
  };
}
