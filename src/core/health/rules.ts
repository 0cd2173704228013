import type { Finding, HealthCheck } from '../../shared/contract/system.ts';
import type { Memory } from './storage.ts';

export const NOTHING: Memory = { okAt: null, errorAt: null, error: null };

/** What is remembered after a look. What nobody could say changes nothing. */
export function remembered(before: Memory, { state, detail }: Finding, now: number): Memory {
  if (state === 'unknown') return before;
  return state === 'ok' ? { ...before, okAt: now } : { ...before, errorAt: now, error: detail };
}

/** A look with what is known from before. */
export function checkOf(finding: Finding, { okAt, errorAt, error }: Memory): HealthCheck {
  return {
    command: null,
    act: null,
    ...finding,
    lastOkAt: okAt,
    lastError: errorAt === null || error === null ? null : { at: errorAt, sentence: error },
  };
}
