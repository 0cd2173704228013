import { expect, test } from 'vitest';
import { ScoreSettings } from '../../../shared/score-settings.ts';
import { isOfScore, textOf, valueOf, withRule } from './drafts.ts';

test.each([
  ['whole', '12', 12],
  ['whole', 'many', 'many'],
  ['number', '0.5', 0.5],
  ['number', '', ''],
  ['time', ' 10 min ', '10 min'],
  ['list', 'a\n\n b ', ['a', 'b']],
  ['list', '', []],
  ['map', '', {}],
  ['json', '[{', '[{'],
  ['text', ' x ', 'x'],
] as const)('%s: %j is %j', (kind, text, value) => expect(valueOf({ kind, empty: null }, text)).toEqual(value));

test('nothing is null where null means something', () => {
  expect(valueOf({ kind: 'whole', empty: 'no limit' }, '  ')).toBeNull();
  expect(textOf({ kind: 'whole' }, null)).toBe('');
});

test.each([
  ['time', 5_400_000, '90 min'],
  ['list', ['a', 'b'], 'a\nb'],
  ['number', 0.5, '0.5'],
  ['map', { a: 'b' }, '{\n  "a": "b"\n}'],
] as const)('%s: %j stands as %j', (kind, value, text) => expect(textOf({ kind }, value)).toBe(text));

test('another value for one rule of the score leaves the others and what is in force as they are', () => {
  const inForce = ScoreSettings.parse({});
  const draft = withRule(inForce, 'trust.score.points.failed.points', -99);
  expect(draft).toEqual({
    ...inForce,
    points: { ...inForce.points, failed: { ...inForce.points.failed, points: -99 } },
  });
  expect(withRule(draft, 'trust.score.perDay', 7).perDay).toBe(7);
  expect(inForce).toEqual(ScoreSettings.parse({}));
  expect(isOfScore('trust.window.size')).toBe(false);
});
