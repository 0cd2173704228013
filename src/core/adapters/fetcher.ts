import type { Fetcher } from '../kernel/ports.ts';

/** The one door to HTTP. */
export function createFetcher(): Fetcher {
  return { fetch: (url, init) => fetch(url, init) };
}
