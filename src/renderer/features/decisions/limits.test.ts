import { expect, test } from 'vitest';
import { limitsIn, limitValue, limitWords, warningsOf } from './limits.ts';

type Kind = 'whole' | 'number' | 'time' | 'part';
const field = (key: string, value: unknown, kind: Kind = 'whole', empty: string | null = null) => ({
  key: `decisions.${key}`,
  value,
  kind,
  empty,
});

test('the limits stand in their order, and nothing else', () => {
  const fields = [field('quietHours', null, 'part', 'none'), field('holdMs', 1, 'time'), field('auto.perHour', 5)];
  expect(limitsIn(fields).map(({ key }) => key)).toEqual(['decisions.auto.perHour', 'decisions.quietHours']);
});

test.each([
  [field('failures.rate', 0.3, 'number'), '30 %'],
  [field('timeouts.highMs', 3_600_000, 'time'), '1 h'],
  [field('sessionActions', null, 'whole', 'no limit'), 'no limit'],
  [field('quietHours', { from: '22:00', to: '07:00' }, 'part', 'none'), '22:00 to 07:00'],
  [field('auto.perHour', 0), '0'],
])('%j is shown as %s and read back', (limit, words) => {
  expect(limitWords(limit)).toBe(words);
  expect(limitValue(limit, limit.value === null ? '' : words)).toEqual(limit.value);
});

test('what cannot be read stays what it is: the gate says what it expected', () => {
  expect(limitValue(field('auto.perHour', 5), 'many')).toBe('many');
  expect(limitValue(field('timeouts.highMs', 5, 'time'), 'soon')).toBe('soon');
  expect(limitValue(field('failures.rate', 0.3, 'number'), 'x%')).toBe('x%');
});

test('limits that do little are named; the defaults are in range', () => {
  const ordinary = [
    field('auto.perHour', 50),
    field('auto.minScore', 800),
    field('auto.failureWindowMs', 86_400_000, 'time'),
    field('failures.rate', 0.3, 'number'),
    field('failures.windowMs', 3_600_000, 'time'),
    field('failures.min', 20),
    field('undoMs', 3_000, 'time'),
    field('escalations', 3),
    field('timeouts.immediateMs', 900_000, 'time'),
    field('timeouts.highMs', 3_600_000, 'time'),
    field('timeouts.normalMs', 14_400_000, 'time'),
    field('timeouts.lowMs', 86_400_000, 'time'),
  ];
  expect([...warningsOf(ordinary)]).toEqual([]);
  const odd = [
    field('auto.perHour', 5_000),
    field('failures.rate', 0.9, 'number'),
    field('undoMs', 0, 'time'),
    field('timeouts.immediateMs', 5_000, 'time'),
    field('timeouts.highMs', 3_600_000, 'time'),
    field('timeouts.normalMs', 60_000, 'time'),
  ];
  expect([...warningsOf(odd).keys()]).toEqual([
    'decisions.auto.perHour',
    'decisions.failures.rate',
    'decisions.undoMs',
    'decisions.timeouts.immediateMs',
    'decisions.timeouts.normalMs',
  ]);
  expect(warningsOf(odd).get('decisions.timeouts.normalMs')).toBe('Shorter than that of what is more urgent (1 h).');
});
