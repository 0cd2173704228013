import type { AgentEnvironment, RunResult, Spawner } from '../kernel/ports.ts';
import type { ServiceManager, UnitLook } from '../kernel/watch-ports.ts';
import { unknownUnit } from './unit-look.ts';

interface Deps {
  spawner: Spawner;
  environment: Pick<AgentEnvironment, 'forCommands'>;
}

const SHOWN = ['LoadState', 'ActiveState', 'SubState', 'Result', 'UnitFileState', 'ExecMainStatus'];
const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';

/** systemd units by `systemctl show`, whose `Name=value` lines are made for programs. */
export function createSystemd({ spawner, environment }: Deps): ServiceManager {
  const run = async (scope: string, args: readonly string[], timeoutMs: number): Promise<RunResult> =>
    spawner.run('systemctl', [...(scope === 'user' ? ['--user'] : []), ...args], {
      env: { ...(await environment.forCommands()), ...bus() },
      timeoutMs,
    });
  return {
    async look(unit, scope, timeoutMs) {
      const result = await run(scope, ['show', '--no-pager', `--property=${SHOWN.join(',')}`, '--', unit], timeoutMs);
      if (!result.ok) return unknownUnit(`systemd could not be asked (${whyOf(result, timeoutMs)})`);
      return readShow(result.stdout, unit);
    },
    async restart(unit, scope, timeoutMs) {
      const result = await run(scope, ['restart', '--', unit], timeoutMs);
      return { ok: result.ok, detail: result.ok ? `systemctl restarted ${unit}` : whyOf(result, timeoutMs) };
    },
  };
}

/** Where the person's own manager is found; a service of the system has no such variable. */
function bus(): Record<string, string> {
  const { XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS } = process.env;
  const runtime = XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
  return { XDG_RUNTIME_DIR: runtime, ...(DBUS_SESSION_BUS_ADDRESS && { DBUS_SESSION_BUS_ADDRESS }) };
}

function whyOf({ spawnError, timedOut, stderr, exitCode }: RunResult, timeoutMs: number): string {
  if (spawnError === 'ENOENT') return 'there is no systemctl on this machine';
  if (spawnError !== null) return `systemctl could not be started: ${spawnError}`;
  if (timedOut) return `systemctl did not end within ${timeoutMs} ms`;
  return lastLine(stderr) || `systemctl ended with ${exitCode}`;
}

/** What `systemctl show` says; what it leaves out is unknown. */
export function readShow(text: string, unit: string): UnitLook {
  const facts = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const load = facts.get('LoadState');
  const active = facts.get('ActiveState');
  if (!active) return unknownUnit(`systemd said nothing about ${unit}`);
  if (load === 'not-found')
    return { running: false, healthy: null, stopped: true, state: 'not-found', detail: `there is no unit ${unit}` };
  const sub = facts.get('SubState') ?? '';
  const result = facts.get('Result') ?? '';
  const state = sub && sub !== active ? `${active} (${sub})` : active;
  if (active === 'active' || active === 'reloading')
    return { running: true, healthy: null, stopped: false, state: active, detail: state };
  // Between two states nothing is known; one that restarts again and again is told by its failures between.
  if (active === 'activating' && sub !== 'auto-restart') return unknownUnit(`${unit} is starting (${sub})`);
  const isOff = facts.get('UnitFileState') === 'masked' || load === 'masked';
  // A clean end that systemd does not mend is somebody's wish: `systemctl stop`, or a job that is done.
  const stopped = isOff || (active === 'inactive' && result === 'success') || active === 'deactivating';
  const status = facts.get('ExecMainStatus');
  const why = result && result !== 'success' ? `, ${result}${status && status !== '0' ? ` ${status}` : ''}` : '';
  return {
    running: false,
    healthy: null,
    stopped,
    state: active,
    detail: `${state}${why}${stopped ? ', stopped on purpose' : ''}`,
  };
}
