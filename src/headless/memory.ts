import { accessSync, constants } from 'node:fs';

const VARIABLE = 'MALLOC_ARENA_MAX';
const MARK = 'TENURE_ONE_ARENA';

/**
 * glibc gives each thread an arena of memory and returns none of them: what V8's compiler threads once used is
 * held for good, and an engine at rest grows by some MiB an hour. How many arenas there are is read from the
 * environment as a process begins (mallopt(3)), so this one begins anew, in its place: same pid, same streams.
 * Whoever set the number keeps it. Does nothing where that is not to be had; programs started later hear nothing of it.
 */
export function keepOneArena(): void {
  const { env } = process;
  if (env[MARK] !== undefined) {
    delete env[MARK];
    delete env[VARIABLE];
    return;
  }
  if (process.platform !== 'linux' || env[VARIABLE] !== undefined || process.execve === undefined) return;
  try {
    // A program that cannot be begun would end this one too.
    accessSync(process.execPath, constants.X_OK);
  } catch {
    return;
  }
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, again, { ...env, [VARIABLE]: '1', [MARK]: '1' });
}
