import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScoreSettings } from '../../shared/score-settings.ts';
import { TIERS, type Tier, tierOf, topOf, whyNotGiven } from '../../shared/tiers.ts';
import {
  type AgentState,
  after,
  effectiveScoreAt,
  type Input,
  newAgent,
  scoreAt,
  tierAt,
  towards,
  worthOf,
} from './rules.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const shipped = ScoreSettings.parse({});
const exponential = ScoreSettings.parse({ decay: 'exponential' });

type Step = [input: Input, afterMs: number];
function live(steps: readonly Step[], settings = shipped, from = newAgent(0)): AgentState {
  let at = from.at;
  return steps.reduce((state, [input, ms]) => after(state, input, (at += ms), settings), from);
}
const done = { kind: 'completed' } as const;
const failed = { kind: 'failed' } as const;
const violated = { kind: 'violated' } as const;
const rank = (tier: Tier): number => TIERS.indexOf(tier);

/** So many good tasks a day, evenly spread. */
const goodDays = (days: number, perDay: number): Step[] =>
  Array.from({ length: days * perDay }, () => [done, DAY / perDay] as Step);

describe('one observation', () => {
  it.each<[string, Input, number]>([
    ['completed', done, 110],
    ['failed', failed, 85],
    ['timed out', { kind: 'timed_out' }, 90],
    ['inconclusive', { kind: 'inconclusive' }, 100],
    ['violated', violated, 50],
    ['denied', { kind: 'denied' }, 95],
    ['overruled', { kind: 'overruled' }, 80],
    ['delegated wrongly', { kind: 'misdelegated' }, 80],
    ['seen', { kind: 'seen', version: '2.1' }, 100],
    ['reviewed well', { kind: 'reviewed', task: null, standing: null, before: null, rating: 5 }, 115],
  ])('%s gives its points (S3-30)', (_name, input, score) => {
    expect(scoreAt(live([[input, 0]]), 0, shipped)).toBe(score);
  });

  it('a new agent stands in the lowest tier, whatever the base (T-073)', () => {
    expect(newAgent(5)).toMatchObject({ tier: 'UNTRUSTED', earned: 'UNTRUSTED' });
    expect(tierOf(scoreAt(newAgent(5), 5, shipped))).toBe('UNTRUSTED');
    expect(ScoreSettings.safeParse({ base: 300 }).success).toBe(false);
  });

  it('fades linearly or exponentially, and is gone at the end of its days', () => {
    const state = live([[done, 0]]);
    expect([0, 15, 30, 60].map((days) => scoreAt(state, days * DAY, shipped))).toEqual([110, 105, 100, 100]);
    const fast = live([[{ kind: 'completed' }, 0]], exponential);
    expect([0, 15, 29.99, 30].map((days) => scoreAt(fast, days * DAY, exponential))).toEqual([110, 102, 101, 100]);
  });
});

