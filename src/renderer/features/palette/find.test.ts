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
const names = (text: string, recent: readonly string[] = [], entries = ENTRIES): string[] =>
  findEntries(entries, text, recent).map(({ name }) => name);

test('nothing typed: everything, what can be done first', () => {
  expect(names('')).toEqual(['Pause all', 'Stop all…', 'Settings', 'Launch on atlas-api…', 'Resume all']);
});

test('nothing typed: what was done lately first, the newest above, and nothing of what is many', () => {
  const entries = [...ENTRIES, entry('Open a session', { many: true })];
  expect(names('', ['Settings', 'Open a session', 'Resume all', 'gone'], entries)).toEqual([
    'Settings',
    'Open a session',
    'Pause all',
    'Stop all…',
    'Launch on atlas-api…',
    'Resume all',
  ]);
  expect(findEntries(entries, '', ['Settings'])[0]?.group).toBe('Recent');
});

test.each([
  ['set', ['Settings']],
  ['all', ['Pause all', 'Stop all…', 'Resume all']],
  ['FREEZE', ['Pause all']],
  ['launch api', ['Launch on atlas-api…']],
  ['lnch', ['Launch on atlas-api…']],
  ['sessions', ['Launch on atlas-api…']],
  ['pa', ['Pause all']],
  ['sttgs', ['Settings']],
  ['nothing of it', []],
])('%s finds %j', (text, found) => expect(names(text)).toEqual(found));

const MORE = [
  entry('Answer atlas-api: git push', { also: 'approve deny decision' }),
  entry('Stop all…'),
  entry('Unstoppable'),
  entry('Stop atlas-web: Editing'),
  entry('Approve a decision', { group: 'Everything' }),
  entry('Stop a session', { group: 'Everything' }),
  entry('Health'),
  entry('Health: Keep for days', { group: 'Settings' }),
];

test.each([
  ['stop', ['Stop all…', 'Stop atlas-web: Editing', 'Stop a session', 'Unstoppable']],
  ['approve', ['Answer atlas-api: git push', 'Approve a decision']],
  ['health', ['Health', 'Health: Keep for days']],
])('%s gives what is meant first', (text, found) => expect(names(text, [], MORE)).toEqual(found));

test('of what fits alike, what was done lately comes first', () => {
  expect(names('stop', ['Stop atlas-web: Editing'], MORE)[0]).toBe('Stop atlas-web: Editing');
  expect(names('health', ['Health: Keep for days'], MORE)[0]).toBe('Health');
});
