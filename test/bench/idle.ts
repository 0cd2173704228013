import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fixed, type Ratio, ratioOf, shown } from './measure.ts';

const SETTLE_MS = 15_000;
const WATCH_MS = 60_000;
const STARTS = 7;
/** `TENURE_SOAK=60`: so many minutes more at rest, its memory looked at every ten seconds. */
const SOAK_MINUTES = Number(process.env['TENURE_SOAK'] ?? 0);
const LOOK_MS = 10_000;
const MS_PER_TICK = 10;
const NS_PER_MS = 1e6;
/** Certificates of one's own are read into memory by every program that has a socket, ours or not. */
const { NODE_EXTRA_CA_CERTS: _, ...ENV } = process.env;
const ROOT = join(import.meta.dirname, '..', '..');
const ENGINE = [join(ROOT, 'out', 'main', 'headless.js'), '--port', '0'];
const FROM_SOURCE = [join(ROOT, 'src', 'headless', 'index.ts'), '--port', '0'];
const LIBRARIES = [join(ROOT, 'test', 'bench', 'libraries.mjs')];

const threadsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
const figureOf = (status: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(status, 'utf8'))?.[1] ?? Number.NaN);
const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0);

/** Processor time of all threads of a process and of its dead children, milliseconds; Linux only. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const children = sum([13, 14].map((field) => Number(fields[field]))) * MS_PER_TICK;
  const own = threadsOf(pid).map((thread) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]));
  return sum(own) / NS_PER_MS + children;
}

/** How often one of its threads has gone to sleep by itself, and so was woken. */
const wakeUps = (pid: number): number =>
  sum(threadsOf(pid).map((thread) => figureOf(`${thread}/status`, 'voluntary_ctxt_switches')));
const rssMib = (pid: number): number => figureOf(`/proc/${pid}/status`, 'VmRSS') / 1_024;

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
    env: { ...ENV, TENURE_HOME: home },
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

/** How far the memory of a process at rest drifts. */
async function soak(pid: number): Promise<string> {
  const seen = [rssMib(pid)];
  for (let left = (SOAK_MINUTES * 60_000) / LOOK_MS; left > 0; left--) {
    await delay(LOOK_MS);
    seen.push(rssMib(pid));
  }
  const [first, last] = [seen[0] ?? Number.NaN, seen.at(-1) ?? Number.NaN];
  const range = `${fixed(Math.min(...seen), 1)} to ${fixed(Math.max(...seen), 1)}`;
  return `RSS over ${SOAK_MINUTES} min at rest         ${fixed(first, 1)} → ${fixed(last, 1)} MiB, ${fixed((last / first - 1) * 100, 1)} % (${range})`;
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
  const woken = wakeUps(pid);
  await delay(WATCH_MS);
  const [own, floor] = [rssMib(pid), rssMib(libraries.pid)];
  const seconds = WATCH_MS / 1000;
  out.push(
    `RSS at rest                     ${fixed(own, 0)} MiB; its libraries alone ${fixed(floor, 0)} MiB: ${fixed(own / floor)}×`,
    `idle CPU over ${seconds} s, children in  ${fixed(((cpuMs(pid) - cpu) / WATCH_MS) * 100, 3)} % of a core`,
    `idle wake-ups, of all threads   ${fixed((wakeUps(pid) - woken) / seconds)} /s`,
  );
  if (SOAK_MINUTES > 0) out.push(await soak(pid));
  await Promise.all([engine.stop(), libraries.stop()]);
  rmSync(home, { recursive: true, force: true });
  return out;
}
