import type { Change, Figure, Total } from './contract/revenue.ts';
import type { Reading, SourceKind } from './contract/revenue-sources.ts';
import { count, short, whole } from './format.ts';
import { amountWords, usd, usdExact } from './money.ts';

/** What was earned as a person reads it, on screen, in the CLI and in an agent's context. Unknown is said as unknown. */
export const KIND_WORDS: Readonly<Record<SourceKind, { name: string; what: string }>> = {
  pool: { name: 'Mining pool', what: 'What a pool owes and has paid, from its API.' },
  xmrig: { name: 'Miner', what: "xmrig's rate, from its local API. It earns nothing itself." },
  price: { name: 'Price', what: 'What a coin is worth in dollars. It earns nothing itself.' },
  server: { name: 'Model server', what: 'Requests and tokens of an OpenAI-compatible server, at your price.' },
  'access-log': { name: 'Access log', what: 'Requests of a web server, followed in its log, at your price.' },
  manual: { name: 'Entries', what: 'Amounts that you enter or import from a CSV.' },
  webhook: { name: 'Webhook', what: 'Amounts that another program posts.' },
};

export const figureWords = ({ microUsd, complete }: Figure): string =>
  microUsd === null ? 'unknown' : `${complete ? '' : 'at least '}${usd(microUsd)}`;

/** `$12.40`, `at least $12.40, 1 source unknown`, `unknown`. */
export function totalWords({ microUsd, unknown, incomplete }: Total): string {
  if (microUsd === null) return 'unknown';
  const beside = unknown > 0 ? `, ${count(unknown, 'source')} unknown` : '';
  return `${unknown + incomplete > 0 ? 'at least ' : ''}${usd(microUsd)}${beside}`;
}

/** `+12 %` with a real minus, or why there is none. */
export function changeWords({ ratio, why }: Change): string {
  if (ratio === null) return why ?? 'unknown';
  const percent = Math.round(ratio * 100);
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`;
}

/** What a source said at its last good look; null when it said nothing that is shown. */
export function readingWords(kind: SourceKind, reading: Reading | null): string | null {
  if (!reading) return null;
  const { asset, due, paid } = reading;
  switch (kind) {
    case 'pool':
      if (asset === null || due === null || paid === null) return null;
      return `owes ${amountWords(BigInt(due), asset)}, has paid ${amountWords(BigInt(paid), asset)}`;
    case 'xmrig':
      return reading.hashrate === null ? 'no rate yet' : `${short(Math.round(reading.hashrate))} hashes a second`;
    case 'price':
      return reading.priceMicroUsd === null ? null : `${usdExact(reading.priceMicroUsd)} for one ${asset}`;
    case 'server':
    case 'access-log':
      return countsWords(reading);
    case 'manual':
    case 'webhook':
      return null;
  }
}

/** `1,204 requests, 48k tokens in`; what is not told is left out. */
export function countsWords({
  requests,
  tokensIn,
  tokensOut,
}: Pick<Reading, 'requests' | 'tokensIn' | 'tokensOut'>): string {
  const parts = [
    requests === null ? null : `${whole(requests)} ${requests === 1 ? 'request' : 'requests'}`,
    tokensIn === null ? null : `${short(tokensIn)} tokens in`,
    tokensOut === null ? null : `${short(tokensOut)} tokens out`,
  ];
  return parts.filter((part) => part !== null).join(', ') || 'nothing that is known';
}

/** What must be known before revenue may be weighed; said on screen and held by a rule. */
export const NOT_YET_WEIGHED = 'Not an input to priorities before two weeks of stable data.';
