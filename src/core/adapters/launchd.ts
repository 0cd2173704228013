import type { AgentEnvironment, RunResult, Spawner } from '../kernel/ports.ts';
import type { ServiceManager, UnitLook } from '../kernel/watch-ports.ts';

interface Deps {
  spawner: Spawner;
  environment: Pick<AgentEnvironment, 'forCommands'>;
  /** The person's own user id. */
  uid: number;
}

const unknown = (detail: string): UnitLook => ({
  running: null,
  healthy: null,
  stopped: false,
  state: 'unknown',
  detail,
});
/** `launchctl print` of what is not loaded. */
const NOT_FOUND = 113;

/** `gui/501/com.example.job`: whom launchd means by a label. */
export const launchdTarget = (label: string, domain: string, uid: number): string =>
  domain === 'system' ? `system/${label}` : `${domain}/${uid}/${label}`;

/** launchd jobs by `launchctl print`, whose text is made for people: read for the few words that matter. */
export function createLaunchd({ spawner, environment, uid }: Deps): ServiceManager {
  const run = async (args: readonly string[], timeoutMs: number): Promise<RunResult> =>
    spawner.run('launchctl', args, { env: await environment.forCommands(), timeoutMs });
  return {
    async look(label, domain, timeoutMs) {
      const result = await run(['print', launchdTarget(label, domain, uid)], timeoutMs);
      if (result.exitCode === NOT_FOUND || /could not find service/i.test(result.stderr)) {
        const detail = `${label} is not loaded: somebody unloaded it, or it never was`;
        return { running: false, healthy: null, stopped: true, state: 'not loaded', detail };
      }
      if (!result.ok) return unknown(`launchd could not be asked (${whyOf(result, timeoutMs)})`);
      return readPrint(result.stdout);
    },
    async restart(label, domain, timeoutMs) {
      const result = await run(['kickstart', '-k', launchdTarget(label, domain, uid)], timeoutMs);
      return { ok: result.ok, detail: result.ok ? `launchctl restarted ${label}` : whyOf(result, timeoutMs) };
    },
  };
}

function whyOf({ spawnError, timedOut, stderr, exitCode }: RunResult, timeoutMs: number): string {
  if (spawnError === 'ENOENT') return 'there is no launchctl on this machine';
  if (spawnError !== null) return `launchctl could not be started: ${spawnError}`;
  if (timedOut) return `launchctl did not end within ${timeoutMs} ms`;
  return stderr.trim().split('\n').at(-1)?.slice(0, 300) || `launchctl ended with ${exitCode}`;
}

/** What `launchctl print` says of one job, whatever else it prints in this version of macOS. */
export function readPrint(text: string): UnitLook {
  // Only the job's own lines: those of nested blocks stand deeper.
  const value = (name: string): string | null =>
    new RegExp(`^(?:\\t| {1,8})?${name}\\s*=\\s*(.+?)\\s*$`, 'm').exec(text)?.[1] ?? null;
  const state = value('state');
  const pid = value('pid');
  const exit = value('last exit code') ?? value('last exit status');
  const signal = value('last terminating signal');
  if (state === null && pid === null) return unknown('launchctl printed nothing that says whether it runs');
  if (pid !== null || state === 'running' || state === 'active') {
    return {
      running: true,
      healthy: null,
      stopped: false,
      state: state ?? 'running',
      detail: pid === null ? 'running' : `running, pid ${pid}`,
    };
  }
  if (state === 'spawn scheduled' || state === 'spawning') return unknown(`launchd is about to start it (${state})`);
  const ended = signal !== null ? `, ended by ${signal}` : exit !== null ? `, last exit code ${exit}` : '';
  return {
    running: false,
    healthy: null,
    stopped: false,
    state: state ?? 'not running',
    detail: `${state ?? 'not running'}${ended}`,
  };
}
