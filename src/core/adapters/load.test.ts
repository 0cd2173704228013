import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { linuxMemory } from './linux-memory.ts';
import { createLoadReader } from './load.ts';

const NET = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 900 1 0 0 0 0 0 0 900 1 0 0 0 0 0 0
  eth0:100 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0
 wlan0: 20 1 0 0 0 0 0 0 3 1 0 0 0 0 0 0
docker0: 50 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0
veth1a2b: 50 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0
  tun0: 50 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0
`;
const MEMORY = `MemTotal:        8000 kB
MemFree:         1000 kB
MemAvailable:    6000 kB
SwapTotal:       4096 kB
SwapFree:        3072 kB
`;
const DISKS = `   7       0 loop0 5 0 5 0 5 0 5 0 0 0 0
   8       0 sda 9 0 2 0 9 0 4 0 0 0 0
   8       1 sda1 9 0 2 0 9 0 4 0 0 0 0
 259       0 nvme0n1 9 0 1 0 9 0 1 0 0 0 0
 259       1 nvme0n1p1 9 0 1 0 9 0 1 0 0 0 0
`;

const STAT = `cpu  0 0 0 0 0 0 0 0 0 0
cpu0 10 2 5 100 80 1 1 1 0 0
cpu1 0 0 0 50 0 0 0 0 0 0
intr 1 2 3
`;

test('the loopback, partitions and what stands before another device do not count', async () => {
  const root = tempDir('proc');
  mkdirSync(join(root, 'proc/net'), { recursive: true });
  writeFileSync(join(root, 'proc/net/dev'), NET);
  writeFileSync(join(root, 'proc/diskstats'), DISKS);
  writeFileSync(join(root, 'proc/meminfo'), MEMORY);
  writeFileSync(join(root, 'proc/stat'), STAT);
  expect(await createLoadReader('linux', root).counters()).toMatchObject({
    // Waiting for a disk is not being busy.
    cores: [
      { busyMs: 200, totalMs: 2_000 },
      { busyMs: 0, totalMs: 500 },
    ],
    network: { receivedBytes: 120, sentBytes: 10 },
    disk: { readBytes: 3 * 512, writtenBytes: 5 * 512 },
    swap: { usedBytes: 1_024 * 1_024, totalBytes: 4_096 * 1_024 },
  });
  expect(linuxMemory(root)).toMatchObject({ totalBytes: 8_000 * 1_024, availableBytes: 6_000 * 1_024 });
});

test('what cannot be read is unknown, not zero', async () => {
  expect(await createLoadReader('linux', tempDir('none')).counters()).toMatchObject({
    network: null,
    disk: null,
    swap: null,
  });
});

test('this machine: cores, load, uptime, our own process, and the processes by name', async () => {
  const reader = createLoadReader(process.platform);
  const now = await reader.counters();
  expect(now.cores.length).toBeGreaterThan(0);
  expect(now.cores.every(({ busyMs, totalMs }) => totalMs >= busyMs)).toBe(true);
  expect(now.uptimeMs).toBeGreaterThan(0);
  expect(now.own.memoryBytes).toBeGreaterThan(10_000_000);
  // The first look tells of now, not of the time since the machine started: somebody keeps a core busy.
  const busy = new Worker('for (;;);', { eval: true });
  onTestFinished(async () => void (await busy.terminate()));
  await once(busy, 'online');
  const top = await reader.top();
  expect(Math.max(...top.map(({ cpu }) => cpu))).toBeGreaterThan(0.15);
  expect(top.every(({ name, memoryBytes }) => name !== '' && memoryBytes >= 0)).toBe(true);
});
