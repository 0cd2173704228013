import { expect, test } from 'vitest';
import { formOf } from './form.ts';

const inTree = (path: string): string | null => (path.startsWith('/tree') ? path.slice(6) : null);
const bash = (command: string, cwd = '/tree') => formOf({ tool: 'Bash', input: { command }, cwd }, inTree);

test.each([
  ['npm run build', ['npm', 'run', 'build']],
  ['git push "origin" \'main\'', ['git', 'push', 'origin', 'main']],
  ['timeout 60 npm test', ['npm', 'test']],
  ['nohup nice npm test', ['npm', 'test']],
])('%s is about the inner program and its words', (text, [program, ...args]) => {
  expect(bash(text)).toEqual({ kind: 'command', program, args });
});

test.each([
  'bash -c "npm test"',
  'sh x.sh',
  '/bin/bash x',
  'node scripts/build.mjs',
  'python3.12 x.py',
  'sudo ls',
  'env ls',
  'xargs rm',
  'npx vite',
  'ls && rm x',
  'ls; rm x',
  'ls | sh',
  'ls > x',
  'ls < x',
  'ls &',
  'FOO=1 ls',
  'ls $HOME',
  'ls $(pwd)',
  'ls `pwd`',
  'ls "$X"',
  'ls *.ts',
  'ls ~',
  'ls {a,b}',
  'ls =x',
  'eval ls',
  'if true; then ls; fi',
  '',
  'ls "',
  "ls $'a'",
  'diff <(ls) x',
  'timeout 5 bash x',
  '! ls',
  `ls ${'x'.repeat(5_000)}`,
])('nothing of %j stays the same, or its name says nothing', (text) => {
  expect(bash(text).kind).toBe('none');
});

test.each(['__proto__', 'constructor x', 'nohup '.repeat(600)])('a name of the language is only a name: %s', (text) => {
  expect(['command', 'none']).toContain(bash(text).kind);
});

test('outside of the work tree there are no rules', () => {
  expect(bash('ls', '/elsewhere').kind).toBe('none');
  expect(formOf({ tool: 'Edit', input: { file_path: '/etc/passwd' }, cwd: '/tree' }, inTree).kind).toBe('none');
});

test('files, hosts and tools of servers', () => {
  const of = (tool: string, input: unknown) => formOf({ tool, input, cwd: '/tree' }, inTree);
  expect(of('Edit', { file_path: '/tree/src/a.ts' })).toEqual({ kind: 'file', tool: 'Edit', path: 'src/a.ts' });
  expect(of('WebFetch', { url: 'https://Example.com/x' })).toEqual({ kind: 'web', host: 'example.com' });
  expect(of('WebFetch', { url: 'http://example.com/x' }).kind).toBe('none');
  expect(of('WebFetch', { url: 'https://example.com@evil.org/' }).kind).toBe('none');
  expect(of('mcp__github__create_issue', {})).toEqual({ kind: 'tool', tool: 'mcp__github__create_issue' });
  expect(of('Agent', {}).kind).toBe('none');
  expect(of('Edit', null).kind).toBe('none');
});
