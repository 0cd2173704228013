import { statfs } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { mem } from 'systeminformation';
import type { SystemReader } from '../kernel/ports.ts';

interface CpuTimes {
  busy: number;
  total: number;
}

function cpuTimes(): CpuTimes {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.idle + times.irq;
    total += sum;
    busy += sum - times.idle;
  }
  return { busy, total };
}

const orNull = async <T>(reading: Promise<T>): Promise<T | null> => reading.catch(() => null);

/**
 * Reads CPU (against the look before), memory (what is not available; on macOS app + wired + compressed)
 * and the disk that holds `path`. What cannot be read is null.
 */
export function createSystemReader(path: string): SystemReader {
  let before = cpuTimes();
  return {
    async sample() {
      const now = cpuTimes();
      const span = now.total - before.total;
      const cpu = span > 0 ? (now.busy - before.busy) / span : null;
      before = now;
      const [memory, disk] = await Promise.all([orNull(mem()), orNull(statfs(path))]);
      return {
        cpu,
        memoryUsedBytes: memory && (process.platform === 'darwin' ? memory.active : memory.total - memory.available),
        memoryTotalBytes: memory && memory.total,
        diskUsedBytes: disk && (disk.blocks - disk.bavail) * disk.bsize,
        diskTotalBytes: disk && disk.blocks * disk.bsize,
        load1: process.platform === 'win32' ? null : (loadavg()[0] ?? null),
      };
    },
  };
}
