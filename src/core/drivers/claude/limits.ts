import type { LimitReport, LimitStatus } from '../driver.ts';
import { type Json, numberOf, objectOf, textOf } from '../json.ts';

const STATUS: Readonly<Record<string, LimitStatus>> = {
  allowed: 'allowed',
  allowed_warning: 'warning',
  rejected: 'rejected',
};

const statusOf = (value: unknown): LimitStatus | null => STATUS[textOf(value) ?? ''] ?? null;

/** The CLI counts in seconds. */
const timeOf = (value: unknown): number | null => {
  const seconds = numberOf(value);
  return seconds === null ? null : seconds * 1000;
};

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
      resetsAt: timeOf(window.resetsAt),
    };
  });
  return {
    status,
    name: textOf(info.rateLimitType),
    utilization: numberOf(info.utilization),
    resetsAt: timeOf(info.resetsAt),
    windows,
  };
}
