import { describe, expect, it } from 'vitest';
import {
  canStart,
  defaultName,
  expandHome,
  isWithin,
  type Look,
  problemWith,
  whyNotFolder,
  whyNotProject,
} from './rules.ts';

const candidate = {
  path: '/code/app',
  place: { kind: 'tree', top: '/code/app' },
  home: '/home/p',
  own: ['/var/tenure'],
} as const;

describe('whyNotProject', () => {
  it('takes the top level of a work tree', () => expect(whyNotProject(candidate)).toBeNull());

  it.each([
    ['the home folder', { path: '/home/p', place: { kind: 'tree', top: '/home/p' } }, /your home folder/],
    ['Tenure’s own folder', { path: '/var/tenure' }, /inside Tenure's own data/],
    ['a folder in it', { path: '/var/tenure/worktrees/x' }, /inside Tenure's own data/],
    ['a folder that holds it', { path: '/var' }, /holds Tenure's own data \(\/var\/tenure\)/],
    ['a subfolder', { path: '/code/app/src' }, /inside the repository "\/code\/app". Add "\/code\/app" instead/],
    ['a bare repository', { place: { kind: 'bare' } }, /bare repository.*Clone it/],
    ['a .git folder', { place: { kind: 'git_dir' } }, /own \.git folder/],
    ['no repository', { place: { kind: 'none' } }, /not a git repository. Run "git init"/],
    ['what git refuses', { place: { kind: 'failed', detail: 'detected dubious ownership' } }, /dubious ownership/],
  ] as const)('refuses %s', (_name, part, sentence) => {
    expect(whyNotProject({ ...candidate, ...part })).toMatch(sentence);
  });
});

it('tells inside from beside', () => {
  expect(isWithin('/a/b', '/a/b')).toBe(true);
  expect(isWithin('/a/b', '/a/b/..c')).toBe(true);
  expect(isWithin('/a/b', '/a/bc')).toBe(false);
  expect(isWithin('/a/b', '/a')).toBe(false);
  expect(isWithin('/', '/a')).toBe(true);
});

it('says why a path is no folder to look into', () => {
  const looks: [Look, RegExp | null][] = [
    [{ kind: 'folder', real: '/x', hasGit: true }, null],
    [{ kind: 'missing' }, /There is nothing at "\/x"/],
    [{ kind: 'file' }, /is a file/],
    [{ kind: 'denied' }, /may not read "\/x"/],
    [{ kind: 'failed', code: 'ELOOP' }, /ELOOP/],
  ];
  for (const [look, sentence] of looks) {
    const said = whyNotFolder('/x', look);
    if (sentence === null) expect(said).toBeNull();
    else expect(said).toMatch(sentence);
  }
});

it('says why a registered project cannot be used now', () => {
  expect(problemWith('/x', { kind: 'folder', real: '/x', hasGit: true })).toBeNull();
  expect(problemWith('/x', { kind: 'folder', real: '/x', hasGit: false })).toMatch(/no longer a git repository/);
  expect(problemWith('/x', { kind: 'folder', real: '/y', hasGit: true })).toMatch(/now leads to "\/y"/);
  expect(problemWith('/x', { kind: 'missing' })).toMatch(/moved or deleted/);
  expect(problemWith('/x', { kind: 'denied' })).toMatch(/may not read/);
});

it('lets nothing start on a project with a problem or without a commit', () => {
  expect(canStart({ name: 'app', problem: null, hasCommit: true })).toBeNull();
  expect(canStart({ name: 'app', problem: null, hasCommit: false })).toMatch(/"app" has no commit yet.*first commit/);
  expect(canStart({ name: 'app', problem: 'It is gone.', hasCommit: false })).toBe('It is gone.');
});

it('names a project after its folder, made unique whatever the case, never too long', () => {
  expect(defaultName('app', [])).toBe('app');
  expect(defaultName('App', ['app', 'APP-2'])).toBe('App-3');
  expect(defaultName('  ', [])).toBe('project');
  const long = 'x'.repeat(200);
  expect(defaultName(long, [long.slice(0, 80)])).toBe(`${'x'.repeat(78)}-2`);
});

it('knows the person’s home', () => {
  expect(expandHome('~', '/home/p')).toBe('/home/p');
  expect(expandHome('~/code', '/home/p')).toBe('/home/p/code');
  expect(expandHome('~other/code', '/home/p')).toBe('~other/code');
});
