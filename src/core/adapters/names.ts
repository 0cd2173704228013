import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { lookup as lookupOnce, Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import type { NameAnswer } from '../kernel/watch-ports.ts';
import { wordsOf } from './network-words.ts';

/** Each lookup holds one of the four threads that files are read with as well. */
const MOST_AT_ONCE = 2;
/** An answer holds for so long. */
const FRESH_MS = 60_000;
/** And in its absence so long: a resolver that hangs is no reason to call everything down. */
const STALE_MS = 60 * 60_000;
const PATIENCE_MS = 2_000;

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
/** As `dns.lookup` with `all`. */
type Lookup = (name: string, options: LookupOptions & { all: true }, found: Found) => void;

interface Name {
  addresses: LookupAddress[];
  /** Monotonic ms. */
  at: number;
  waiting: Found[];
}

/**
 * Addresses of names by the system's own way, which knows /etc/hosts and the resolvers of a VPN, but one
 * thread at a time: asked once for all who wait, a few at once, and remembered for as long as it is well.
 */
export function createNames(lookup: Lookup = systemLookup, monotonic: () => number = () => performance.now()) {
  const names = new Map<string, Name>();
  const queue: string[] = [];
  let running = 0;

  function next(): void {
    const name = running < MOST_AT_ONCE ? queue.shift() : undefined;
    if (name === undefined) return;
    running += 1;
    lookup(name, { all: true }, (error, addresses) => {
      running -= 1;
      const known = names.get(name);
      const waiting = known?.waiting ?? [];
      if (error === null && addresses.length > 0) names.set(name, { addresses, at: monotonic(), waiting: [] });
      else names.delete(name);
      for (const hear of waiting) hear(error, addresses);
      next();
    });
    next();
  }

  function find(name: string, found: Found): void {
    const known = names.get(name) ?? { addresses: [], at: Number.NEGATIVE_INFINITY, waiting: [] };
    const age = monotonic() - known.at;
    if (age < FRESH_MS) return found(null, known.addresses);
    let told = false;
    const tell: Found = (error, addresses) => {
      clearTimeout(patience);
      if (!told) found(error, addresses);
      told = true;
    };
    const patience = age < STALE_MS ? setTimeout(() => tell(null, known.addresses), PATIENCE_MS) : undefined;
    names.set(name, known);
    known.waiting.push(tell);
    if (known.waiting.length > 1) return;
    queue.push(name);
    next();
  }

  /** For `net.connect` and requests. */
  const lookupOf: LookupFunction = (name, options, found) => {
    find(name, (error, all) => {
      if (error) return found(error, []);
      const wanted = options.family === 4 || options.family === 6 ? options.family : null;
      const addresses = wanted === null ? all : all.filter(({ family }) => family === wanted);
      const [first] = addresses;
      if (options.all || !first) found(null, addresses);
      else found(null, first.address, first.family);
    });
  };
  return lookupOf;
}

const RCODES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'NXDOMAIN',
  ENODATA: 'NOERROR',
  ESERVFAIL: 'SERVFAIL',
  EREFUSED: 'REFUSED',
  EFORMERR: 'FORMERR',
  ENOTIMP: 'NOTIMP',
};

/** One question to the name service, in words of its own. Never rejects. */
export async function resolveName(
  name: string,
  record: string,
  server: string | null,
  timeoutMs: number,
): Promise<NameAnswer> {
  const began = performance.now();
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  const { promise: late, reject } = Promise.withResolvers<never>();
  const limit = setTimeout(() => {
    reject(Object.assign(new Error('too late'), { code: 'ETIMEOUT' }));
    resolver.cancel();
  }, timeoutMs);
  const ask = async (): Promise<unknown[]> => {
    if (server !== null) resolver.setServers([server]);
    // The system's own way knows /etc/hosts and what the resolver library does not.
    return server === null && (record === 'A' || record === 'AAAA')
      ? (await lookupOnce(name, { all: true, family: record === 'A' ? 4 : 6 })).map(({ address }) => address)
      : ((await resolver.resolve(name, record)) as unknown[]);
  };
  try {
    const found = await Promise.race([ask(), late]);
    const records = found.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
    return { ms: performance.now() - began, rcode: 'NOERROR', records, error: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const rcode = RCODES[code ?? ''] ?? null;
    const why = code === 'ECANCELLED' || code === 'ETIMEOUT' ? `no answer within ${timeoutMs} ms` : wordsOf(error);
    return { ms: performance.now() - began, rcode, records: [], error: why };
  } finally {
    clearTimeout(limit);
  }
}
