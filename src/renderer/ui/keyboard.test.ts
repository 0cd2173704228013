import { expect, test } from 'vitest';
import { KEYS, keyWords, pressed } from './keyboard.ts';

test.each([
  ['l', 'L'],
  ['g s', 'G S'],
  ['shift+s', 'Shift+S'],
  ['mod+k', 'Ctrl+K'],
  ['mod+,', 'Ctrl+,'],
  ['?', '?'],
  ['ArrowDown', '↓'],
  ['Escape', 'Esc'],
  ['Home', 'Home'],
  ['1–9', '1–9'],
])('%s is written %s where there is no command key', (keys, words) => expect(keyWords(keys)).toBe(words));

test('what is named beside what it does', () => {
  expect(KEYS).toEqual({ approve: 'Ctrl+Enter', deny: 'Ctrl+Backspace', launch: 'Ctrl+Enter', undo: 'Ctrl+Z' });
});

const key = (name: string, held: Partial<Record<'metaKey' | 'ctrlKey' | 'shiftKey' | 'altKey', boolean>> = {}) =>
  pressed({ key: name, metaKey: false, ctrlKey: false, shiftKey: false, altKey: false, ...held });

test('a press is told in the same words', () => {
  expect(key('S', { shiftKey: true })).toBe('shift+s');
  // The question mark already says that the shift key is held.
  expect(key('?', { shiftKey: true })).toBe('?');
  expect([key('k', { metaKey: true }), key('k', { ctrlKey: true })]).toEqual(['mod+k', 'mod+k']);
  // The right Alt key of some keyboards comes with Ctrl, and writes letters.
  expect(key('q', { ctrlKey: true, altKey: true })).toBe('q');
});
