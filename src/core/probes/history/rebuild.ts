import type { createProbeStorage } from '../storage.ts';
import { addTo, inSpans, mergeInto, type Rollup, sizeOf } from './rollups.ts';

type Storage = Pick<ReturnType<typeof createProbeStorage>, 'checksSince' | 'newestRollup' | 'rollups'>;

/**
 * The roll-ups that still grow, counted anew from what is stored: hours from single checks, days from hours.
 * Only ended ones are ever written, so that however Tenure ended nothing is counted twice or lost.
 * `ended`: those that were not written yet, or not as they are.
 */
export function openRollups(
  storage: Storage,
  id: string,
  now: number,
): { hour: Rollup | null; day: Rollup | null; ended: Rollup[] } {
  const newest = { hour: storage.newestRollup(id, 'hour', now), day: storage.newestRollup(id, 'day', now) };
  const counted = inSpans('hour', storage.checksSince(id, newest.hour?.at ?? 0, now), addTo);
  const hours = fuller(newest.hour, counted);
  const before = storage.rollups(id, 'hour', newest.day?.at ?? 0).filter(({ at }) => at < (hours[0]?.at ?? Infinity));
  const days = fuller(newest.day, inSpans('day', [...before, ...hours], mergeInto));
  const [hour, day] = [hours.pop() ?? null, days.pop() ?? null];
  return { hour, day, ended: [...hours, ...days].filter((rollup) => rollup !== newest.hour && rollup !== newest.day) };
}

/** Of a span that is stored and counted, the one that knows of more checks: some may be gone already. */
function fuller(stored: Rollup | null, counted: Rollup[]): Rollup[] {
  if (stored === null) return counted;
  const [first, ...rest] = counted;
  if (first?.at !== stored.at) return [stored, ...counted];
  return [sizeOf(first) >= sizeOf(stored) ? first : stored, ...rest];
}
