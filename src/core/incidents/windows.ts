import type { MaintenanceWindow } from '../../shared/contract/services.ts';
import type { Cron } from '../kernel/ports.ts';

/** More of them than this are forgotten together; they are found again. */
const KEPT = 10_000;

/**
 * Is it maintenance now? When a window begins next is computed once and holds until then: every service is
 * asked about at every look, and the computation is dear. Epoch ms.
 * @param zone the zone of a window that names none.
 */
export function createWindows(next: Cron['next'], zone: (given: string | undefined) => string) {
  const known = new Map<string, { from: number; began: number | null }>();

  /** The first beginning after that moment; null: never. */
  function beginning(expression: string, timezone: string, durationMs: number, from: number): number | null {
    const key = `${durationMs} ${timezone} ${expression}`;
    const found = known.get(key);
    // A clock that was set back is before what was computed.
    if (found && from >= found.from && (found.began === null || from < found.began)) return found.began;
    if (known.size >= KEPT) known.clear();
    const began = next(expression, timezone, from);
    known.set(key, { from, began });
    return began;
  }

  return (windows: readonly MaintenanceWindow[], now: number): boolean =>
    windows.some(({ cron, durationMs, timezone }) => {
      const began = beginning(cron, zone(timezone), durationMs, now - durationMs);
      return began !== null && began <= now;
    });
}
