import { expect, test } from 'vitest';
import { formOf, mentionsOf } from './form.ts';

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

test.each([
  './run.sh',
  'sub/x',
  '/usr/bin/make',
  'npm exec x',
  'pnpm dlx x',
  'yarn dlx x',
  'npm --silent run build',
  'git -C x push',
  'git -c a=b push',
  'git bisect run x',
  'uv run x',
  'go run x',
  'timeout -k 5 60 git push',
  'nice -n 5 git push',
  'setsid bash x',
  'flock l x',
  'psql -c x',
  'builtin eval x',
])('%s runs something that its words do not settle', (text) => {
  expect(bash(text).kind).toBe('none');
});

test.each([
  ['npm run build; true', 'npm run build'],
  ['CI=1 npm run build > log.txt', 'npm run build'],
  ['time npm --silent run build', 'npm run build'],
  ['if true; then (timeout -k 5 60 npm run build | tee x); fi', 'npm run build'],
  ['echo "$(npm run build)"', 'npm run build'],
  ['npm run "$X"', 'npm run ?'],
  ['cat ./docs/../docs/x.md', 'cat docs/x.md'],
])('%s names %s', (command, expected) => {
  const named = mentionsOf({ tool: 'Bash', input: { command }, cwd: '/tree' });
  expect(named.map(({ program, args }) => [program, ...args.map((arg) => arg ?? '?')].join(' '))).toContain(expected);
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
  for (const url of [
    'https://example.com@evil.org/',
    'https://example.com:443@evil.org/',
    'https://example.com:a@10.0.0.1/',
    'https://example.com:8443/',
    'x',
  ])
    expect(of('WebFetch', { url }).kind).toBe('none');
  expect(of('mcp__github__create_issue', {})).toEqual({ kind: 'tool', tool: 'mcp__github__create_issue' });
  expect(of('Agent', {}).kind).toBe('none');
  expect(of('Edit', null).kind).toBe('none');
});
