import { expect, test } from 'vitest';
import { canonicalJson, hasBidi, hasControl, hasHidden, oneLine, visible } from './text.ts';

test('what a person would not see is made visible, the rest stays', () => {
  expect(visible('plain\ttext\n')).toBe('plain\ttext\n');
  expect(visible('a\u0000b\u001b[0m\u007f')).toBe('a␀b␛[0m␡');
  expect(visible('a\u202eb\u2066c')).toBe('a⟪U+202E⟫b⟪U+2066⟫c');
  expect(visible('a\u200bb\ufeffc\u00add')).toBe('a⟪U+200B⟫b⟪U+FEFF⟫c⟪U+00AD⟫d');
  expect(visible('é ü 日本 — “x”')).toBe('é ü 日本 — “x”');
  expect(visible('✨ ✔️ 👩‍💻 👍🏽 1️⃣')).toBe('✨ ✔️ 👩‍💻 👍🏽 1️⃣');
  expect(visible('a\u200dgit')).toBe('a⟪U+200D⟫git');
  expect(visible('\ud800')).toBe('⟪U+D800⟫');
});

test('hidden, bidirectional and control characters are told apart', () => {
  expect(hasHidden('ls')).toBe(false);
  expect(hasHidden('ls\r')).toBe(true);
  expect(hasBidi('a\u202eb')).toBe(true);
  expect(hasBidi('a\u200bb')).toBe(false);
  expect(hasControl('a\r\n\tb')).toBe(false);
  expect(hasControl('a\u001bb')).toBe(true);
});

test('one line is one line, and short', () => {
  expect(oneLine(' a \n\n b\tc ')).toBe('a ⏎ b c');
  expect(oneLine('x'.repeat(300), 10)).toBe(`${'x'.repeat(9)}…`);
  expect(oneLine(`${'x'.repeat(8)}💥💥`, 10)).toBe(`${'x'.repeat(8)}…`);
});

test('canonical JSON knows no order of keys and refuses what is no JSON', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true, e: undefined })).toBe(
    '{"a":true,"b":[1,{"c":"x","d":null}]}',
  );
  for (const value of [undefined, () => 1, Symbol('x'), 1n, Number.NaN, new Map(), new Date(0), [undefined]])
    expect(() => canonicalJson(value)).toThrow(TypeError);
});
