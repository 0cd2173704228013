import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, NONCE_VARIABLE, type Spawner } from '../../kernel/ports.ts';
import { createTreeKeeper } from '../tree.ts';
import { within } from '../within.ts';
import type { Step } from './scripts.ts';

const COMMAND_LIMIT_MS = 120_000;
const OUTPUT_KEPT = 4_000;
const DRAIN_MS = 250;

export interface ToolDeps {
  spawner: Spawner;
  clock: Clock;
  cwd: string;
  /** The whole environment of commands, without the nonce. */
  env: Record<string, string>;
  nonce: string;
}

export interface ToolOutcome {
  ok: boolean;
  output: string;
  /** Processes of a stopped command that resisted. */
  stillAlive?: number[];
}

/** The call as the gate gets it: paths are absolute, as other agents give them. */
export const inputOf = (step: Step, cwd: string): Record<string, string> =>
  step.input.file_path === undefined
    ? { ...step.input }
    : { ...step.input, file_path: join(cwd, step.input.file_path) };

/** Does what a call asks for, for real. Never throws; a command ends with its whole tree when `signal` aborts. */
export async function perform(step: Step, deps: ToolDeps, signal: AbortSignal): Promise<ToolOutcome> {
  const { file_path: path = '', old_string: from = '', new_string: to = '', command = '' } = inputOf(step, deps.cwd);
  try {
    switch (step.tool) {
      case 'Read':
        return { ok: true, output: await readFile(path, 'utf8') };
      case 'Edit': {
        const before = await readFile(path, 'utf8');
        if (!before.includes(from)) return { ok: false, output: `The text to be replaced is not in ${path}.` };
        await writeFile(
          path,
          before.replace(from, () => to),
        );
        return { ok: true, output: `Edited ${path}.` };
      }
      case 'Bash':
        return await runCommand(command, deps, signal);
    }
  } catch (error) {
    return { ok: false, output: error instanceof Error ? error.message : String(error) };
  }
}

async function runCommand(command: string, deps: ToolDeps, signal: AbortSignal): Promise<ToolOutcome> {
  const { spawner, clock, cwd, nonce } = deps;
  const child = await spawner.start('sh', ['-c', command], { cwd, env: { ...deps.env, [NONCE_VARIABLE]: nonce } });
  let output = '';
  const take = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_KEPT);
  };
  child.onStdout(take);
  child.onStderr(take);
  child.closeStdin();
  const kill = (): void => void spawner.signalGroup(child.identity, 'SIGKILL');
  const limit = clock.after(COMMAND_LIMIT_MS, kill);
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  const { exitCode } = await child.exited;
  limit.cancel();
  signal.removeEventListener('abort', kill);
  // What was written before the exit is in the pipe; a grandchild may hold it for ever.
  await within(clock, DRAIN_MS, child.stdoutEnded);
  child.release();
  if (signal.aborted) {
    const stillAlive = await createTreeKeeper({ spawner, clock }, child.identity, nonce).end(0, 500);
    return { ok: false, output: 'It was stopped.', stillAlive };
  }
  return { ok: exitCode === 0, output: output.trim() || `(ended with code ${exitCode}, without output)` };
}
