import { expect, test } from 'vitest';
import { pathIn } from './use-drop.ts';

test.each([
  ['/Users/ada/code/atlas', '/Users/ada/code/atlas'],
  ['  ~/code/my project\n', '~/code/my project'],
  ["'/home/ada/it is'", '/home/ada/it is'],
  ['file:///home/ada/caf%C3%A9', '/home/ada/café'],
  ['file:///home/ada/100%', '/home/ada/100%'],
  ['a prompt', null],
  ['https://example.com/', null],
  ['~other', null],
  ['/one\n/two', null],
  ['', null],
])('%j is the path %j', (text, path) => expect(pathIn(text)).toBe(path));
