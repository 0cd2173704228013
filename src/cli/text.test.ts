import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { list, oneLine, readable, table } from './text.ts';

test('what would steer the terminal is written out', () => {
  expect(readable('rm \u001b[2Kx\u202e.txt\r')).toBe(
    'rm ‹escape (U+001B)›[2Kx‹right-to-left override (U+202E)›.txt‹carriage return (U+000D)›',
  );
  expect(readable('a\n\tb')).toBe('a\n\tb');
  expect(oneLine(' a\n\tb\u0007 ')).toBe('a b‹U+0007›');
});

test('a table lines up under its names, cuts long cells and says when it is empty', () => {
  const text = stripVTControlCharacters(
    table(
      ['id', 'what'],
      [
        ['a', 'x'.repeat(100)],
        ['long-id', 'y'],
      ],
      'none',
    ),
  );
  expect(text.split('\n')).toEqual(['id       what', `a        ${'x'.repeat(71)}…`, 'long-id  y']);
  expect(table(['id'], [], 'none')).toBe('none');
});

test('a list leaves out what is not there', () => {
  expect(
    stripVTControlCharacters(
      list([
        ['a', '1'],
        ['bbb', null],
        ['cc', '2'],
      ]),
    ),
  ).toBe('a   1\ncc  2');
});
