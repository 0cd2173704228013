import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { repositoryAt, type TestRepository, tempDir, testRepository } from '../../../test/builders.ts';
import { stampOfHead, stampOfTree } from './stamp.ts';

let repo: TestRepository;
let repository: string;
beforeEach(() => {
  repo = testRepository();
  repository = join(repo.path, '.git');
});

const ofHead = (tree = repo.path): string | null => stampOfHead(tree, repository);

describe('what is checked out', () => {
  test('stays while only other branches and files change', () => {
    const before = ofHead();
    expect(before).not.toBeNull();
    repo.git('branch', 'other');
    repo.write('draft.txt', 'x');
    repo.git('add', '.');
    repo.git('worktree', 'add', '--quiet', join(tempDir(), 'tree'), '-b', 'third');
    expect(ofHead()).toBe(before);
  });

  test.each<[string, () => unknown]>([
    ['a commit', () => repo.commit({ a: '1' })],
    ['another branch at the same commit', () => repo.git('checkout', '--quiet', '-b', 'other')],
    ['an upstream', () => repo.git('config', 'branch.main.merge', 'refs/heads/main')],
    ['packed branches', () => repo.git('pack-refs', '--all')],
  ])('is another with %s', (_what, change) => {
    const before = ofHead();
    change();
    expect(ofHead()).not.toBe(before);
    expect(ofHead()).not.toBeNull();
  });

  test('is seen where branches are packed, and in a linked tree', () => {
    repo.git('pack-refs', '--all');
    const packed = ofHead();
    expect(packed).not.toBeNull();
    const tree = join(tempDir(), 'tree');
    repo.git('worktree', 'add', '--quiet', tree, '-b', 'other');
    const linked = ofHead(tree);
    expect(linked).not.toBeNull();
    repositoryAt(tree, tempDir()).git('checkout', '--quiet', '-b', 'fourth');
    expect(ofHead(tree)).not.toBe(linked);
    expect(ofHead()).toBe(packed);
  });

  test('cannot be told of a detached HEAD, of a branch that stands for another, and where there is no repository', () => {
    repo.git('branch', 'real');
    repo.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/real');
    repo.git('symbolic-ref', 'HEAD', 'refs/heads/alias');
    expect(ofHead()).toBeNull();
    repo.git('checkout', '--quiet', '--detach', 'real');
    expect(ofHead()).toBeNull();
    expect(stampOfHead(tempDir(), repository)).toBeNull();
    // As git writes it where branches are kept in a table.
    repo.write('.git/HEAD', 'ref: refs/heads/.invalid\n');
    expect(ofHead()).toBeNull();
    rmSync(repository, { recursive: true });
    expect(ofHead()).toBeNull();
  });
});

describe('a tree', () => {
  let path: string;
  let tree: TestRepository;
  beforeEach(() => {
    repo.commit({ '.gitignore': '.env\n', 'a/b.txt': 'one\n' });
    path = join(tempDir(), 'tree');
    repo.git('worktree', 'add', '--quiet', path, '-b', 'session');
    tree = repositoryAt(path, tempDir());
  });
  const ofTree = (): string | null => stampOfTree(path, repository);

  test('stays while it is only looked at, and while others work', () => {
    const before = ofTree();
    expect(before).not.toBeNull();
    tree.git('--no-optional-locks', 'status');
    repo.commit({ other: '1' });
    repo.git('branch', 'more');
    expect(ofTree()).toBe(before);
  });

  test.each<[string, () => unknown]>([
    ['a new file', () => tree.write('new.txt', 'x')],
    ['a new empty folder', () => mkdirSync(join(path, 'a/c'))],
    ['a file that git ignores', () => tree.write('.env', 'TOKEN=1')],
    ['a changed file', () => appendFileSync(join(path, 'a/b.txt'), 'two\n')],
    [
      'a changed file of the same size and time',
      () => {
        const { atime, mtime } = statSync(join(path, 'a/b.txt'));
        writeFileSync(join(path, 'a/b.txt'), 'two\n');
        utimesSync(join(path, 'a/b.txt'), atime, mtime);
      },
    ],
    ['a removed file', () => rmSync(join(path, 'a/b.txt'))],
    ['a renamed file', () => renameSync(join(path, 'a/b.txt'), join(path, 'a/c.txt'))],
    ['other rights', () => chmodSync(join(path, 'a/b.txt'), 0o755)],
    ['something staged', () => tree.git('rm', '--quiet', '--cached', 'a/b.txt')],
    ['a commit without a file', () => tree.git('commit', '--quiet', '--allow-empty', '-m', 'x')],
    ['another branch', () => tree.git('checkout', '--quiet', '-b', 'other')],
  ])('is another with %s', (_what, change) => {
    const before = ofTree();
    change();
    expect(ofTree()).not.toBe(before);
  });

  test('in which a pipe lies for git’s own file is left to git, and not waited for', () => {
    rmSync(join(path, '.git'));
    execFileSync('mkfifo', [join(path, '.git')]);
    expect(ofTree()).toBeNull();
  });

  test('of more than a thousand entries is left to git', () => {
    for (let n = 0; n < 1_001; n++) writeFileSync(join(path, `file-${n}`), '');
    expect(ofTree()).toBeNull();
  });
});
