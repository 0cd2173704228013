import type { LoadNow } from '../../shared/contract/resources.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Clock, LoadCounters, LoadReader, TopProcess } from '../kernel/ports.ts';
import { type Flows, NO_FLOWS } from './rules.ts';

/** Two looks that are closer say nothing; two that are further apart say nothing of now. */
const LEAST_MS = 500;
const MOST_MS = 15_000;
const THERMAL = ['nominal', 'fair', 'serious', 'critical'] as const;

type Rates = Pick<LoadNow, 'cores' | 'network' | 'disk'> & { ownCpu: number | null };

const unknown = (counters: LoadCounters): Rates => ({
  cores: counters.cores.map(() => null),
  network: null,
  disk: null,
  ownCpu: null,
});

/** A rate a second; null when the counter went back: an interface or a disk is gone. */
const rate = (before: number, now: number, ms: number): number | null =>
  now < before ? null : ((now - before) * 1_000) / ms;

/** What happened between two looks that are `ms` apart. */
export function ratesOf(before: LoadCounters, now: LoadCounters, ms: number): Rates {
  const pair = (from: number | undefined, to: number | undefined): number | null =>
    from === undefined || to === undefined ? null : rate(from, to, ms);
  const received = pair(before.network?.receivedBytes, now.network?.receivedBytes);
  const sent = pair(before.network?.sentBytes, now.network?.sentBytes);
  const read = pair(before.disk?.readBytes, now.disk?.readBytes);
  const written = pair(before.disk?.writtenBytes, now.disk?.writtenBytes);
  const own = rate(before.own.cpuMs, now.own.cpuMs, ms);
  return {
    cores: now.cores.map(({ busyMs, totalMs }, n) => {
      const was = before.cores[n];
      const span = was ? totalMs - was.totalMs : 0;
      return was && span > 0 ? Math.min(1, Math.max(0, (busyMs - was.busyMs) / span)) : null;
    }),
    network: received === null || sent === null ? null : { received, sent },
    disk: read === null || written === null ? null : { read, written },
    ownCpu: own === null ? null : own / 1_000,
  };
}

export type Load = ReturnType<typeof createLoad>;

/** The machine in detail, read only when asked: nothing of it runs while nobody looks. */
export function createLoad({
  clock,
  reader,
  heat,
  seen,
}: {
  clock: Clock;
  reader: LoadReader;
  heat(): { temperature: number | null; thermal: number | null };
  /** Hears what was seen of network and disk by the way. */
  seen(flows: Flows): void;
}) {
  let last: { at: number; counters: LoadCounters; rates: Rates } | null = null;

  return {
    async now(): Promise<LoadNow> {
      const counters = await reader.counters();
      const at = clock.monotonic();
      const passed = last === null ? Number.POSITIVE_INFINITY : at - last.at;
      // Two windows that look at once must not halve each other's span.
      if (last === null || passed >= LEAST_MS) {
        const rates = last === null || passed > MOST_MS ? unknown(counters) : ratesOf(last.counters, counters, passed);
        last = { at, counters, rates };
        if (rates.network || rates.disk) seen({ ...NO_FLOWS, ...rates.network, ...rates.disk });
      }
      const { ownCpu, ...rates } = last.rates;
      const { temperature, thermal } = heat();
      return {
        at: clock.now(),
        ...rates,
        load: counters.load && [...counters.load],
        uptimeMs: counters.uptimeMs,
        swap: counters.swap,
        thermal: thermal === null ? null : (THERMAL[thermal] ?? null),
        temperature,
        own: { cpu: ownCpu, memoryBytes: counters.own.memoryBytes },
      };
    },
    /** @throws TenureError `unavailable`. */
    async top(): Promise<TopProcess[]> {
      try {
        return await reader.top();
      } catch (error) {
        throw new TenureError('unavailable', `The processes cannot be listed: ${String(error)}.`, { cause: error });
      }
    },
  };
}
