import { expect, test } from 'vitest';
import type { PromotionEvidence } from '../../../shared/contract/trust.ts';
import { evidenceOf } from './evidence.ts';

const evidence = (days: number): PromotionEvidence =>
  ({ sessions: 31, evaluations: 28, avgScore: 3.8, days, window: null, severe: 0, alerts: null }) as PromotionEvidence;

test.each([
  [0, '31 sessions at Cautious, 28 of them scored, mean 3.8 of 5, in under a day. Nothing severe.'],
  [1, '31 sessions at Cautious, 28 of them scored, mean 3.8 of 5, in 1 day. Nothing severe.'],
  [8.5, '31 sessions at Cautious, 28 of them scored, mean 3.8 of 5, in 8.5 days. Nothing severe.'],
])('the evidence of %d days as a sentence', (days, words) => {
  expect(evidenceOf(evidence(days), 'cautious')).toBe(words);
});
