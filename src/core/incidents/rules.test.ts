import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../test/fakes/random.ts';
import { LEVELS } from '../../shared/policy.ts';
import { begunNow, failingTogether, namesOf, nextReminder, type RecoveryFacts, recoveryStep } from './rules.ts';

const HOUR = 3_600_000;
const facts = (over: Partial<RecoveryFacts> = {}): RecoveryFacts => ({
  now: 100_000,
  level: 'moderate',
  isPaused: false,
  hasRestart: true,
  isOwn: false,
  isDown: true,
  wasUp: true,
  isStopped: false,
  inMaintenance: false,
  isCorrelated: false,
  isSilenced: false,
  openedAt: 0,
  settleMs: 20_000,
  tried: [],
  isBusy: false,
  backoffMs: 300_000,
  budget: { service: 2, all: 2 },
  ...over,
});

test.each([
  ['at full and moderate within the budget', {}, 'restart'],
  ['at full', { level: 'full' }, 'restart'],
  ['at cautious it is asked', { level: 'cautious' }, 'propose'],
  ['at observe it is only shown', { level: 'observe' }, 'shadow'],
  ['at observe once', { level: 'observe', tried: [{ state: 'shadow', finishedAt: 1 }] }, 'wait'],
  [
    'at observe nothing is shown of what was done before',
    { level: 'observe', tried: [{ state: 'still_down', finishedAt: 1 }] },
    'wait',
  ],
  ['Tenure itself never', { isOwn: true }, 'wait'],
  ['never in maintenance', { inMaintenance: true }, 'wait'],
  ['never while several fail', { isCorrelated: true }, 'wait'],
  ['never while what it needs is down', { isSilenced: true }, 'wait'],
  ['not before others have had time to show', { openedAt: 90_000 }, 'wait'],
  ['not without a way to restart', { hasRestart: false }, 'wait'],
  ['not while nothing is known', { isDown: false }, 'wait'],
  ['one at a time', { isBusy: true }, 'wait'],
  ['what a person stopped is asked about', { isStopped: true }, 'propose'],
  ['what was never up is asked about', { wasUp: false }, 'propose'],
  ['while everything is paused it is asked', { isPaused: true }, 'propose'],
  ['a no holds for the incident', { tried: [{ state: 'declined', finishedAt: 1 }] }, 'wait'],
  [
    'a restart that did not help is given time',
    { now: 200_000, tried: [{ state: 'still_down', finishedAt: 1 }] },
    'wait',
  ],
  ['and tried again then', { now: 400_000, tried: [{ state: 'still_down', finishedAt: 1 }] }, 'restart'],
  [
    'a proposal that was withdrawn a moment ago holds nothing up',
    { tried: [{ state: 'withdrawn', finishedAt: 99_000 }] },
    'restart',
  ],
  [
    'nor does it make the time after a restart longer, nor does what was only shown',
    {
      now: 400_000,
      tried: [
        { state: 'shadow', finishedAt: 1 },
        { state: 'withdrawn', finishedAt: 1 },
        { state: 'still_down', finishedAt: 1 },
      ],
    },
    'restart',
  ],
  ['nor is it what observe has shown', { level: 'observe', tried: [{ state: 'withdrawn', finishedAt: 1 }] }, 'shadow'],
  [
    'a restart before what was only shown is still given time',
    {
      tried: [
        { state: 'still_down', finishedAt: 1 },
        { state: 'shadow', finishedAt: 2 },
      ],
    },
    'wait',
  ],
  ['the budget of the service', { budget: { service: 0, all: 1 } }, 'person'],
  ['the budget of all', { budget: { service: 1, all: 0 } }, 'person'],
] as const)('%s', (_name, over, act) => {
  expect(recoveryStep(facts(over as Partial<RecoveryFacts>)).act).toBe(act);
});

