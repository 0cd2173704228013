import { expect, test } from 'vitest';
import { classify } from './classify.ts';
import { machine, WORKTREE } from './corpus/context.ts';

const filesOf = (command: string) => classify({ tool: 'Bash', input: { command }, cwd: WORKTREE }, machine()).files;

test.each<[string, string[]]>([
  ['rm -rf build/out src/a.ts', ['build/out', 'src/a.ts']],
  ['rm notes.txt', ['notes.txt']],
  ['cat x > notes.txt; touch b', ['b', 'notes.txt', 'x']],
  ['node script.js --flag', ['script.js']],
  ['cat /etc/hosts', ['/etc/hosts']],
  // A message is no file, and neither are a remote and a branch.
  ['git commit -m x', []],
  // Nor is an option; a file of such a name is written as one.
  ['git add -A && git commit -m x', []],
  ['touch ./-A', ['-A']],
  ['git push origin main', []],
  ['npm test', []],
  // Known only when it runs.
  ['rm "$WHAT"', []],
])('%s names %j', (command, files) => {
  expect(filesOf(command)).toEqual(files);
});

test('what cannot be seen in a name is made visible, and a long list is bounded', () => {
  expect(filesOf('touch "a\u202eb"')).toEqual(['a⟪U+202E⟫b']);
  expect(filesOf(`touch ${Array.from({ length: 90 }, (_, n) => `f${n}`).join(' ')}`)).toHaveLength(40);
});

test('a file tool says what is replaced by what; one that is cut says nothing to compare', () => {
  const edit = (old_string: string) =>
    classify({ tool: 'Edit', input: { file_path: 'a.ts', old_string, new_string: 'two' }, cwd: WORKTREE }, machine());
  expect(edit('one').changes).toEqual([{ before: 'one', after: 'two' }]);
  expect(edit('x'.repeat(70_000)).changes).toEqual([]);
  const write = classify({ tool: 'Write', input: { file_path: 'a.ts', content: 'c' }, cwd: WORKTREE }, machine());
  expect(write.changes).toEqual([{ before: null, after: 'c' }]);
});
