import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fixed, type Ratio, ratioOf, shown } from './measure.ts';

const SETTLE_MS = 15_000;
const WATCH_MS = 60_000;
const STARTS = 7;
const MS_PER_TICK = 10;
const ROOT = join(import.meta.dirname, '..', '..');
const ENGINE = [join(ROOT, 'out', 'main', 'headless.js'), '--port', '0'];
const FROM_SOURCE = [join(ROOT, 'src', 'headless', 'index.ts'), '--port', '0'];
const LIBRARIES = [join(ROOT, 'test', 'bench', 'libraries.mjs')];

/** Processor time of a process and its dead children, milliseconds; Linux only. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field] ?? 0), 0) * MS_PER_TICK;
}

const statusLine = (pid: number, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN);
const rssMib = (pid: number): number => statusLine(pid, 'VmRSS') / 1_024;

interface Started {
  pid: number;
  wallMs: number;
  cpuMs: number;
  stop(): Promise<void>;
}

/** Starts it on that folder and waits until it says that it listens. */
async function start(args: readonly string[], home: string): Promise<Started> {
  const began = performance.now();
  const child: ChildProcess = spawn(process.execPath, args, {
    env: { ...process.env, TENURE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid, stdout } = child;
  if (pid === undefined || stdout === null) throw new Error('it did not start; run npm run build first');
  await new Promise<void>((resolve, reject) => {
    stdout.on('data', (chunk: Buffer) => chunk.includes('Open http') && resolve());
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)));
  });
  return {
    pid,
    wallMs: performance.now() - began,
    cpuMs: cpuMs(pid),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

/** Starts in turns, on a folder that has been started on before: processor time and time on the clock. */
async function starts(home: string, reference: readonly string[], name: string): Promise<string[]> {
  const wall: number[][] = [];
  const once = async (args: readonly string[]): Promise<number> => {
    const { wallMs, cpuMs: used, stop } = await start(args, home);
    await stop();
    wall.push([wallMs]);
    return used;
  };
  const {
    subject,
    reference: other,
    ratio,
  } = await ratioOf(
    STARTS,
    () => once(ENGINE),
    () => once(reference),
  );
  const pairs = Array.from({ length: STARTS }, (_, n) => (wall[2 * n]?.[0] ?? 0) / (wall[2 * n + 1]?.[0] ?? 1));
  const sorted = pairs.toSorted((a, b) => a - b);
  const onClock: Ratio = {
    median: sorted[STARTS >> 1] ?? Number.NaN,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
  return [
    `start beside ${name}: CPU ${fixed(subject, 0)} ms to ${fixed(other, 0)} ms, ${shown(ratio)}; on the clock ${shown(onClock)}`,
  ];
}

/** Start, memory and CPU of the built headless engine with nothing to do, beside its libraries alone. */
export async function idleBench(): Promise<string[]> {
  if (process.platform !== 'linux') return ['idle figures are read from /proc: Linux only'];
  const home = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  // The first start makes the database, and keeps what was compiled.
  await (await start(ENGINE, home)).stop();
  const out = [
    ...(await starts(home, LIBRARIES, 'its libraries, loaded as they lie')),
    ...(await starts(home, FROM_SOURCE, 'itself, unbundled')),
  ];
  const engine = await start(ENGINE, home);
  const libraries = await start(LIBRARIES, home);
  await delay(SETTLE_MS);
  const { pid } = engine;
  const cpu = cpuMs(pid);
  const switches = statusLine(pid, 'voluntary_ctxt_switches');
  await delay(WATCH_MS);
  const [own, floor] = [rssMib(pid), rssMib(libraries.pid)];
  const seconds = WATCH_MS / 1000;
  out.push(
    `RSS at rest                     ${fixed(own, 0)} MiB; its libraries alone ${fixed(floor, 0)} MiB: ${fixed(own / floor)}×`,
    `idle CPU over ${seconds} s, children in  ${fixed((cpuMs(pid) - cpu) / MS_PER_TICK / seconds)} % of a core`,
    `idle wake-ups                   ${fixed((statusLine(pid, 'voluntary_ctxt_switches') - switches) / seconds)} /s`,
  );
  await Promise.all([engine.stop(), libraries.stop()]);
  rmSync(home, { recursive: true, force: true });
  return out;
}
