import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScoreSettings } from '../../shared/score-settings.ts';
import { ceilingOfRate, lowerBound } from './rate.ts';
import { after, newAgent } from './rules.ts';

const DAY = 86_400_000;
const shipped = ScoreSettings.parse({});

describe('the share of successes', () => {
  it('is taken at the lower end of what it may be', () => {
    expect(lowerBound(0, 0)).toBe(0);
    expect(lowerBound(1, 1)).toBeCloseTo(0.207, 3);
    expect(lowerBound(50, 100)).toBeCloseTo(0.404, 3);
    expect(lowerBound(90, 100)).toBeCloseTo(0.826, 3);
  });

  it('limits the score whatever the points', () => {
    const ceiling = (recent: string): number => Math.round(ceilingOfRate({ recent }, shipped));
    expect(ceiling('')).toBe(199);
    expect(ceiling('10'.repeat(50))).toBe(199);
    expect(ceiling(`${'1'.repeat(90)}${'0'.repeat(10)}`)).toBe(838);
    expect(ceiling('1'.repeat(16))).toBeGreaterThanOrEqual(800);
    expect(ceiling('1'.repeat(100))).toBe(1_000);
    expect(ceiling('-'.repeat(100))).toBe(199);
  });

  it('30: an agent that fails half of its tasks never gains a tier, however much it does (T-070)', () => {
    const pairs = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: DAY })), { minLength: 50, maxLength: 400 });
    fc.assert(
      fc.property(pairs, (all) => {
        let state = newAgent(0);
        let at = 0;
        for (const [first, ms] of all) {
          for (const good of [first, !first])
            state = after(state, { kind: good ? 'completed' : 'failed' }, (at += ms / 2), shipped);
          expect(state.tier).toBe('UNTRUSTED');
        }
      }),
      { numRuns: 60 },
    );
  });
});
