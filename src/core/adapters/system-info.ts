import { statfs } from 'node:fs/promises';
import { loadavg } from 'node:os';
import type { SystemReader } from '../kernel/ports.ts';
import { type CoreTimes, coreTimes } from './core-times.ts';
import { linuxMemory } from './linux-memory.ts';

function cpuTimes(): CoreTimes {
  const cores = coreTimes(process.platform);
  const sum = (of: keyof CoreTimes): number => cores.reduce((all, core) => all + core[of], 0);
  return { busyMs: sum('busyMs'), totalMs: sum('totalMs') };
}

const orNull = async <T>(reading: Promise<T>): Promise<T | null> => reading.catch(() => null);

/** Memory in use and in all, bytes. */
export interface MemoryLook {
  usedBytes: number;
  totalBytes: number;
}

/** On macOS reading memory by the library starts two programs, so without the shell's own figures it is read seldom. */
const DARWIN_EVERY_MS = 60_000;

/** What is not available; on macOS app + wired + compressed, as Activity Monitor counts. Null: could not be read. */
function memoryReader(platform: NodeJS.Platform): () => Promise<MemoryLook | null> {
  let last: { at: number; look: Promise<MemoryLook | null> } | null = null;
  const read = async (): Promise<MemoryLook | null> => {
    if (platform === 'linux') {
      const memory = linuxMemory();
      return memory && { usedBytes: memory.totalBytes - memory.availableBytes, totalBytes: memory.totalBytes };
    }
    // Loaded where it is needed: it is large.
    const { mem } = await import('systeminformation');
    const memory = await orNull(mem());
    if (!memory) return null;
    const usedBytes = platform === 'darwin' ? memory.active : memory.total - memory.available;
    return { usedBytes, totalBytes: memory.total };
  };
  return () => {
    if (platform !== 'darwin') return read();
    const at = performance.now();
    if (last === null || at - last.at >= DARWIN_EVERY_MS) last = { at, look: read() };
    return last.look;
  };
}

/**
 * Reads CPU (against the look before), memory and the disk that holds `path`. What cannot be read is null.
 * @param native memory as the shell reads it without starting anything; null: it cannot.
 */
export function createSystemReader(path: string, native?: () => MemoryLook | null): SystemReader {
  let before = cpuTimes();
  const ownMemory = memoryReader(process.platform);
  return {
    async sample() {
      const now = cpuTimes();
      const span = now.totalMs - before.totalMs;
      const cpu = span > 0 ? Math.min(1, Math.max(0, (now.busyMs - before.busyMs) / span)) : null;
      before = now;
      const [memory, disk] = await Promise.all([native?.() ?? ownMemory(), orNull(statfs(path))]);
      return {
        cpu,
        memoryUsedBytes: memory && memory.usedBytes,
        memoryTotalBytes: memory && memory.totalBytes,
        // As `df` counts: what the system keeps to itself is neither used nor to be had.
        diskUsedBytes: disk && (disk.blocks - disk.bfree) * disk.bsize,
        diskTotalBytes: disk && (disk.blocks - disk.bfree + disk.bavail) * disk.bsize,
        load1: process.platform === 'win32' ? null : (loadavg()[0] ?? null),
      };
    },
  };
}