describe('waiting (T-072)', () => {
  it('brings no penalty back; new work does, once each', () => {
    const state = live([...goodDays(5, 2), [violated, 0]]);
    const before = scoreAt(state, state.at, shipped);
    expect(scoreAt(state, state.at + 90 * DAY, shipped)).toBeLessThanOrEqual(before);
    const later = live([[done, 59 * DAY]], shipped, state);
    // Its own 10 points and 10 that had faded of the 50 that were lost.
    expect(scoreAt(later, later.at, shipped)).toBe(scoreAt(state, state.at + 59 * DAY, shipped) + 20);
  });

  const input: fc.Arbitrary<Input> = fc.oneof(
    { weight: 6, arbitrary: fc.constant<Input>(done) },
    { weight: 3, arbitrary: fc.constantFrom<Input>(failed, { kind: 'timed_out' }, { kind: 'inconclusive' }) },
    fc.constantFrom<Input>(violated, { kind: 'denied' }, { kind: 'overruled' }, { kind: 'cleared' }, { kind: 'faded' }),
    fc.constantFrom<Input>({ kind: 'seen', version: '1' }, { kind: 'seen', version: '2' }),
    fc
      .record({ rating: fc.integer({ min: 1, max: 5 }), task: fc.integer({ min: 1, max: 30 }) })
      .map(({ rating, task }): Input => ({ kind: 'reviewed', task, standing: 'completed', before: null, rating })),
  );
  const life = fc.array(fc.tuple(input, fc.integer({ min: -HOUR, max: 12 * DAY })), { maxLength: 120 });
  const settings = fc.constantFrom(shipped, exponential);

  it('never lifts score or tier, and neither leaves its range', () => {
    fc.assert(
      fc.property(life, settings, fc.integer({ min: 0, max: 100 * DAY }), (steps, rules, wait) => {
        let state = newAgent(0);
        let at = 0;
        for (const [next, ms] of steps) {
          const now = Math.max(state.at, (at += ms));
          const waited = scoreAt(state, now, rules);
          expect(waited).toBeLessThanOrEqual(scoreAt(state, state.at, rules));
          expect(rank(tierAt(state, now, rules))).toBeLessThanOrEqual(rank(state.tier));
          state = after(state, next, at, rules);
          expect(rank(state.earned)).toBeLessThanOrEqual(rank(tierOf(scoreAt(state, state.at, rules))));
          expect(scoreAt(state, state.at, rules)).toBeGreaterThanOrEqual(0);
          expect(scoreAt(state, state.at, rules)).toBeLessThanOrEqual(1_000);
          expect(effectiveScoreAt(state, state.at, rules)).toBeLessThanOrEqual(topOf(state.tier));
        }
        expect(scoreAt(state, state.at + wait, rules)).toBeLessThanOrEqual(scoreAt(state, state.at, rules));
      }),
    );
  });

  it('stored and read back gives the same state, wherever it is cut', () => {
    fc.assert(
      fc.property(life, settings, fc.nat(120), (steps, rules, cut) => {
        const whole = live(steps, rules);
        const half = JSON.parse(JSON.stringify(live(steps.slice(0, cut), rules))) as AgentState;
        let at = steps.slice(0, cut).reduce((sum, [, ms]) => sum + ms, 0);
        const rest = steps.slice(cut).reduce((state, [next, ms]) => after(state, next, (at += ms), rules), half);
        expect(rest).toEqual(whole);
      }),
    );
  });
});

