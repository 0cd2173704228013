import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ActionView, TextChange } from '../../../shared/contract/decisions.ts';
import { changeOf } from './change-lines.ts';

const action = (changes: TextChange[], detail?: string): ActionView => {
  const content = changes.flatMap(({ before, after }) => (before === null ? [after] : [before, after]));
  return { tool: 'Edit', summary: 'Edit a.ts', detail: detail ?? ['a.ts', ...content].join('\n'), cwd: '/w', changes };
};
const told = (changes: TextChange[]): string[] | undefined =>
  changeOf(action(changes))?.lines.map(({ kind, text }) => `${kind} ${text}`);

test('what both texts share is context, cut to two lines; the rest is removed, then added', () => {
  expect(told([{ before: '1\n2\n3\nold\n4', after: '1\n2\n3\nnew\nmore\n4' }])).toEqual([
    'gap 1 unchanged line',
    'context 2',
    'context 3',
    'removed old',
    'added new',
    'added more',
    'context 4',
  ]);
  expect(told([{ before: null, after: 'a\nb' }])).toEqual(['added a', 'added b']);
  expect(told([{ before: 'gone', after: '' }])).toEqual(['removed gone']);
});

test('several changes of one call stand one after the other', () => {
  const two = [
    { before: 'a', after: 'b' },
    { before: 'c', after: 'd' },
  ];
  expect(told(two)).toEqual(['removed a', 'added b', 'gap and', 'removed c', 'added d']);
});

test('nothing is compared where the parts are not the exact call', () => {
  const change = { before: 'key=[redacted]', after: 'b' };
  expect(changeOf(action([change], 'a.ts\nkey=other\nb'))).toBeNull();
  expect(changeOf(action([], 'ls'))).toBeNull();
});

test('whatever changes: no line of the old text that is not in the new is left out, and the other way round', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const change = changeOf(action([{ before, after }]));
      expect(change?.path).toBe('a.ts');
      const of = (kind: string) => (change?.lines ?? []).filter((line) => line.kind === kind).length;
      const count = (one: string) => (one === '' ? 0 : one.split('\n').length);
      expect(of('added') - of('removed')).toBe(count(after) - count(before));
      if (before !== after && count(before) + count(after) > 0) expect(of('added') + of('removed')).toBeGreaterThan(0);
    }),
  );
});
