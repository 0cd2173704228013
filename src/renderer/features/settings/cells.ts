import type { Cell } from '../../../shared/policy.ts';

/** The cells of the policy table in words. */
export const CELL_WORDS: Readonly<Record<Cell, string>> = {
  allow: 'runs',
  'allow-launched': 'runs in what you launched',
  deny: 'refused',
  ask: 'asks',
  'ask-two-steps': 'asks, in two steps',
  'auto-if-eligible': 'runs if eligible, else asks',
  tribunal: 'tribunal, else asks',
  'auto-else-tribunal': 'runs if eligible, else tribunal',
  'tribunal-unanimous': 'tribunal must agree, else asks',
};
