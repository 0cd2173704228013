import { expect, test } from 'vitest';
import { reveal } from './reveal.ts';

const hiddenIn = (text: string) => reveal(text).flatMap((piece) => piece.hidden ?? []);

test('plain text stays one piece, with its lines, umlauts and emoji', () => {
  const text = 'git commit -m "Grüße, 世界 🙂"\nls -la';
  expect(reveal(text)).toEqual([{ text, hidden: null }]);
});

test.each([
  ['\u202e', 'right-to-left override (U+202E)'],
  ['\u2066', 'left-to-right isolate (U+2066)'],
  ['\u200b', 'zero-width space (U+200B)'],
  ['\u00a0', 'no-break space (U+00A0)'],
  ['\u001b', 'escape (U+001B)'],
  ['\r', 'carriage return (U+000D)'],
  ['\t', 'tab (U+0009)'],
  ['\u3164', 'U+3164'],
  ['\u{e0041}', 'U+E0041'],
  ['\ufe0f', 'U+FE0F'],
  ['\ud800', 'U+D800'],
])('%j is marked', (char, name) => {
  expect(reveal(`rm${char}x`)).toEqual([
    { text: 'rm', hidden: null },
    { text: char, hidden: name },
    { text: 'x', hidden: null },
  ]);
});

test('nothing is lost or reordered', () => {
  const text = 'echo \u202e"txt.exe"\u202c && \u200brm -rf x';
  expect(
    reveal(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
  expect(hiddenIn(text)).toHaveLength(3);
});
