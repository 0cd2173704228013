import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Figure } from '../../shared/contract/revenue.ts';
import {
  asFigure,
  type Balance,
  type BalanceCursor,
  changeOf,
  isStable,
  isStale,
  looked,
  MOST_BACKOFF_MS,
  priced,
  stepBalance,
  stepCounter,
  told,
  totalOf,
  waitAfter,
} from './rules.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (due: number, paid: number): Balance => ({ due: BigInt(due), paid: BigInt(paid) });

/** Runs through readings; what was gained at each, and what was found. */
function walk(readings: readonly Balance[]) {
  let cursor: BalanceCursor | null = null;
  return readings.map((reading) => {
    const step = stepBalance(cursor, reading);
    cursor = step.cursor;
    return [step.gain, step.finding] as const;
  });
}

test.each([
  ['the first reading counts nothing', [at(5, 100)], [[0n, null]]],
  [
    'what is owed grows',
    [at(5, 100), at(9, 100)],
    [
      [0n, null],
      [4n, null],
    ],
  ],
  [
    'a payout is no loss (T-04R)',
    [at(50, 0), at(0, 50)],
    [
      [0n, null],
      [0n, 'payout'],
    ],
  ],
  [
    'a payout with a fee costs the fee',
    [at(50, 0), at(0, 48)],
    [
      [0n, null],
      [-2n, 'payout'],
    ],
  ],
  [
    'a payout booked in two steps waits and loses nothing',
    [at(50, 0), at(0, 0), at(1, 50)],
    [
      [0n, null],
      [0n, 'waiting'],
      [1n, 'payout'],
    ],
  ],
  [
    'a glitch that passes counts nothing',
    [at(50, 10), at(0, 0), at(51, 10)],
    [
      [0n, null],
      [0n, 'waiting'],
      [1n, null],
    ],
  ],
  [
    'a fall that stays is counted and named',
    [at(50, 10), at(20, 10), at(20, 10), at(20, 10), at(21, 10)],
    [
      [0n, null],
      [0n, 'waiting'],
      [0n, 'waiting'],
      [-30n, 'fell'],
      [1n, null],
    ],
  ],
  [
    'a pool that forgot its payouts: the amount is unknown, not minus everything',
    [at(50, 1_000), at(51, 0), at(52, 0), at(53, 0), at(60, 0)],
    [
      [0n, null],
      [0n, 'waiting'],
      [0n, 'waiting'],
      [null, 'rebased'],
      [7n, null],
    ],
  ],
])('%s', (_name, readings, expected) => {
  expect(walk(readings)).toEqual(expected);
});

test('the sum of all gains is last − first plus payouts, whatever the order of earning and payouts', () => {
  const step = fc.oneof(
    fc.record({ earn: fc.bigInt(0n, 10n ** 15n) }),
    fc.record({ payout: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 17n),
      fc.bigInt(0n, 10n ** 17n),
      fc.array(step, { maxLength: 60 }),
      (due, paid, steps) => {
        const readings = [{ due, paid }];
        let payouts = 0n;
        for (const one of steps) {
          const last = readings.at(-1) ?? { due, paid };
          const out = 'payout' in one ? (last.due * BigInt(Math.floor(one.payout * 1e6))) / 1_000_000n : 0n;
          const earned = 'earn' in one ? one.earn : 0n;
          payouts += out;
          readings.push({ due: last.due + earned - out, paid: last.paid + out });
        }
        const gained = walk(readings).reduce((sum, [gain]) => sum + (gain ?? 0n), 0n);
        expect(gained).toBe((readings.at(-1)?.due ?? 0n) - due + payouts);
      },
    ),
  );
});

test('no gain is counted twice over glitches that last one or two looks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ earn: fc.bigInt(0n, 1_000n), glitches: fc.integer({ min: 0, max: 2 }) }), { maxLength: 50 }),
      (steps) => {
        let real = { due: 100n, paid: 500n };
        const readings = [real];
        for (const { earn, glitches } of steps) {
          for (let n = 0; n < glitches; n++) readings.push({ due: 0n, paid: 0n });
          real = { ...real, due: real.due + earn };
          readings.push(real);
        }
        expect(walk(readings).reduce((sum, [gain]) => sum + (gain ?? 0n), 0n)).toBe(real.due - 100n);
      },
    ),
  );
});

test('a counter sums what it counted over restarts (T-04U)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(10_000), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 }),
      (lives) => {
        // In each life the counter is seen at its start and after every growth.
        const seen = lives.flatMap((growths) => {
          let value = 0;
          return [0, ...growths.map((growth) => (value += growth))];
        });
        const gained = seen.slice(1).reduce((sum, value, n) => sum + (stepCounter(seen[n] ?? 0, value) ?? 0), 0);
        expect(gained).toBe(lives.flat().reduce((a, b) => a + b, 0));
      },
    ),
  );
});

test.each([
  [10, 25, 15],
  [25, 10, 10],
  [25, 0, 0],
  [null, 10, null],
  [10, null, null],
])('a counter from %j to %j brings %j', (before, next, expected) => {
  expect(stepCounter(before, next)).toBe(expected);
});

const free = { perRequest: null, perMillionIn: null, perMillionOut: null };

