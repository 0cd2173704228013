import { TenureError } from '../../../shared/errors.ts';
import { type AgentEnvironment, type Child, type Clock, NONCE_VARIABLE, type Spawner } from '../../kernel/ports.ts';
import type { AgentCheck, AgentDriver } from '../driver.ts';
import { argumentsFor, TOKEN_VARIABLE } from './command.ts';
import { recordOf, recordsDir } from './records.ts';
import { superviseRun } from './run.ts';
import { tryOut } from './try-out.ts';
import { tooOld, versionIn } from './version.ts';

type Found = Awaited<ReturnType<AgentEnvironment['findClaude']>>;

const VERSION_LIMIT_MS = 10_000;
/** A look at the program that is no older than this is believed at a launch. */
const JUST_NOW_MS = 10_000;

export interface ClaudeDriverDeps {
  spawner: Spawner;
  clock: Clock;
  environment: AgentEnvironment;
}

/** Runs the person's own Claude Code, with our gate before every tool call. */
export function createClaudeDriver({ spawner, clock, environment }: ClaudeDriverDeps): AgentDriver {
  /** The newest look, and what the program's file was then: whoever prepares a launch looks while the work tree is made. */
  let newest: { at: number; check: Promise<AgentCheck>; stamp: Promise<string | null> } | null = null;

  function check(): Promise<AgentCheck> {
    const found = environment.findClaude();
    const stamp = found.then((now) => now.stamp).catch(() => null);
    newest = { at: clock.monotonic(), check: found.then(look), stamp };
    return newest.check;
  }

  // What a wrapper of that name runs may have changed without it: the run's own first words are looked at too.
  async function ready(): Promise<AgentCheck> {
    if (newest === null) return check();
    const last = newest.check.catch(() => null);
    const [then, now, said] = await Promise.all([newest.stamp, environment.findClaude(), last]);
    return said?.ok && then !== null && then === now.stamp ? said : check();
  }

  const checked = (): Promise<AgentCheck> =>
    newest !== null && clock.monotonic() - newest.at < JUST_NOW_MS ? newest.check : ready();

  const look = async ({ path, named }: Found): Promise<AgentCheck> => {
    if (path === null) return missing(named);
    const result = await spawner.run(path, ['--version'], {
      env: await environment.forAgent(),
      timeoutMs: VERSION_LIMIT_MS,
    });
    const version = result.ok ? versionIn(result.stdout) : null;
    const problem = version === null ? unreadable(path, result) : tooOld(`Claude Code at ${path}`, version);
    return { ok: problem === null, version, path, problem };
  };

  return {
    kind: 'claude',
    check,
    ready,

    async remembers(agentSessionId) {
      const dir = recordsDir(await environment.forAgent());
      return (await recordOf(dir, agentSessionId)) !== null;
    },

    async tryOut(model, signal) {
      const { path, problem } = await check();
      if (path === null || problem !== null) {
        return { kind: 'launch_failed', detail: problem ?? 'Claude Code cannot be used.', resetsAt: null };
      }
      return tryOut(spawner, path, await environment.forAgent(), model, signal);
    },

    async launch(spec, observe) {
      const { path, version, problem } = await checked();
      if (path === null || version === null || problem !== null) {
        throw new TenureError('unavailable', problem ?? 'Claude Code cannot be used.');
      }
      if (!spec.resume && spec.prompt === null) throw new TenureError('invalid', 'A first run needs a prompt.');
      const env = {
        ...(await environment.forAgent()),
        [TOKEN_VARIABLE]: spec.gate.token,
        [NONCE_VARIABLE]: spec.nonce,
      };
      const child = await spawner
        .start(path, argumentsFor(spec), { cwd: spec.cwd, env })
        .catch((error: Error): Child => {
          throw new TenureError('unavailable', `Claude Code (${path}) did not start in ${spec.cwd}: ${error.message}.`);
        });
      observe({ type: 'spawned', identity: child.identity });
      return superviseRun({ spawner, clock }, child, spec, version, observe);
    },
  };
}

function missing(named: string | null): AgentCheck {
  const problem =
    named === null
      ? 'Claude Code was not found on the PATH of your shell. Install it, or name its path in "claude.command" of the configuration.'
      : `There is no program at "${named}", which "claude.command" of the configuration names.`;
  return { ok: false, version: null, path: null, problem };
}

function unreadable(path: string, result: { timedOut: boolean; spawnError: string | null; stderr: string }): string {
  const why = result.timedOut
    ? `it did not answer within ${VERSION_LIMIT_MS / 1000} s`
    : (result.spawnError ?? (result.stderr.trim().split('\n', 1)[0] || 'it named none'));
  return `The version of Claude Code at ${path} could not be read: ${why}.`;
}
