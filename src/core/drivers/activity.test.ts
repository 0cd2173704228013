import { expect, it } from 'vitest';
import { activityOf } from './activity.ts';

it.each([
  ['Edit', { file_path: '/repo/src/a.ts' }, 'Editing src/a.ts'],
  ['Write', { file_path: '/etc/hosts' }, 'Writing /etc/hosts'],
  ['Read', { file_path: 'README.md' }, 'Reading README.md'],
  ['Read', {}, 'Reading a file'],
  ['Bash', { command: '  npm test\necho done' }, 'Running npm test'],
  ['Bash', { command: 'x'.repeat(200) }, `Running ${'x'.repeat(91)}…`],
  ['Bash', null, 'Running a command'],
  ['WebFetch', { url: 'https://example.com/a/b?c' }, 'Fetching example.com'],
  ['WebFetch', { url: 'not a url' }, 'Fetching not a url'],
  ['Grep', { pattern: 'TODO' }, 'Searching for TODO'],
  ['Agent', { description: 'Look around' }, 'Asking a subagent: Look around'],
  ['mcp__mail__send', { to: 'x' }, 'Using mcp__mail__send'],
])('%s %j reads "%s"', (tool, input, words) => {
  expect(activityOf(tool, input, '/repo')).toBe(words);
});
