import { at, parseExact } from './json.ts';

export type PriceSaid = { ok: true; microUsd: number } | { ok: false; error: string };

/** A CoinGecko-shaped question; an address that already asks something is left as it is. */
export function priceUrl(url: string, id: string): string {
  return url.includes('?') ? url : `${url}?ids=${encodeURIComponent(id)}&vs_currencies=usd`;
}

/** `{"monero":{"usd":162.31}}` as micro-dollars of one whole coin. A price of zero is none. Never throws. */
export function parsePrice(text: string, id: string): PriceSaid {
  const parsed = parseExact(text);
  if (!parsed.ok) return { ok: false, error: `The price service sent ${parsed.why}.` };
  const status = at(parsed.value, 'status.error_message');
  if (typeof status === 'string') return { ok: false, error: `The price service says: ${status.slice(0, 200)}.` };
  const price = at(at(parsed.value, id), 'usd');
  const microUsd = typeof price === 'string' ? Math.round(Number(price) * 1_000_000) : Number.NaN;
  if (Number.isSafeInteger(microUsd) && microUsd > 0) return { ok: true, microUsd };
  const seen = JSON.stringify(price)?.slice(0, 40) ?? 'nothing';
  return { ok: false, error: `The price service should tell "${id}.usd" in dollars, but told ${seen}.` };
}
