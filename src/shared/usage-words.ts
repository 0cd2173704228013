import type { UsageSum } from './contract/usage.ts';
import { dollars, short } from './format.ts';

/** "$4.10", "at least $4.10, 2 unknown", "unknown". What is unknown is never taken for zero. */
export function costWords({ costUsd, costUnknown }: Pick<UsageSum, 'costUsd' | 'costUnknown'>): string {
  if (costUsd === null) return 'unknown';
  if (costUnknown === 0) return dollars(costUsd);
  return costUsd > 0 && costUsd < 0.01
    ? `${dollars(costUsd)} known, ${costUnknown} unknown`
    : `at least ${dollars(costUsd)}, ${costUnknown} unknown`;
}

/** What a session cost: "$4.10", "at least $4.10"; null: unknown. */
export function sessionCost({ costUsd, costLeastUsd }: { costUsd: number | null; costLeastUsd?: number | undefined }) {
  if (costUsd !== null) return dollars(costUsd);
  return costLeastUsd === undefined ? null : `at least ${dollars(costLeastUsd)}`;
}

/** "12.4k", "at least 12.4k", "unknown". */
export function tokenWords(tokens: number | null, unknown: number): string {
  if (tokens === null) return 'unknown';
  return unknown === 0 ? short(tokens) : `at least ${short(tokens)}`;
}
