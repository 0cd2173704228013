import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createClock } from '../../src/core/adapters/clock.ts';
import { createIds } from '../../src/core/adapters/ids.ts';
import { createSockets } from '../../src/core/adapters/sockets.ts';
import { openDatabase } from '../../src/core/db/open.ts';
import { createJournal } from '../../src/core/kernel/journal.ts';
import type { Log } from '../../src/core/kernel/log.ts';
import { createLook } from '../../src/core/probes/checks/look.ts';
import { UNSEEN } from '../../src/core/probes/rules.ts';
import { createProbes } from '../../src/core/probes/service.ts';
import { createProbeStorage } from '../../src/core/probes/storage.ts';
import { ServiceSettings } from '../../src/shared/contract/services.ts';
import { fixed, latency, quantile, ratioOf, shown } from './measure.ts';

/** One round of writing histories lies within each window, wherever it begins. */
const SECONDS = 10;
const PAIRS = 5;
const DAY = 86_400_000;
const SERVER = `require('node:http').createServer((q, r) => r.end('ok')).listen(0, '127.0.0.1', function () { console.log(this.address().port); })`;

/** A server in a process of its own: its CPU is not ours. */
async function startServer(): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(Number(text))),
  );
  return { child, port };
}

const silent = { warn: () => undefined, error: () => undefined } as unknown as Log;

/** The prober as the engine makes it, on a database of its own; `started` gets the moment of each look. */
function makeProbes(
  dir: string,
  count: number,
  target: (n: number) => object,
  intervalMs: number,
  started: number[] = [],
) {
  const db = openDatabase({ dir, now: 0 });
  const clock = createClock();
  const journal = createJournal(db, clock, () => undefined);
  const sockets = createSockets();
  const storage = createProbeStorage(db);
  db.transaction(() => {
    for (let n = 0; n < count; n++) {
      const settings = ServiceSettings.parse({
        name: `s${n}`,
        target: target(n),
        intervalMs,
        timeoutMs: Math.min(10_000, intervalMs),
      });
      storage.save({
        id: `s${n}`,
        settings,
        source: 'person',
        paused: false,
        heartbeatHash: null,
        progress: UNSEEN,
        createdAt: 0,
      });
    }
  })();
  const none = {} as never;
  const look = createLook({
    sockets,
    spawner: none,
    environment: none,
    docker: none,
    launchd: none,
    systemd: none,
    clock,
    offline: () => Promise.resolve(null),
  });
  const probes = createProbes({
    db,
    journal,
    clock,
    ids: createIds(),
    log: silent,
    concurrency: () => 200,
    look: (settings, beat) => {
      started.push(performance.now());
      return look(settings, beat);
    },
    judge: () => undefined,
    isOfInterest: () => false,
    about: () => ({ inMaintenance: false, silencedBy: null, incidentId: null, restarting: null }),
    isProject: () => false,
    checkCron: () => undefined,
    pushUrl: () => '',
  });
  return {
    db,
    probes,
    close() {
      probes.stop();
      sockets.close();
      db.close();
    },
  };
}

/** CPU microseconds of this process while something runs, a probe. */
async function cpuOf(probesDone: () => number): Promise<number> {
  await delay(3_000);
  const [done, cpu] = [probesDone(), process.cpuUsage()];
  await delay(SECONDS * 1_000);
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / Math.max(1, probesDone() - done);
}

async function cpuRatio(port: number, dir: string): Promise<string[]> {
  let run = 0;
  const subject = async (): Promise<number> => {
    const started: number[] = [];
    run += 1;
    const made = makeProbes(
      join(dir, `cpu${run}`),
      100,
      () => ({ kind: 'http', url: `http://127.0.0.1:${port}/` }),
      1_000,
      started,
    );
    made.probes.start();
    const cpu = await cpuOf(() => started.length);
    made.close();
    return cpu;
  };
  const reference = async (): Promise<number> => {
    const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 4 });
    let asked = 0;
    const first = performance.now();
    let timer = setTimeout(ask, 0);
    function ask(): void {
      asked += 1;
      // In its cadence: an interval of 10 ms would come to less than 100/s here, and other costs a probe.
      timer = setTimeout(ask, Math.max(0, Math.ceil(first + asked * 10 - performance.now())));
      const began = performance.now();
      const request = http.get({ host: '127.0.0.1', port, agent }, (response) => {
        response.resume();
        response.on('end', () => performance.now() - began);
      });
      // Cut off when the agent is destroyed.
      request.on('error', () => undefined);
    }
    const cpu = await cpuOf(() => asked);
    clearTimeout(timer);
    agent.destroy();
    return cpu;
  };
  const { subject: ours, reference: bare, ratio } = await ratioOf(PAIRS, subject, reference);
  return [
    `CPU a probe at 100/s            ${Math.round(ours)} µs`,
    `bare keep-alive loop            ${Math.round(bare)} µs`,
    `ratio                           ${shown(ratio)}, wanted ≤ 1.25×`,
  ];
}

