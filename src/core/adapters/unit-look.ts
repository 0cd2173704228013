import type { UnitLook } from '../kernel/watch-ports.ts';

/** What is known of a unit or container that could not be looked at, and why that was. */
export const unknownUnit = (detail: string): UnitLook => ({
  running: null,
  healthy: null,
  stopped: false,
  state: 'unknown',
  detail,
});
