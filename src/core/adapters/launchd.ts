import type { AgentEnvironment, RunResult, Spawner } from '../kernel/ports.ts';
import type { ServiceManager, UnitLook } from '../kernel/watch-ports.ts';
import { unknownUnit } from './unit-look.ts';

interface Deps {
  spawner: Spawner;
  environment: Pick<AgentEnvironment, 'forCommands'>;
  /** The person's own user id. */
  uid: number;
}

/** `launchctl print` of what is not loaded. */
const NOT_FOUND = 113;
/** And where there is no such domain: `gui` has none until somebody logs in at the screen. */
const NO_DOMAIN: ReadonlySet<number | null> = new Set([112, 125]);
/** An end that somebody asked for: clean, or by `launchctl stop` and the like. */
const CLEAN_EXIT = /^(0|130|143)\b/;
const CLEAN_SIGNAL = /^Terminated\b|^Interrupt\b/;

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
      if (NO_DOMAIN.has(result.exitCode) && domain === 'gui')
        return unknownUnit('launchd has no gui domain now: nobody is logged in at the screen');
      if (!result.ok) return unknownUnit(`launchd could not be asked (${whyOf(result, timeoutMs)})`);
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
  const state = value('state') ?? value('job state');
  const pid = value('pid');
  if (state === null && pid === null) return unknownUnit('launchctl printed nothing that says whether it runs');
  if (pid !== null || state === 'running' || state === 'active') {
    return {
      running: true,
      healthy: null,
      stopped: false,
      state: state ?? 'running',
      detail: pid === null ? 'running' : `running, pid ${pid}`,
    };
  }
  const { words, isClean } = endOf(value);
  const told = `${state ?? 'not running'}${words === null ? '' : `, ${words}`}`;
  // A job of a timetable rests between its runs, and is as good as the last of them was.
  const isTimed = value('run interval') !== null || text.includes('com.apple.launchd.calendarinterval');
  if (isTimed && (words === null || isClean !== false)) {
    const detail = words === null ? 'waits for its first run' : `waits for its next run, ${words}`;
    return { running: true, healthy: null, stopped: false, state: 'waiting', detail };
  }
  // Started again and again by launchd, which waits between: a pid is hardly ever seen.
  const isStarting = state === 'spawn scheduled' || state === 'spawning';
  if (isStarting && words === null) return unknownUnit(`launchd is about to start it (${state})`);
  const stopped = !isStarting && isClean === true;
  return {
    running: false,
    healthy: null,
    stopped,
    state: state ?? 'not running',
    detail: `${told}${stopped ? ', stopped on purpose' : ''}`,
  };
}

/** How its last run ended; `words` null: none has. */
function endOf(value: (name: string) => string | null): { words: string | null; isClean: boolean | null } {
  const signal = value('last terminating signal');
  if (signal !== null) return { words: `ended by ${signal}`, isClean: CLEAN_SIGNAL.test(signal) };
  const exit = value('last exit code') ?? value('last exit status');
  if (exit !== null && !/never exited/.test(exit))
    return { words: `last exit code ${exit}`, isClean: CLEAN_EXIT.test(exit) };
  const reason = value('last exit reason');
  if (reason !== null) return { words: `ended by ${reason}`, isClean: false };
  if (value('job state') === 'spawn failed') return { words: 'it could not be started', isClean: false };
  return { words: null, isClean: null };
}
