import type { LimitReport, LimitStatus } from '../driver.ts';
import { type Json, numberOf, objectOf, textOf } from '../json.ts';

const STATUS: Readonly<Record<string, LimitStatus>> = {
  allowed: 'allowed',
  allowed_warning: 'warning',
  rejected: 'rejected',
};

const statusOf = (value: unknown): LimitStatus | null => STATUS[textOf(value) ?? ''] ?? null;

/** The last instant that a clock can tell, epoch ms. */
const LAST_TIME = 8.64e15;
/** So many seconds are the year 5138: a larger number counts milliseconds. */
const SECONDS_BELOW = 1e11;

/**
 * When a limit resets, in whole epoch ms. The CLI tells it in seconds, its service elsewhere as a date with its
 * zone. Null: it was not told, or is no time that could be.
 */
export function resetOf(value: unknown): number | null {
  const number = numberOf(value);
  const at = number === null ? Date.parse(textOf(value) ?? '') : number * (number < SECONDS_BELOW ? 1_000 : 1);
  return at > 0 && at <= LAST_TIME ? Math.round(at) : null;
}

/**
 * `rate_limit_info` of a `rate_limit_event` (CLI 2.1.328, only under a subscription): the state of the
 * window that counts most, and the 5-hour and weekly windows. Null for a status that is not known.
 */
export function limitReportOf(info: Json): LimitReport | null {
  const status = statusOf(info.status);
  if (status === null) return null;
  const windows = Object.entries(objectOf(info.unifiedWindows)).map(([name, value]) => {
    const window = objectOf(value);
    return {
      name,
      status: statusOf(window.status),
      utilization: numberOf(window.utilization),
      resetsAt: resetOf(window.resetsAt),
    };
  });
  return {
    status,
    name: textOf(info.rateLimitType),
    utilization: numberOf(info.utilization),
    resetsAt: resetOf(info.resetsAt),
    windows,
  };
}
