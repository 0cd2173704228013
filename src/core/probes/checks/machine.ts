import { readFile, statfs } from 'node:fs/promises';
import type { Target } from '../../../shared/contract/services.ts';
import type { AgentEnvironment, RunResult, Spawner } from '../../kernel/ports.ts';
import type { Sight } from './look.ts';

interface MachineDeps {
  spawner: Spawner;
  environment: Pick<AgentEnvironment, 'forCommands'>;
}

const KEPT_BYTES = 64 * 1024;

async function run(
  { spawner, environment }: MachineDeps,
  argv: readonly string[],
  timeoutMs: number,
): Promise<RunResult> {
  const [command = '', ...args] = argv;
  return spawner.run(command, args, { env: await environment.forCommands(), timeoutMs, maxBytes: KEPT_BYTES });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';

/** A program of the person's: its exit code is the verdict. One that cannot be started is a failure with its reason. */
export async function lookAtCommand(
  deps: MachineDeps,
  { argv, exitCode }: Extract<Target, { kind: 'command' }>,
  timeoutMs: number,
): Promise<Sight> {
  const result = await run(deps, argv, timeoutMs);
  const seen = {
    connected: result.spawnError === null,
    ms: result.durationMs,
    exitCode: result.exitCode,
    body: result.stdout,
  };
  if (result.spawnError !== null)
    return { ok: false, detail: `${argv[0]} could not be started (${result.spawnError})`, seen };
  if (result.timedOut) return { ok: false, detail: `no end within ${timeoutMs} ms`, seen };
  const said = lastLine(result.stderr) || lastLine(result.stdout);
  const ended = result.exitCode === null ? `ended by ${result.signal}` : `exit code ${result.exitCode}`;
  const isExpected = result.exitCode === exitCode;
  const expected = isExpected ? '' : `, expected ${exitCode}`;
  return { ok: isExpected, detail: `${ended}${expected}${said && !isExpected ? `: ${said}` : ''}`, seen };
}

/** A process by its name or its pid file. Looking is not killing: what cannot be seen is unknown. */
export async function lookAtProcess(
  deps: MachineDeps,
  { name, pidFile }: Extract<Target, { kind: 'process' }>,
  timeoutMs: number,
): Promise<Sight> {
  if (pidFile !== undefined) return lookAtPidFile(deps.spawner, pidFile);
  const called = (name ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const byName = await run(deps, ['pgrep', '-x', '--', called], timeoutMs);
  // Linux keeps 15 letters of a name, and a program may give itself another, as Node does: by its command then.
  const result =
    byName.exitCode === 1 ? await run(deps, ['pgrep', '-f', '--', `^([^ ]*/)?${called}( |$)`], timeoutMs) : byName;
  const seen = { connected: result.ok, ms: null, body: result.stdout };
  if (result.ok)
    return { ok: true, detail: `running, pid ${result.stdout.trim().split(/\s+/).slice(0, 5).join(', ')}`, seen };
  if (result.exitCode === 1) return { ok: false, detail: `no process is called ${name}`, seen };
  const why = result.spawnError ?? (lastLine(result.stderr) || `pgrep ended with ${result.exitCode}`);
  return { ok: null, detail: `processes could not be listed (${why})`, seen };
}

async function lookAtPidFile(spawner: Spawner, file: string): Promise<Sight> {
  const unseen = { connected: false, ms: null };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const detail = `the pid file ${file} could not be read (${code})`;
    return { ok: code === 'ENOENT' ? false : null, detail, seen: unseen };
  }
  const pid = Number(text.trim().split(/\s+/)[0]);
  if (!Number.isInteger(pid) || pid <= 0)
    return { ok: null, detail: `the pid file ${file} holds no number`, seen: unseen };
  const isThere = spawner.identify(pid) !== null;
  return {
    ok: isThere,
    detail: isThere ? `running, pid ${pid}` : `there is no process ${pid}`,
    seen: { ...unseen, connected: isThere },
  };
}

/** `time=1.23 ms`, of any ping. */
const PING_MS = /time[=<]\s*([\d.]+)\s*ms/;

/** One echo by the system's own ping; where that may not be used, it is unknown and says why. */
export async function lookAtPing(deps: MachineDeps, host: string, timeoutMs: number): Promise<Sight> {
  const unseen = { connected: false, ms: null };
  // A host that looks like an option is no host.
  if (host.startsWith('-')) return { ok: null, detail: `${host} is no host`, seen: unseen };
  const result = await run(deps, ['ping', '-c', '1', '-n', host], timeoutMs);
  const ms = Number(PING_MS.exec(result.stdout)?.[1] ?? Number.NaN);
  if (result.ok)
    return { ok: true, detail: 'answered', seen: { connected: true, ms: Number.isNaN(ms) ? result.durationMs : ms } };
  if (result.timedOut) return { ok: false, detail: `no echo within ${timeoutMs} ms`, seen: unseen };
  const said = lastLine(result.stderr);
  const mayNot = /permi|privile|not allowed|capab|raw socket/i.test(said);
  if (result.spawnError !== null || mayNot) {
    return { ok: null, detail: `ping cannot be used here (${result.spawnError ?? said})`, seen: unseen };
  }
  return { ok: false, detail: said || 'no echo came back', seen: unseen };
}

/** Room on the disk that holds a path. */
export async function lookAtDisk({ path, maxUsedPercent }: Extract<Target, { kind: 'disk' }>): Promise<Sight> {
  try {
    const { blocks, bavail, bfree } = await statfs(path);
    // As df counts it: what is kept for the system is neither used nor free.
    const used = blocks - bfree;
    const percent = used + bavail === 0 ? null : (used / (used + bavail)) * 100;
    const seen = { connected: true, ms: null, body: percent === null ? '' : percent.toFixed(1) };
    if (percent === null) return { ok: null, detail: `${path} lies on a disk without a size`, seen };
    const ok = percent <= maxUsedPercent;
    return { ok, detail: `${percent.toFixed(1)} % used${ok ? '' : `, at most ${maxUsedPercent} % expected`}`, seen };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { ok: null, detail: `${path} could not be looked at (${code})`, seen: { connected: false, ms: null } };
  }
}