/** How late starts are over the ideal of one a millisecond, sorted; ms. */
const lateness = (started: readonly number[]): number[] =>
  started
    .slice(1)
    .map((at, n) => at - (started[n] ?? at) - 1)
    .toSorted((a, b) => a - b);

/** The least that can be done a thousand times a second on this machine now: a timer and a fresh socket. */
async function bareSpacing(port: number): Promise<number[]> {
  const started: number[] = [];
  const began = performance.now();
  const timer = setInterval(() => {
    while (started.length <= performance.now() - began) {
      started.push(performance.now());
      const socket = net.connect({ host: '127.0.0.1', port }, () => socket.destroy());
      socket.on('error', () => undefined);
    }
  }, 1);
  await delay(6_000);
  clearInterval(timer);
  return lateness(started);
}

async function spacing(port: number, dir: string): Promise<string[]> {
  const started: number[] = [];
  const interval = 1_000;
  const made = makeProbes(
    join(dir, 'spacing'),
    1_000,
    () => ({ kind: 'tcp', host: '127.0.0.1', port }),
    interval,
    started,
  );
  const began = performance.now();
  made.probes.start();
  await delay(interval * 6);
  made.close();
  const first = (started[999] ?? Number.NaN) - began;
  const late = lateness(started);
  const bare = await bareSpacing(port);
  const words = (sorted: readonly number[]): string =>
    `p99 +${fixed(quantile(sorted, 0.99))} ms, most +${fixed(sorted.at(-1) ?? Number.NaN)} ms`;
  return [
    `1,000 at 1/s each: all started  after ${fixed(first, 0)} ms of ${interval}`,
    `spacing over the ideal 1 ms     ${words(late)}; wanted ≤ +5 and ≤ +50 ms`,
    `a bare timer and socket         ${words(bare)}`,
    `probes a second                 ${Math.round(started.length / 6)}`,
  ];
}

async function statusQuery(dir: string): Promise<string[]> {
  const made = makeProbes(join(dir, 'status'), 1_000, () => ({ kind: 'heartbeat' }), 60_000);
  const now = Date.now();
  const insert = made.db.prepare(
    `INSERT INTO service_rollups (service_id, step, at, up, down, unknown, min_ms, max_ms, spread) VALUES (?, ?, ?, 1380, 2, 0, 1, 90, '9:700 10:680')`,
  );
  made.db.transaction(() => {
    for (let n = 0; n < 1_000; n++) {
      for (let day = 0; day < 90; day++) insert.run(`s${n}`, 'day', Math.floor(now / DAY) * DAY - day * DAY);
      for (let hour = 1; hour < 170; hour++)
        insert.run(`s${n}`, 'hour', Math.floor(now / 3_600_000) * 3_600_000 - hour * 3_600_000);
    }
  })();
  // What a screen asks first, some seconds after a start that has read all of it, a little at a time.
  const reading = monitorEventLoopDelay({ resolution: 1 });
  reading.enable();
  made.probes.start();
  await delay(6_000);
  reading.disable();
  const firstMs = (await latency(1, () => made.probes.status(undefined, false))).p50;
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const query = await latency(400, async () => {
    made.probes.status(undefined, false);
    await delay(2);
  });
  lag.disable();
  const cpu: number[] = [];
  for (let n = 0; n < 400; n++) {
    const began = process.cpuUsage();
    made.probes.status(undefined, false);
    const { user, system } = process.cpuUsage(began);
    cpu.push((user + system) / 1_000);
  }
  cpu.sort((a, b) => a - b);
  const bare = await latency(400, () => delay(2));
  const one = await latency(400, () => made.probes.history('s1', 'quarter'));
  made.close();
  return [
    `status of 1,000 × 90 days       wanted p99 ≤ 5 ms; p50 ${fixed(query.p50 - bare.p50)} ms, p99 ${fixed(query.p99 - bare.p50)} ms (the first after a start ${fixed(firstMs)} ms; a bare wait p99 ${fixed(bare.p99 - bare.p50)} ms)`,
    `its CPU, free of the machine's load  p50 ${fixed(quantile(cpu, 0.5))} ms, p99 ${fixed(quantile(cpu, 0.99))} ms`,
    `event loop meanwhile            p99 ${fixed(lag.percentile(99) / 1e6)} ms, wanted ≤ 20 ms; while a start reads it p99 ${fixed(reading.percentile(99) / 1e6)} ms`,
    `history of one over 90 days     p50 ${fixed(one.p50)} ms, p99 ${fixed(one.p99)} ms`,
  ];
}

/** Looking at services beside a bare loop that does nothing with what it gets, and asking how they stand. */
async function probesBench(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const { child, port } = await startServer();
  try {
    return [...(await cpuRatio(port, dir)), ...(await spacing(port, dir)), ...(await statusQuery(dir))];
  } finally {
    child.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}
const d = mkdtempSync(join(tmpdir(), 'tenure-bench-')); const sv = await startServer();
console.log((await cpuRatio(sv.port, d)).join('\n')); console.log((await spacing(sv.port, d)).join('\n')); sv.child.kill(); rmSync(d, {recursive:true, force:true}); void probesBench; void statusQuery;
