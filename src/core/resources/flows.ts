import type { Clock, LoadCounters, LoadReader } from '../kernel/ports.ts';
import { ratesOf } from './load.ts';
import type { Flows } from './rules.ts';

/** No more often than this are the counters read. */
const EVERY_MS = 10_000;
/** Further apart, the rate between two looks says nothing of either. */
const GAP_MS = 90_000;

/**
 * The rates of network and disk in the steady loop, where the counters can be read without starting a
 * program; elsewhere (macOS) what is seen while somebody looks at the load.
 */
export function createFlows({ clock, reader }: { clock: Clock; reader: Pick<LoadReader, 'flows'> }) {
  let last: { at: number; counters: LoadCounters } | null = null;
  let asked = Number.NEGATIVE_INFINITY;
  return {
    /** The rates since the look before; null: it is too early, or nothing can be told. */
    async look(): Promise<Flows | null> {
      const at = clock.monotonic();
      if (at - asked < EVERY_MS) return null;
      asked = at;
      const found = await reader.flows();
      if (!found) return null;
      const counters = { ...EMPTY, ...found };
      const before = last;
      last = { at, counters };
      if (!before || at - before.at > GAP_MS) return null;
      const { network, disk } = ratesOf(before.counters, counters, at - before.at);
      return {
        received: network?.received ?? null,
        sent: network?.sent ?? null,
        read: disk?.read ?? null,
        written: disk?.written ?? null,
      };
    },
  };
}

const EMPTY: LoadCounters = {
  cores: [],
  network: null,
  disk: null,
  swap: null,
  uptimeMs: 0,
  load: null,
  own: { cpuMs: 0, memoryBytes: 0 },
};
