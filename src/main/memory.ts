const KIB = 1_024;

/** What `process.getSystemMemoryInfo()` tells, in KiB; macOS alone has the last two. */
type Info = Pick<Electron.SystemMemoryInfo, 'total' | 'free'> &
  Partial<Pick<Electron.SystemMemoryInfo, 'fileBacked' | 'purgeable'>>;

/**
 * Memory in use as Activity Monitor counts it: all but what is free, caches files or may be thrown away,
 * which leaves app, wired and compressed. Null where the system does not tell these apart.
 */
export function memoryOf({
  total,
  free,
  fileBacked,
  purgeable,
}: Info): { usedBytes: number; totalBytes: number } | null {
  if (fileBacked === undefined || purgeable === undefined) return null;
  return { usedBytes: Math.max(0, total - free - fileBacked - purgeable) * KIB, totalBytes: total * KIB };
}
