import { TenureError } from '../../../shared/errors.ts';
import { type AgentEnvironment, type Child, type Clock, NONCE_VARIABLE, type Spawner } from '../../kernel/ports.ts';
import type { AgentCheck, AgentDriver } from '../driver.ts';
import { argumentsFor, TOKEN_VARIABLE } from './command.ts';
import { recordOf, recordsDir } from './records.ts';
import { superviseRun } from './run.ts';
import { tryOut } from './try-out.ts';
import { isAtLeast, OLDEST_VERSION, versionIn } from './version.ts';

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
  /** The newest look: whoever prepares a launch looks while the work tree is made. */
  let newest: { at: number; check: Promise<AgentCheck> } | null = null;

  function check(): Promise<AgentCheck> {
    newest = { at: clock.monotonic(), check: look() };
    return newest.check;
  }

  const checked = (): Promise<AgentCheck> =>
    newest !== null && clock.monotonic() - newest.at < JUST_NOW_MS ? newest.check : check();

  const look = async (): Promise<AgentCheck> => {
    const { path, named } = await environment.findClaude();
    if (path === null) return missing(named);
    const result = await spawner.run(path, ['--version'], {
      env: await environment.forAgent(),
      timeoutMs: VERSION_LIMIT_MS,
    });
    const version = result.ok ? versionIn(result.stdout) : null;
    const problem = version === null ? unreadable(path, result) : tooOld(path, version);
    return { ok: problem === null, version, path, problem };
  };

  return {
    kind: 'claude',
    check,

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

function tooOld(path: string, version: string): string | null {
  if (isAtLeast(version, OLDEST_VERSION)) return null;
  return `Claude Code at ${path} is version ${version}; Tenure needs ${OLDEST_VERSION} or newer, because older ones let a tool run when the gate cannot be reached. Update it with "claude update".`;
}
