import { expect, test } from 'vitest';
import { type Entry, findEntries } from './find.ts';

const entry = (name: string, more: Partial<Entry> = {}): Entry => ({
  id: name,
  name,
  group: 'Tenure',
  keys: [],
  also: '',
  why: null,
  run: () => undefined,
  ...more,
});
const ENTRIES = [
  entry('Pause all', { also: 'freeze' }),
  entry('Resume all', { why: 'Nothing is paused.' }),
  entry('Stop all…'),
  entry('Settings'),
  entry('Launch on atlas-api…', { group: 'Sessions' }),
];
const names = (text: string): string[] => findEntries(ENTRIES, text).map(({ name }) => name);

test('nothing typed: everything, what can be done first', () => {
  expect(names('')).toEqual(['Pause all', 'Stop all…', 'Settings', 'Launch on atlas-api…', 'Resume all']);
});

test.each([
  ['set', ['Settings']],
  ['all', ['Pause all', 'Stop all…', 'Resume all']],
  ['FREEZE', ['Pause all']],
  ['launch api', ['Launch on atlas-api…']],
  ['sessions', ['Launch on atlas-api…']],
  ['pa', ['Pause all']],
  ['nothing of it', []],
])('%s finds %j', (text, found) => expect(names(text)).toEqual(found));
