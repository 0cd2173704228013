import type { Usage } from '../../../shared/contract/usage.ts';
import { csv } from '../../../shared/csv.ts';

const HEAD = [
  'day',
  'runs',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'tokens_unknown',
  'list_price_usd',
  'price_unknown',
];

/** Days as comma-separated values; what is not known is an empty cell, never a zero. */
export function csvOf(days: Usage['byDay']): string {
  return csv(
    HEAD,
    days.map((day) => [
      day.day,
      day.runs,
      day.inputTokens,
      day.outputTokens,
      day.cacheReadTokens,
      day.cacheWriteTokens,
      day.tokensUnknown,
      day.costUsd,
      day.costUnknown,
    ]),
  );
}