test.each([
  ['nothing has a price', { requests: 10, tokensIn: 5, tokensOut: 5 }, free, null],
  ['per request', { requests: 10, tokensIn: null, tokensOut: null }, { ...free, perRequest: 2_000 }, 20_000],
  [
    'a price meets a count that is not known',
    { requests: 10, tokensIn: null, tokensOut: 1 },
    { ...free, perMillionIn: 5 },
    null,
  ],
  [
    'per token',
    { requests: 1, tokensIn: 500_000, tokensOut: 250_000 },
    { perRequest: null, perMillionIn: 150_000, perMillionOut: 600_000 },
    225_000,
  ],
  [
    'parts of a micro-dollar are rounded once',
    { requests: 0, tokensIn: 3, tokensOut: 3 },
    { perRequest: 0, perMillionIn: 250_000, perMillionOut: 250_000 },
    2,
  ],
  ['a price of zero is a price', { requests: 10, tokensIn: 1, tokensOut: 1 }, { ...free, perRequest: 0 }, 0],
])('%s', (_name, counters, prices, expected) => {
  expect(priced(counters, prices)).toBe(expected);
});

const fig = (microUsd: number | null, complete = microUsd !== null): Figure => ({ microUsd, complete, why: null });

test('unknown is counted beside a sum and never as zero (T-04S)', () => {
  expect(totalOf([fig(12_400_000), fig(null), fig(3, false)])).toEqual({
    microUsd: 12_400_003,
    unknown: 1,
    incomplete: 1,
  });
  expect(totalOf([fig(null), fig(null)])).toEqual({ microUsd: null, unknown: 2, incomplete: 0 });
  expect(totalOf([])).toEqual({ microUsd: null, unknown: 0, incomplete: 0 });
  expect(totalOf([fig(0)])).toEqual({ microUsd: 0, unknown: 0, incomplete: 0 });
});

test.each([
  [fig(15), fig(10), { ratio: 0.5, why: null }],
  [fig(0), fig(10), { ratio: -1, why: null }],
  [fig(0), fig(0), { ratio: null, why: 'Nothing in both weeks.' }],
  [fig(5), fig(0), { ratio: null, why: 'Nothing in the week before.' }],
  [fig(null), fig(10), { ratio: null, why: 'This week is not known.' }],
  [fig(5), fig(null), { ratio: null, why: 'The week before is not known.' }],
  [fig(5, false), fig(10), { ratio: null, why: 'This week is known in part only.' }],
  [fig(5), fig(10, false), { ratio: null, why: 'The week before is known in part only.' }],
  [fig(5), fig(-10), { ratio: null, why: 'The week before was below zero.' }],
  [
    asFigure({ microUsd: 5, unknown: 1, incomplete: 0 }),
    fig(10),
    { ratio: null, why: 'This week is known in part only.' },
  ],
])('week over week of %j after %j (T-04W)', (now, before, expected) => {
  expect(changeOf(now, before)).toEqual(expected);
});

const evidence = { microUsd: 5, unknownParts: 0, firstAt: 10 * DAY, lastAt: 17 * DAY, beforeAt: 10 * DAY - HOUR };

test.each([
  ['seen throughout', evidence, { microUsd: 5, complete: true }],
  ['seen, and nothing earned', { ...evidence, microUsd: null }, { microUsd: 0, complete: true }],
  ['never seen', { ...evidence, firstAt: null, lastAt: null, microUsd: null }, { microUsd: null, complete: false }],
  ['added in the middle', { ...evidence, firstAt: 14 * DAY, beforeAt: null }, { microUsd: 5, complete: false }],
  ['away for the last two days', { ...evidence, lastAt: 15 * DAY }, { microUsd: 5, complete: false }],
  [
    'asleep over a night at both ends',
    { ...evidence, beforeAt: 10 * DAY - 10 * HOUR, lastAt: 17 * DAY - 10 * HOUR },
    { complete: true },
  ],
  ['a part without dollars', { ...evidence, unknownParts: 2 }, { microUsd: 5, complete: false }],
  ['all without dollars', { ...evidence, microUsd: null, unknownParts: 2 }, { microUsd: null, complete: false }],
])('%s', (_name, seen, expected) => {
  expect(looked(seen, 10 * DAY, 17 * DAY)).toMatchObject(expected);
});

test('silence of a source that is told is unknown; an entered zero is zero', () => {
  expect(told({ ...evidence, firstAt: null, microUsd: null })).toMatchObject({ microUsd: null });
  expect(told({ ...evidence, microUsd: 0 })).toMatchObject({ microUsd: 0, complete: true });
});

test('back-off doubles up to an hour and never goes below the interval', () => {
  expect([0, 1, 2, 3].map((n) => waitAfter(60_000, n))).toEqual([60_000, 120_000, 240_000, 480_000]);
  expect(waitAfter(60_000, 500)).toBe(MOST_BACKOFF_MS);
  expect(waitAfter(6 * HOUR, 5)).toBe(6 * HOUR);
});

test('a value is stale after three intervals, a quarter of an hour at least', () => {
  expect(isStale(0, 60_000, 15 * 60_000)).toBe(false);
  expect(isStale(0, 60_000, 15 * 60_000 + 1)).toBe(true);
  expect(isStale(0, HOUR, 3 * HOUR)).toBe(false);
  expect(isStale(null, HOUR, 0)).toBe(true);
});

test('revenue is stable after two weeks of every source that earns, and of one at least', () => {
  const source = (stableDays: number | null, flagged = false) => ({ stableDays, flagged });
  expect(isStable([])).toBe(false);
  expect(isStable([source(null)])).toBe(false);
  expect(isStable([source(14), source(null)])).toBe(true);
  expect(isStable([source(14), source(13)])).toBe(false);
  expect(isStable([source(14, true)])).toBe(false);
});
