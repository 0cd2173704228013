import { loadavg, uptime } from 'node:os';
import { cpuUsage, memoryUsage } from 'node:process';
import type { LoadCounters, LoadReader, TopProcess } from '../kernel/ports.ts';
import { coreTimes } from './core-times.ts';
import { kernelFile } from './kernel-file.ts';
import { linuxMemory } from './linux-memory.ts';

const SECTOR_BYTES = 512;
/** Whole disks; their partitions and what only stands for another device would count twice. */
const DISK = /^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;
/** The loopback, and what only stands before another interface (containers, bridges, tunnels): its bytes go through that one as well. */
const NOT_OUTSIDE =
  /^(lo\d*|docker|veth|br-|bridge|virbr|vnet|vmenet|cni|flannel|cali|tun|utun|tap|wg|tailscale|ifb|dummy)/;
const TOP = 8;
/** The library tells what processes did since its look before, which has to be one of just now. */
const JUST_NOW_MS = 15_000;
const BETWEEN_MS = 500;

/** Loaded only when somebody looks: it is large. */
const library = () => import('systeminformation');

const orNull = async <T>(reading: Promise<T>): Promise<T | null> => reading.catch(() => null);

/** Bytes in and out of this machine, from the kernel's own table. */
function networkOf(text: string): LoadCounters['network'] {
  let [receivedBytes, sentBytes] = [0, 0];
  for (const line of text.split('\n')) {
    const [name, figures] = line.split(':');
    if (figures === undefined || name === undefined || NOT_OUTSIDE.test(name.trim())) continue;
    const columns = figures.trim().split(/\s+/).map(Number);
    receivedBytes += columns[0] ?? 0;
    sentBytes += columns[8] ?? 0;
  }
  return { receivedBytes, sentBytes };
}

function disksOf(text: string): LoadCounters['disk'] {
  let [readBytes, writtenBytes] = [0, 0];
  for (const line of text.split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (!DISK.test(columns[2] ?? '')) continue;
    readBytes += Number(columns[5]) * SECTOR_BYTES;
    writtenBytes += Number(columns[9]) * SECTOR_BYTES;
  }
  return { readBytes, writtenBytes };
}

/** The figures that only grow, of this moment. On macOS reading them starts programs: only while somebody looks. */
export function createLoadReader(platform: NodeJS.Platform, root = ''): LoadReader {
  let lookedAt = Number.NEGATIVE_INFINITY;

  async function network(): Promise<LoadCounters['network']> {
    if (platform === 'linux') {
      const text = kernelFile(`${root}/proc/net/dev`);
      return text === null ? null : networkOf(text);
    }
    const all = (await orNull((await library()).networkStats('*')))?.filter(({ iface }) => !NOT_OUTSIDE.test(iface));
    if (!all || all.length === 0) return null;
    return {
      receivedBytes: all.reduce((sum, one) => sum + one.rx_bytes, 0),
      sentBytes: all.reduce((sum, one) => sum + one.tx_bytes, 0),
    };
  }

  async function disk(): Promise<LoadCounters['disk']> {
    if (platform === 'linux') {
      const text = kernelFile(`${root}/proc/diskstats`);
      return text === null ? null : disksOf(text);
    }
    const stats = await orNull((await library()).fsStats());
    return stats && { readBytes: stats.rx, writtenBytes: stats.wx };
  }

  async function swap(): Promise<LoadCounters['swap']> {
    if (platform === 'linux') {
      const memory = linuxMemory(root);
      return memory && memory.swapTotalBytes > 0
        ? { usedBytes: memory.swapUsedBytes, totalBytes: memory.swapTotalBytes }
        : null;
    }
    const memory = await orNull((await library()).mem());
    return memory && memory.swaptotal > 0 ? { usedBytes: memory.swapused, totalBytes: memory.swaptotal } : null;
  }

  return {
    async counters() {
      const [swapped, net, io] = await Promise.all([swap(), network(), disk()]);
      const own = cpuUsage();
      return {
        cores: coreTimes(platform, root),
        network: net,
        disk: io,
        swap: swapped,
        uptimeMs: uptime() * 1_000,
        load: platform === 'win32' ? null : loadavg(),
        own: { cpuMs: (own.user + own.system) / 1_000, memoryBytes: memoryUsage.rss() },
      };
    },
    async flows() {
      if (platform !== 'linux') return null;
      const [net, io] = await Promise.all([network(), disk()]);
      return { network: net, disk: io };
    },
    async top(): Promise<TopProcess[]> {
      const { processes } = await library();
      if (platform === 'linux' && performance.now() - lookedAt > JUST_NOW_MS) {
        await processes();
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
      }
      const { list } = await processes();
      lookedAt = performance.now();
      // On Linux its hundred per cent are all cores, on a Mac one.
      const all = platform === 'linux' ? coreTimes(platform, root).length : 1;
      const wanted = new Set([
        ...list.toSorted((a, b) => b.cpu - a.cpu).slice(0, TOP),
        ...list.toSorted((a, b) => b.memRss - a.memRss).slice(0, TOP),
      ]);
      // Names alone: an argument may be a secret.
      return [...wanted].map(({ pid, name, cpu, memRss }) => ({
        pid,
        name,
        cpu: (cpu / 100) * all,
        memoryBytes: memRss * 1_024,
      }));
    },
  };
}
