import { expect, test } from 'vitest';
import { RISKS, type Risk } from '../../shared/policy.ts';
import { classify } from './classify.ts';
import { HOME, machine, WORKTREE } from './corpus/context.ts';

const context = machine({}, { [`${WORKTREE}/out-link`]: HOME, [`${WORKTREE}/env-link`]: `${WORKTREE}/.env` });
const riskOf = (tool: string, input: unknown, cwd = WORKTREE): Risk => classify({ tool, input, cwd }, context).risk;

test.each<[Risk, string, unknown]>([
  ['read', 'Read', { file_path: `${WORKTREE}/src/a.ts` }],
  ['read', 'Read', { file_path: 'src/a.ts', offset: 1, limit: 5 }],
  ['read', 'Read', { file_path: `${HOME}/app/src/a.ts` }],
  ['read', 'Read', { file_path: '/usr/include/stdio.h' }],
  ['read', 'Read', { file_path: `${WORKTREE}/.env.example` }],
  ['read', 'Read', { file_path: `${WORKTREE}/.claude/settings.json` }],
  ['read', 'Read', { file_path: `${HOME}/.nvm/versions/node/v24/README.md` }],
  ['critical', 'Read', { file_path: `${WORKTREE}/.env` }],
  ['critical', 'Read', { file_path: `${WORKTREE}/env-link` }],
  ['critical', 'Read', { file_path: `${WORKTREE}/src/../.env.local` }],
  ['critical', 'Read', { file_path: '~/.ssh/id_rsa' }],
  ['critical', 'Read', { file_path: `${HOME}/.aws/credentials` }],
  ['critical', 'Read', { file_path: '/proc/self/environ' }],
  ['critical', 'Read', { file_path: '/data/tenure/tenure.db' }],
  ['critical', 'Read', { file_path: `${WORKTREE}/../s2/a.ts` }],
  ['high', 'Read', { file_path: `${HOME}/Documents/taxes.pdf` }],
  ['high', 'Read', { file_path: `${WORKTREE}/out-link/Documents/x` }],
  ['high', 'Read', { file_path: `${WORKTREE}/certs/server.key` }],
  ['high', 'Read', {}],
  ['high', 'Read', 'src/a.ts'],
  ['high', 'Read', null],
  ['high', 'Read', { file_path: ['a'] }],
  ['low', 'Write', { file_path: `${WORKTREE}/src/new.ts`, content: 'x' }],
  ['low', 'Edit', { file_path: 'src/a.ts', old_string: 'a', new_string: 'b' }],
  ['low', 'MultiEdit', { file_path: 'src/a.ts', edits: [{ old_string: 'a', new_string: 'b' }] }],
  ['low', 'NotebookEdit', { notebook_path: 'a.ipynb', new_source: 'x' }],
  ['low', 'Write', { file_path: 'README.md', content: '# Hi ✨' }],
  ['low', 'Write', { file_path: '.gitignore', content: 'dist' }],
  ['low', 'Write', { file_path: 'vite.config.ts', content: 'x' }],
  ['low', 'Write', { file_path: '.github/ISSUE_TEMPLATE/bug.md', content: 'x' }],
  ['medium', 'Edit', { file_path: 'CLAUDE.md', old_string: 'a', new_string: 'b' }],
  ['medium', 'Edit', { file_path: 'pyproject.toml', old_string: 'a', new_string: 'b' }],
  ['medium', 'Write', { file_path: 'node_modules/x/index.js', content: 'x' }],
  ['high', 'Write', { file_path: 'src/a.ts', content: 'if (admin\u202E) {' }],
  ['high', 'Edit', { file_path: 'package.json', old_string: 'a', new_string: 'b' }],
  ['high', 'Write', { file_path: '.npmrc', content: 'x' }],
  ['high', 'Write', { file_path: '.github/workflows/ci.yml', content: 'x' }],
  ['high', 'Write', { file_path: '.gitlab-ci.yml', content: 'x' }],
  ['high', 'Write', { file_path: '.husky/pre-commit', content: 'x' }],
  ['high', 'Write', { file_path: '.vscode/tasks.json', content: 'x' }],
  ['high', 'Write', { file_path: '.env', content: 'x' }],
  ['high', 'Write', { file_path: `${HOME}/app/src/a.ts`, content: 'x' }],
  ['high', 'Write', { file_path: '/tmp/x', content: 'x' }],
  ['high', 'Write', { file_path: `${HOME}/notes.txt`, content: 'x' }],
  ['critical', 'Write', { file_path: '.git/hooks/pre-commit', content: 'x' }],
  ['critical', 'Write', { file_path: '.GIT/config', content: 'x' }],
  ['critical', 'Edit', { file_path: 'sub/.git/config', old_string: 'a', new_string: 'b' }],
  ['critical', 'Write', { file_path: '.claude/agents/x.md', content: 'x' }],
  ['critical', 'Write', { file_path: `${HOME}/.claude.json`, content: 'x' }],
  ['critical', 'Write', { file_path: '~/.zshrc', content: 'x' }],
  ['critical', 'Write', { file_path: 'out-link/.bashrc', content: 'x' }],
  ['critical', 'Write', { file_path: `${HOME}/Library/LaunchAgents/x.plist`, content: 'x' }],
  ['critical', 'Write', { file_path: '/etc/hosts', content: 'x' }],
  ['critical', 'Write', { file_path: '/opt/tenure/out/main/index.js', content: 'x' }],
  ['critical', 'Write', { file_path: '/data/tenure/config.jsonc', content: 'x' }],
  ['read', 'Glob', { pattern: '**/*.ts' }],
  ['read', 'Glob', { pattern: 'src/**/*.{ts,tsx}', path: WORKTREE }],
  ['read', 'Glob', { pattern: '**/.env*' }],
  ['high', 'Glob', { pattern: '**/*.pem', path: HOME }],
  ['high', 'Glob', { pattern: `${HOME}/**/*` }],
  ['read', 'Grep', { pattern: 'TODO', path: 'src', output_mode: 'content' }],
  ['read', 'Grep', { pattern: 'API_KEY' }],
  ['critical', 'Grep', { pattern: '.', glob: '.env*', output_mode: 'content' }],
  ['critical', 'Grep', { pattern: 'x', path: '.env' }],
  ['critical', 'Grep', { pattern: 'password', path: HOME, output_mode: 'content' }],
  ['critical', 'Grep', { pattern: 'x', path: '/data/tenure' }],
  ['read', 'LS', { path: WORKTREE }],
  ['high', 'LS', { path: HOME }],
  ['medium', 'WebFetch', { url: 'https://example.com/a?b=c', prompt: 'x' }],
  ['medium', 'WebSearch', { query: 'vitest each' }],
  ['medium', 'WebFetch', { url: 'http://localhost:3000/' }],
  ['critical', 'WebFetch', { url: 'http://127.0.0.1:4517/' }],
  ['critical', 'WebFetch', { url: 'http:127.0.0.1:4517' }],
  ['critical', 'WebFetch', { url: 'http:\\\\localhost:4517\\' }],
  ['critical', 'WebFetch', { url: 'http://169.254.169.254/latest' }],
  ['critical', 'WebFetch', { url: 'file:///etc/shadow' }],
  ['high', 'WebFetch', { url: `https://e.com/?d=${'a'.repeat(700)}` }],
  ['high', 'WebFetch', { url: 'https://user:pass@e.com/' }],
  ['high', 'WebFetch', {}],
  ['read', 'Task', { description: 'x', prompt: 'rm -rf ~' }],
  ['read', 'Agent', { description: 'x', prompt: 'y', subagent_type: 'Explore' }],
  ['critical', 'Agent', { description: 'x', prompt: 'y', mode: 'bypassPermissions' }],
  ['high', 'Agent', { description: 'x', prompt: 'y', isolation: 'remote' }],
  ['read', 'TodoWrite', { todos: [] }],
  ['read', 'AskUserQuestion', { questions: [] }],
  ['read', 'StructuredOutput', { a: 1 }],
  ['read', 'ExitPlanMode', {}],
  ['read', 'BashOutput', { bash_id: '1' }],
  ['low', 'KillShell', { shell_id: '1' }],
  ['medium', 'Skill', { skill: 'x' }],
  ['high', 'CronCreate', { cron: '* * * * *', prompt: 'x' }],
  ['critical', 'Artifact', { file_path: 'a.html' }],
  ['medium', 'Artifact', { action: 'list' }],
  ['critical', 'Config', { key: 'x' }],
  ['high', 'mcp__ide__executeCode', { code: 'x' }],
  ['high', 'mcp__github__create_issue', {}],
  ['critical', 'mcp__stripe__create_payment', {}],
  ['high', 'SomethingNew', { a: 1 }],
  ['high', 'bash', { command: 'ls' }],
  ['high', 'constructor', {}],
  ['high', '__proto__', {}],
  ['high', 'PowerShell', { command: 'ls' }],
  ['read', 'Bash', { command: 'ls', description: 'rm -rf ~' }],
  ['high', 'Bash', { command: 'ls', dangerouslyDisableSandbox: true }],
  ['high', 'Bash', {}],
  ['high', 'Bash', { command: 5 }],
  ['critical', 'Monitor', { command: 'rm -rf ~', timeout_ms: 1, description: 'x' }],
  ['read', 'Monitor', { command: 'tail -f app.log', timeout_ms: 1, description: 'x' }],
])('%s: %s %j', (risk, tool, input) => {
  expect(riskOf(tool, input)).toBe(risk);
});

test('a relative directory is no directory', () => {
  expect(RISKS.indexOf(riskOf('Bash', { command: 'ls' }, 'src'))).toBeGreaterThanOrEqual(RISKS.indexOf('high'));
});

test('a file tool says what it does to which file', () => {
  const found = classify(
    { tool: 'Edit', input: { file_path: 'src/a.ts', old_string: 'one', new_string: 'two' }, cwd: WORKTREE },
    context,
  );
  expect(found).toMatchObject({
    summary: 'Edit src/a.ts',
    detail: 'src/a.ts\none\ntwo',
    risk: 'low',
    irreversible: false,
    hardDeny: null,
  });
  expect(found.reasons).toEqual([{ code: 'edits_worktree', text: 'Writes src/a.ts inside the work tree.' }]);
});

test('a subagent without permission checks is never asked about', () => {
  const found = classify({ tool: 'Agent', input: { mode: 'bypassPermissions', prompt: 'x' }, cwd: WORKTREE }, context);
  expect(found.hardDeny?.code).toBe('unchecked_agent');
});
