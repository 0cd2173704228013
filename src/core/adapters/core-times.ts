import { cpus } from 'node:os';
import { kernelFile } from './kernel-file.ts';

/** What a core has done since the machine started. */
export interface CoreTimes {
  busyMs: number;
  totalMs: number;
}

/** The kernel counts in hundredths of a second. */
const TICK_MS = 10;

/**
 * Each core's times. On Linux from the kernel's own table, since Node leaves out the time in which a core waited
 * for a disk: of what is left a waiting machine looks busy. `root` stands before it, for tests.
 */
export function coreTimes(platform: NodeJS.Platform, root = ''): CoreTimes[] {
  const text = platform === 'linux' ? kernelFile(`${root}/proc/stat`) : null;
  if (text === null)
    return cpus().map(({ times: { user, nice, sys, irq, idle } }) => {
      const busyMs = user + nice + sys + irq;
      return { busyMs, totalMs: busyMs + idle };
    });
  return [...text.matchAll(/^cpu\d+ (.+)$/gm)].map(([, columns = '']) => {
    const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softIrq = 0, stolen = 0] = columns
      .split(' ')
      .map((ticks) => Number(ticks) * TICK_MS);
    const busyMs = user + nice + system + irq + softIrq + stolen;
    return { busyMs, totalMs: busyMs + idle + waiting };
  });
}
