import { TenureError } from '../../shared/errors.ts';
import { NOBODY, NONCE_VARIABLE, type Spawner } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';

const OUTPUT_BYTES = 64 << 10;
const TAIL_LINES = 12;

export interface SetUpDeps {
  spawner: Pick<Spawner, 'run' | 'treeOf' | 'signalOne'>;
  /** The environment of a project's own commands. */
  env(): Promise<Record<string, string>>;
}

export interface SetUp {
  command: string;
  /** Milliseconds. */
  timeoutMs: number;
  cwd: string;
  /** Marks its processes, so that what it leaves running is found. */
  nonce: string;
  signal: AbortSignal;
}

/**
 * Runs a project's set-up command in a new work tree; nothing of it goes on running afterwards.
 * @throws TenureError `refused` with its last lines when it fails, `unavailable` when it was called off.
 */
export async function runSetUp({ spawner, env }: SetUpDeps, setUp: SetUp): Promise<void> {
  const { command, timeoutMs, cwd, nonce, signal } = setUp;
  const endAll = async (): Promise<void> => {
    for (const left of await spawner.treeOf(NOBODY, { name: NONCE_VARIABLE, value: nonce }))
      spawner.signalOne(left, 'SIGKILL');
  };
  const calledOff = new TenureError('unavailable', 'Its set-up was called off.');
  if (signal.aborted) throw calledOff;
  const onAbort = (): void => void endAll();
  signal.addEventListener('abort', onAbort, { once: true });
  const own = Object.entries(await env()).filter(([name]) => !name.startsWith('TENURE_'));
  const result = await spawner.run('/bin/sh', ['-c', 'exec /bin/sh -c "$1" 2>&1', 'set-up', command], {
    cwd,
    env: { ...Object.fromEntries(own), [NONCE_VARIABLE]: nonce },
    timeoutMs,
    maxBytes: OUTPUT_BYTES,
  });
  signal.removeEventListener('abort', onAbort);
  await endAll();
  if (signal.aborted) throw calledOff;
  if (result.ok) return;
  const how = result.timedOut
    ? `did not finish within ${timeoutMs / 1_000} s`
    : result.spawnError !== null
      ? `could not be started (${result.spawnError})`
      : `ended with ${result.exitCode ?? result.signal}`;
  // oxlint-disable-next-line no-control-regex -- terminal codes are what is taken out
  const plain = result.stdout.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
  const tail = plain.trim().split('\n').slice(-TAIL_LINES).join('\n');
  throw new TenureError('refused', redact(`The set-up command "${command}" ${how}.${tail === '' ? '' : `\n${tail}`}`));
}
