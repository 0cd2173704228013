import { expect, test } from 'vitest';
import { URGENCIES } from '../../shared/attention.ts';
import { Config } from '../../shared/config.ts';
import { afterDeadline, routeOf } from './routing.ts';

const settings = Config.parse({}).decisions;
const MINUTE = 60_000;

test('15 minutes, 1 hour, 4 hours, a day; warned at 10, 45, 180 and 1,200 minutes (S3-45)', () => {
  const minutes = URGENCIES.map((urgency) => {
    const { deadline, warnAt } = routeOf(urgency, 0, null, settings);
    return [deadline / MINUTE, warnAt / MINUTE];
  });
  expect(minutes).toEqual([
    [15, 10],
    [60, 45],
    [240, 180],
    [1_440, 1_200],
  ]);
});

test('an escalation has a time of its own, and the end of the chain is a denial', () => {
  const chain = (urgency: 'immediate' | 'high' | 'normal' | 'low') => {
    let now = 0;
    for (let escalations = 0; escalations < 20; escalations++) {
      now = routeOf(urgency, now, null, settings).deadline;
      const next = afterDeadline(urgency, escalations, now, settings);
      if (next.step === 'deny') return [escalations, now / MINUTE];
      expect(next.deadline).toBeGreaterThan(now);
    }
    throw new Error('it never ends');
  };
  expect(chain('immediate')).toEqual([1, 30]);
  expect(chain('high')).toEqual([2, 180]);
  expect(chain('normal')).toEqual([0, 240]);
  expect(chain('low')).toEqual([0, 1_440]);
});

test('what can wait is quiet until the quiet hours end, and its time runs from there', () => {
  expect(routeOf('normal', 0, 100, settings)).toEqual({
    deadline: 100 + 240 * MINUTE,
    warnAt: 100 + 180 * MINUTE,
    quietUntil: 100,
  });
  expect(routeOf('high', 0, 100, settings)).toMatchObject({ deadline: 60 * MINUTE, quietUntil: null });
});

test('one time for all is never stretched', () => {
  const all = { ...settings, deadlineMs: 500 };
  for (const urgency of URGENCIES) {
    expect(routeOf(urgency, 0, null, all).deadline).toBe(500);
    expect(afterDeadline(urgency, 0, 500, all)).toEqual({ step: 'deny' });
  }
});

test('a path of the ladder begins and climbs as it is set, and ends where nothing is louder', () => {
  const paths = { ...settings.paths, normal: { begins: 'badge' as const, louder: true } };
  const set = { ...settings, paths, escalations: 10 };
  const steps: string[] = [];
  for (let escalations = 0; escalations < 10; escalations++) {
    const { step } = afterDeadline('normal', escalations, 0, set);
    steps.push(step);
    if (step === 'deny') break;
  }
  expect(steps).toEqual(['raise', 'raise', 'raise', 'deny']);
  expect(
    afterDeadline('high', 0, 0, { ...set, paths: { ...paths, high: { begins: 'badge', louder: false } } }),
  ).toEqual({ step: 'deny' });
  // An open question keeps the path that it began on.
  expect(afterDeadline('normal', 0, 0, set, 'other')).toEqual({ step: 'deny' });
});

test('what is immediate never begins with the badge alone', () => {
  const found = Config.safeParse({ decisions: { paths: { immediate: { begins: 'badge' } } } });
  expect(found.success).toBe(false);
});
