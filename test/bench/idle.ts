import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fixed } from './measure.ts';

const SETTLE_MS = 15_000;
const WATCH_MS = 60_000;
const ROOT = join(import.meta.dirname, '..', '..');

/** User and system ticks of a process and its dead children; Linux only. */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field] ?? 0), 0);
}

const statusLine = (pid: number, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN);

/** Memory and CPU of the built headless engine with nothing to do. */
export async function idleBench(): Promise<string[]> {
  if (process.platform !== 'linux') return ['idle figures are read from /proc: Linux only'];
  const home = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const began = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'out', 'main', 'headless.js'), '--port', '0'], {
    env: { ...process.env, TENURE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the engine did not start; run npm run build first');
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => chunk.includes('Open http') && resolve());
    child.once('exit', (code) => reject(new Error(`the engine ended with ${code}`)));
  });
  const startMs = performance.now() - began;
  await delay(SETTLE_MS);
  const cpu = cpuTicks(pid);
  const switches = statusLine(pid, 'voluntary_ctxt_switches');
  await delay(WATCH_MS);
  const seconds = WATCH_MS / 1000;
  const out = [
    `start → listening               ${Math.round(startMs)} ms`,
    `RSS at rest                     ${fixed(statusLine(pid, 'VmRSS') / 1024, 0)} MiB`,
    `idle CPU over ${seconds} s, children in  ${fixed((cpuTicks(pid) - cpu) / seconds)} % of a core`,
    `idle wake-ups                   ${fixed((statusLine(pid, 'voluntary_ctxt_switches') - switches) / seconds)} /s`,
  ];
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  rmSync(home, { recursive: true, force: true });
  return out;
}