test('a budget that is spent says whether restarting helped', () => {
  const why = (state: 'still_down' | 'failed') =>
    recoveryStep(facts({ now: 9e9, budget: { service: 0, all: 1 }, tried: [{ state, finishedAt: 1 }] })).why;
  expect(why('still_down')).toContain('(its own). Restarting did not bring it back.');
  expect(why('failed')).not.toContain('bring it back');
});

test('100,000 random traces: never over the budget, never two at once, never what is forbidden', () => {
  const random = seededRandom(7);
  const below = (n: number): number => Math.floor(random() * n);
  let restarts = 0;
  let mostSeen = 0;
  const breaches: string[] = [];
  for (let trace = 0; trace < 100_000; trace++) {
    const most = below(4);
    const started: { service: number; at: number }[] = [];
    const open = new Set<number>();
    const tried = new Map<number, { state: string; finishedAt: number }[]>();
    let now = HOUR;
    for (let step = 4 + below(9); step > 0; step--) {
      now += below(30 * 60_000);
      const service = below(3);
      const spent = started.filter(({ at }) => at > now - HOUR);
      const bits = random() < 0.5 ? 0 : below(128);
      const has = (bit: number): boolean => (bits & (1 << bit)) !== 0;
      const input = facts({
        now,
        level: LEVELS[below(4)] ?? 'full',
        isOwn: has(0),
        inMaintenance: has(1),
        isCorrelated: has(2),
        isStopped: has(3),
        isPaused: has(4),
        isSilenced: has(5),
        wasUp: !has(6),
        tried: tried.get(service) ?? [],
        isBusy: open.has(service),
        budget: { service: most - spent.filter((one) => one.service === service).length, all: most - spent.length },
      });
      if (recoveryStep(input).act === 'restart') {
        restarts += 1;
        if (open.has(service)) breaches.push('two at once');
        if (bits !== 0) breaches.push(`restarted although ${bits}`);
        if (input.level !== 'moderate' && input.level !== 'full') breaches.push(`restarted at ${input.level}`);
        open.add(service);
        started.push({ service, at: now });
      }
      if (random() < 0.7 && open.delete(service)) {
        const state = ['healthy', 'still_down', 'failed'][below(3)] ?? 'healthy';
        tried.set(service, [...(tried.get(service) ?? []), { state, finishedAt: now }]);
      }
    }
    for (const { at } of started) {
      const within = started.filter((one) => one.at >= at && one.at < at + HOUR).length;
      mostSeen = Math.max(mostSeen, within);
      if (within > most) breaches.push(`${within} within an hour, at most ${most}`);
    }
  }
  expect(breaches).toEqual([]);
  expect(restarts).toBeGreaterThan(10_000);
  expect(mostSeen).toBe(3);
});

describe('words and times', () => {
  test('reminders come ever more seldom, at last once a day', () => {
    const waits = [0, 1, 2, 3, 9, 50].map((n) => nextReminder(0, n, 30 * 60_000) / 60_000);
    expect(waits).toEqual([30, 60, 120, 240, 1_440, 1_440]);
  });
  test('an incident that is opened anew begins with what fails now', () => {
    const first = { failingSince: 10, openedAt: 20 };
    expect(begunNow(first, { failingSince: 500, since: 600 })).toEqual({ failing: 500, confirmed: 600 });
    expect(begunNow(first, { failingSince: null, since: null })).toEqual({ failing: 10, confirmed: 20 });
    expect(begunNow(first)).toEqual({ failing: 10, confirmed: 20 });
  });
  test('those that began to fail within the window fail together', () => {
    const failing = [0, 50, 130, 400].map((failingSince) => ({ failingSince }));
    expect(failingTogether(100, failing, 100).map(({ failingSince }) => failingSince)).toEqual([0, 50, 130]);
  });
  test.each([
    [[], 'nothing'],
    [['A'], 'A'],
    [['A', 'B'], 'A and B'],
    [['A', 'B', 'C'], 'A, B and C'],
    [['A', 'B', 'C', 'D', 'E'], 'A, B and 3 more'],
  ])('%j', (names, words) => {
    expect(namesOf(names)).toBe(words);
  });
});
