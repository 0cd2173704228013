import { kernelFile } from './kernel-file.ts';

/** What the kernel says of memory, bytes. */
export interface LinuxMemory {
  totalBytes: number;
  /** What a new program could have without anything being swapped out. */
  availableBytes: number;
  swapTotalBytes: number;
  swapUsedBytes: number;
}

/** Reads `/proc/meminfo`; null where it does not say. `root` stands before it, for tests. */
export function linuxMemory(root = ''): LinuxMemory | null {
  const text = kernelFile(`${root}/proc/meminfo`) ?? '';
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1_024;
  const [totalBytes, availableBytes, swapTotalBytes] = [of('MemTotal'), of('MemAvailable'), of('SwapTotal')];
  const memory = { totalBytes, availableBytes, swapTotalBytes, swapUsedBytes: swapTotalBytes - of('SwapFree') };
  return Object.values(memory).every(Number.isFinite) ? memory : null;
}
