import type { VerifyResult } from '../../shared/contract/evidence.ts';
import { type Ids, NOBODY, NONCE_VARIABLE, type Spawner } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { tailOf } from './rules.ts';

export interface VerifyDeps {
  spawner: Pick<Spawner, 'run' | 'treeOf' | 'signalOne'>;
  ids: Pick<Ids, 'uuid'>;
}

export interface VerifyInput {
  cwd: string;
  command: string;
  timeoutMs: number;
  /** The whole environment; `TENURE_…` names are left out of it. */
  env: Readonly<Record<string, string>>;
  /** Marks every process of the command, so that one that a crash of ours left running is found at the next start. */
  nonce?: string | undefined;
  /** Ends the command; then this rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export type Verify = (input: VerifyInput) => Promise<VerifyResult | null>;

const OUTPUT_BYTES = 256 << 10;

/** Runs a project's verify command and ends all that it started. Null when the shell could not be started. */
export function createVerify({ spawner, ids }: VerifyDeps): Verify {
  return async ({ cwd, command, timeoutMs, env, signal, nonce = ids.uuid() }) => {
    const own = Object.entries(env).filter(([name]) => !name.startsWith('TENURE_'));
    const endAll = async (): Promise<void> => {
      // A test's servers and browsers may have left the group; the mark in the environment stays.
      for (const left of await spawner.treeOf(NOBODY, { name: NONCE_VARIABLE, value: nonce }))
        spawner.signalOne(left, 'SIGKILL');
    };
    const onAbort = (): void => void endAll();
    signal?.addEventListener('abort', onAbort, { once: true });
    // The inner shell takes the outer one's place; both outputs go into one stream, in their order.
    const result = await spawner.run('/bin/sh', ['-c', 'exec /bin/sh -c "$1" 2>&1', 'verify', command], {
      cwd,
      env: { ...Object.fromEntries(own), [NONCE_VARIABLE]: nonce },
      timeoutMs,
      maxBytes: OUTPUT_BYTES,
    });
    signal?.removeEventListener('abort', onAbort);
    await endAll();
    signal?.throwIfAborted();
    if (result.spawnError !== null) return null;
    const ended = result.signal !== null && !result.timedOut ? `\n(ended by ${result.signal})` : '';
    return {
      command,
      exitCode: result.exitCode,
      timedOut: result.timedOut,
      durationMs: Math.round(result.durationMs),
      tail: redact(tailOf(result.stdout + ended)),
    };
  };
}