describe('tiers', () => {
  it('are earned by steady good work: CERTIFIED can be reached, one step at a time, and not in a week', () => {
    let state = newAgent(0);
    const reached = new Map<Tier, number>();
    let at = 0;
    for (let day = 0; day < 60; day += 1) {
      for (let n = 0; n < 8; n += 1) {
        const before = state.tier;
        state = after(state, done, (at += DAY / 8), shipped);
        expect(rank(state.tier) - rank(before)).toBeLessThanOrEqual(1);
        if (state.tier !== before) reached.set(state.tier, at / DAY);
      }
    }
    expect([...reached.keys()]).toEqual(TIERS.slice(1));
    expect(reached.get('CERTIFIED')).toBeGreaterThan(10);
    expect(reached.get('CERTIFIED')).toBeLessThan(30);
    expect(effectiveScoreAt(state, state.at, shipped)).toBeGreaterThanOrEqual(950);
  });

  const certified = (): AgentState => live(goodDays(24, 8));

  it('are earned again after a clock that once stood ten years ahead, which by itself brings nothing', () => {
    const state = certified();
    const ahead = after(state, done, state.at + 3_650 * DAY, shipped);
    const back = after(ahead, { kind: 'faded' }, state.at + HOUR, shipped);
    expect(back.at).toBe(state.at + HOUR);
    expect(scoreAt(back, back.at, shipped)).toBe(scoreAt(ahead, ahead.at, shipped));
    expect(rank(back.tier)).toBeLessThanOrEqual(rank(state.tier));
    const again = live(goodDays(30, 8), shipped, back);
    expect(rank(again.tier)).toBeGreaterThanOrEqual(rank('CERTIFIED'));
  });

  it('are never entered sooner by a clock that goes to and fro', () => {
    let state = newAgent(0);
    for (let n = 0; n < 20; n += 1) state = after(state, done, n % 2 ? 40 * DAY : n * HOUR, shipped);
    expect(scoreAt(state, state.at, shipped)).toBeLessThanOrEqual(120);
  });

  it('fall at once and as far as the score says', () => {
    const state = certified();
    expect(state.tier).toBe('CERTIFIED');
    const hit = live(
      [
        [violated, 1],
        [violated, 1],
        [violated, 1],
        [violated, 1],
        [violated, 1],
      ],
      shipped,
      state,
    );
    expect(rank(hit.earned)).toBeLessThan(rank('CERTIFIED'));
    // Waiting: what was won fades, and the tier goes with it without any event.
    expect(tierAt(state, state.at + 60 * DAY, shipped)).toBe('UNTRUSTED');
    expect(effectiveScoreAt(state, state.at + 60 * DAY, shipped)).toBe(100);
  });

  it('take the hysteresis on the way up, and none on the way down', () => {
    const easy = ScoreSettings.parse({
      points: { completed: { points: 5 } },
      tiers: { PROBATIONARY: { tasks: 0, rate: 0.01 } },
    });
    const state = live(
      Array.from({ length: 21 }, (): Step => [done, 1]).concat(
        [[failed, 0]],
        Array.from({ length: 2 }, () => [done, 1]),
      ),
      { ...easy, perDay: 1_000 },
    );
    expect([scoreAt(state, state.at, easy), state.tier]).toEqual([200, 'UNTRUSTED']);
    const up = live(
      [
        [done, 1],
        [done, 1],
      ],
      { ...easy, perDay: 1_000 },
      state,
    );
    expect([scoreAt(up, up.at, easy), up.tier]).toEqual([210, 'PROBATIONARY']);
    const down = live([[failed, 1]], { ...easy, perDay: 1_000 }, up);
    expect([scoreAt(down, down.at, easy), down.tier]).toEqual([195, 'UNTRUSTED']);
  });

  it('say what the next one still takes', () => {
    expect(towards(live(goodDays(1, 4)), DAY, shipped)).toEqual({ tier: 'PROBATIONARY', points: 70, tasks: 1, ms: 0 });
  });

  it('31: a violation limits the tier until a person has looked, whatever the volume (T-071)', () => {
    const state = live([[violated, 0], ...goodDays(20, 10)], shipped, certified());
    expect(state.tier).toBe('PROBATIONARY');
    expect(effectiveScoreAt(state, state.at, shipped)).toBeLessThan(400);
    const cleared = live([[{ kind: 'cleared' }, 0]], shipped, state);
    expect(cleared.tier).toBe(cleared.earned);
    expect(rank(cleared.tier)).toBeGreaterThan(rank('PROBATIONARY'));
  });

  it('a new version is watched until it has done enough good work for long enough', () => {
    const seen = (version: string): Step => [{ kind: 'seen', version }, 0];
    const state = live([seen('2.1.0')], shipped, certified());
    expect(state.trial).toBeNull();
    const newer = live([seen('2.2.0')], shipped, state);
    expect(newer.tier).toBe('VERIFIED');
    expect(effectiveScoreAt(newer, newer.at, shipped)).toBeLessThan(800);
    const five = live(
      Array.from({ length: 5 }, () => [done, HOUR]),
      shipped,
      newer,
    );
    expect(five.tier).toBe('VERIFIED');
    expect(live([[done, DAY]], shipped, five)).toMatchObject({ tier: five.earned, trial: null });
    // Time alone ends nothing.
    expect(tierAt(five, five.at + 2 * DAY, shipped)).toBe('VERIFIED');
  });
});

describe('the economics that were unsound', () => {
  it('no more than a day’s worth in a day, and nothing kept above 1000 (T-071)', () => {
    const burst = live(Array.from({ length: 300 }, (): Step => [done, 1_000]));
    expect(scoreAt(burst, burst.at, shipped)).toBe(200);
    const rich = live(goodDays(90, 20));
    expect(scoreAt(rich, rich.at, shipped)).toBe(1_000);
    const hit = live([[violated, 0]], shipped, rich);
    expect(scoreAt(hit, hit.at, shipped)).toBe(950);
  });

  it('a person’s word counts instead of ours, and taking it back restores it', () => {
    const rate = (rating: number | null, before: number | null): Step => [
      { kind: 'reviewed', task: 1, standing: 'completed', before, rating },
      0,
    ];
    const scoreOf = (state: AgentState): number => scoreAt(state, state.at, shipped);
    const poor = live([[done, 0], rate(1, null)]);
    expect([scoreOf(poor), poor.recent]).toEqual([80, '0']);
    const back = live([rate(null, 1)], shipped, poor);
    expect([scoreOf(back), back.recent]).toEqual([110, '1']);
    expect(worthOf('failed', 5, shipped)).toBe(15);
    expect(worthOf('completed', 3, shipped)).toBe(0);
  });
});

it('tasks that others give are limited by the tier, and by nothing else', () => {
  expect(TIERS.map((tier) => [0, 1, 3, 5, 10, 1e6].map((n) => whyNotGiven(tier, n) === null).indexOf(false))).toEqual([
    0, 1, 2, 3, 4, -1,
  ]);
});
