import { at, parseExact } from './json.ts';

export type MinerSaid = { ok: true; hashrate: number | null } | { ok: false; error: string };

/** The summary of xmrig's own API, unless the address already names a page. */
export function minerUrl(url: string): string {
  return /^https?:\/\/[^/]+\/?$/.test(url) ? `${url.replace(/\/$/, '')}/2/summary` : url;
}

/** Hashes a second over the last minute, else ten seconds, else a quarter of an hour; null while it cannot say. Never throws. */
export function parseMiner(text: string): MinerSaid {
  const parsed = parseExact(text);
  if (!parsed.ok) return { ok: false, error: `The miner sent ${parsed.why}.` };
  const total = at(parsed.value, 'hashrate.total');
  if (!Array.isArray(total)) return { ok: false, error: 'The miner answered, but without "hashrate.total".' };
  const [ten, minute, quarter] = total.map((rate: unknown) => {
    const value = typeof rate === 'string' ? Number(rate) : Number.NaN;
    return Number.isFinite(value) && value >= 0 ? value : null;
  });
  return { ok: true, hashrate: minute ?? ten ?? quarter ?? null };
}
