import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitEnv, repositoryAt, tempDir, testRepository } from '../../../test/builders.ts';
import { createGit } from './git.ts';
import { createSpawner } from './spawner.ts';

const home = tempDir('home');
const git = createGit({ spawner: createSpawner(), env: gitEnv(home) });

describe('place', () => {
  it('names the top level of a work tree, from a subfolder too, whatever the folder is called', async () => {
    const repo = testRepository({ name: 'it\'s a "tree"\n-with lines' });
    repo.write('deep/er/file', '');
    expect(await git.place(join(repo.path, 'deep/er'))).toEqual({ kind: 'tree', top: repo.path });
  });

  it('tells a bare repository, a git directory and no repository apart', async () => {
    const repo = testRepository();
    const bare = join(tempDir(), 'bare.git');
    repo.git('clone', '--quiet', '--bare', '.', bare);
    expect(await git.place(bare)).toEqual({ kind: 'bare' });
    expect(await git.place(join(repo.path, '.git'))).toEqual({ kind: 'git_dir' });
    expect(await git.place(tempDir())).toEqual({ kind: 'none' });
  });

  it('passes on what git says about anything else', async () => {
    const place = await git.place('/nowhere/at/all');
    expect(place).toMatchObject({ kind: 'failed', detail: expect.stringContaining('/nowhere/at/all') });
  });
});

describe('state', () => {
  it('lists staged, changed, deleted, untracked and odd names, each once', async () => {
    const repo = testRepository();
    repo.commit({ 'a.txt': 'a', 'gone.txt': 'x', 'old name.txt': 'same content', '.gitignore': 'ignored/\n' });
    repo.write('a.txt', 'b');
    repo.write('new dir/ä "quoted"\nname.txt', 'x');
    repo.write('new dir/two', 'x');
    repo.write('ignored/x', 'x');
    repo.git('rm', '--quiet', 'gone.txt');
    repo.git('mv', 'old name.txt', 'new name.txt');
    const state = await git.state(repo.path);
    expect(state.head).toEqual({ commit: repo.head(), branch: 'main' });
    expect(state.changes.map((change) => change.path).toSorted()).toEqual([
      'a.txt',
      'gone.txt',
      'new dir/two',
      'new dir/ä "quoted"\nname.txt',
      'new name.txt',
      'old name.txt',
    ]);
  });

  it('knows an empty repository, a detached HEAD and a branch with slashes', async () => {
    const empty = testRepository({ empty: true });
    expect((await git.state(empty.path)).head).toEqual({ commit: null, branch: 'main' });
    const repo = testRepository();
    repo.git('switch', '--quiet', '--create', 'feature/with/slashes');
    expect((await git.state(repo.path)).head.branch).toBe('feature/with/slashes');
    repo.git('switch', '--quiet', '--detach');
    expect((await git.state(repo.path)).head).toEqual({ commit: repo.head(), branch: null });
  });

  it('reads a conflict', async () => {
    const repo = testRepository();
    repo.commit({ f: 'base' });
    repo.git('switch', '--quiet', '--create', 'other');
    repo.commit({ f: 'other' });
    repo.git('switch', '--quiet', 'main');
    repo.commit({ f: 'main' });
    expect(() => repo.git('merge', 'other')).toThrow();
    expect((await git.state(repo.path)).changes.map((change) => change.path)).toEqual(['f']);
  });
});

describe('between two commits', () => {
  it('counts files and lines; a rename is one file, a binary file has no lines, nothing is zero', async () => {
    const repo = testRepository();
    const base = repo.commit({
      'a.txt': '1\n2\n3\n',
      'long.txt': 'line\n'.repeat(50),
      'b.bin': Buffer.from([0, 1, 2]),
    });
    repo.git('mv', 'long.txt', 'moved.txt');
    repo.write('a.txt', '1\n2\nthree\nfour\n');
    const head = repo.commit({ 'b.bin': Buffer.from([0, 9, 9, 9]) });
    expect(await git.diffSize(repo.path, base, head)).toEqual({ files: 3, insertions: 2, deletions: 1 });
    expect(await git.diffSize(repo.path, base, base)).toEqual({ files: 0, insertions: 0, deletions: 0 });
    expect(await git.countCommits(repo.path, base, head)).toBe(1);
    expect(await git.isAncestor(repo.path, base, head)).toBe(true);
    expect(await git.isAncestor(repo.path, head, base)).toBe(false);
  });

  it('tells what is binary by its content alone, committed and on the disk', async () => {
    const repo = testRepository();
    const base = repo.commit({ 'a.txt': '1\n2\n', 'b.bin': Buffer.from([0, 1, 2]) });
    const head = repo.commit({ '.gitattributes': '* binary\n', 'a.txt': '1\nnew\n', 'b.bin': Buffer.from([0, 9]) });
    repo.write('a.txt', '1\nnewer\nlast\n');
    repo.write('c.txt', 'c\n');
    repo.write('d.bin', Buffer.from([0, 7]));
    const lines = async (range: { from: string; to: string | null }) =>
      (await git.changedFiles(repo.path, range)).map(({ path, added, removed }) => [path, added, removed]);
    expect(await lines({ from: base, to: head })).toEqual([
      ['.gitattributes', 1, 0],
      ['a.txt', 1, 1],
      ['b.bin', null, null],
    ]);
    expect(await lines({ from: head, to: null })).toEqual([
      ['a.txt', 2, 1],
      ['c.txt', 1, 0],
      ['d.bin', null, null],
    ]);
    expect(await git.diffSize(repo.path, base, head)).toEqual({ files: 3, insertions: 2, deletions: 1 });
  });

  it('refuses with git’s own words when a commit is not there', async () => {
    const repo = testRepository();
    const unknown = '1'.repeat(40);
    expect(await git.commitAt(repo.path, unknown)).toBeNull();
    await expect(git.isAncestor(repo.path, unknown, 'HEAD')).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(unknown),
    });
  });
});

describe('a repository that nobody vouches for', () => {
  it('runs no hook, no file-system monitor, no external diff and no text conversion', async () => {
    const repo = testRepository();
    const ran = join(tempDir(), 'ran');
    const program = (path: string): string => {
      repo.write(path, `#!/bin/sh\necho ${path} >> ${ran}\n`);
      chmodSync(join(repo.path, path), 0o755);
      return join(repo.path, path);
    };
    const traces = (): string[] => (existsSync(ran) ? readFileSync(ran, 'utf8').trim().split('\n') : []);
    repo.write('.gitattributes', '*.txt diff=evil\n');
    repo.commit({ 'a.txt': 'one\n' });
    repo.commit({ 'a.txt': 'two\n' });
    const hooks = ['post-checkout', 'reference-transaction', 'post-index-change'].map((hook) => `.git/hooks/${hook}`);
    hooks.forEach(program);
    repo.git('config', 'core.hooksPath', join(repo.path, '.git/hooks'));
    repo.git('config', 'core.fsmonitor', program('.git/fsmonitor'));
    repo.git('config', 'diff.external', program('.git/external'));
    repo.git('config', 'diff.evil.textconv', program('.git/textconv'));

    // The traps are live: git as anybody runs it springs every one.
    repo.git('status');
    repo.git('diff', 'HEAD~1', 'HEAD');
    repo.git('diff', '--no-ext-diff', 'HEAD~1', 'HEAD');
    repo.git('worktree', 'add', '--quiet', join(tempDir(), 'sprung'));
    expect(new Set(traces())).toEqual(new Set([...hooks, '.git/fsmonitor', '.git/external', '.git/textconv']));

    rmSync(ran);
    const tree = join(tempDir(), 'tree');
    await git.place(repo.path);
    await git.state(repo.path);
    await git.diffSize(repo.path, 'HEAD~1', 'HEAD');
    await git.addTree(repo.path, { path: tree, branch: 'tenure/x', commit: 'HEAD' });
    await git.state(tree);
    await git.removeTree(repo.path, tree, { force: false });
    await git.deleteBranch(repo.path, 'tenure/x', repo.head());
    expect(traces()).toEqual([]);
  });

  it('is not led astray by GIT_ variables of our own environment', async () => {
    const repo = testRepository();
    const other = testRepository();
    const led = createGit({
      spawner: createSpawner(),
      env: { ...gitEnv(home), GIT_DIR: join(other.path, '.git'), GIT_WORK_TREE: other.path, GIT_INDEX_FILE: '/x' },
    });
    expect(await led.place(repo.path)).toEqual({ kind: 'tree', top: repo.path });
  });
});

describe('work trees and branches', () => {
  it('makes, lists, refuses to drop what is dirty, and drops', async () => {
    const repo = testRepository();
    const path = join(tempDir(), 'tree');
    await git.addTree(repo.path, { path, branch: 'tenure/ses_1', commit: repo.head() });
    expect((await git.linkedTrees(repo.path)).map((tree) => tree.path)).toEqual([repo.path, path]);
    expect(await git.commonDir(path)).toBe(join(repo.path, '.git'));
    expect((await git.state(path)).head).toEqual({ commit: repo.head(), branch: 'tenure/ses_1' });

    const tree = repositoryAt(path, home);
    tree.write('left', 'x');
    await expect(git.removeTree(repo.path, path, { force: false })).rejects.toMatchObject({ kind: 'refused' });
    const commit = tree.commit();
    expect(await git.commitsOnlyOn(repo.path, ['tenure/ses_1'], [])).toBe(1);
    await git.removeTree(repo.path, path, { force: false });
    expect(existsSync(path)).toBe(false);

    await expect(git.deleteBranch(repo.path, 'tenure/ses_1', repo.head())).rejects.toMatchObject({ kind: 'refused' });
    repo.git('merge', '--quiet', '--ff-only', 'tenure/ses_1');
    expect(await git.commitsOnlyOn(repo.path, ['tenure/ses_1'], [])).toBe(0);
    await git.deleteBranch(repo.path, 'tenure/ses_1', commit);
    expect(await git.commitAt(repo.path, 'refs/heads/tenure/ses_1')).toBeNull();
  });

  it('removes a tree that git was making when it was ended', async () => {
    const repo = testRepository();
    const path = join(tempDir(), 'tree');
    await git.addTree(repo.path, { path, branch: 'b', commit: 'HEAD' });
    repo.git('worktree', 'lock', '--reason', 'initializing', path);
    expect((await git.linkedTrees(repo.path)).at(-1)).toMatchObject({ path, branch: 'b', locked: 'initializing' });
    await git.removeTree(repo.path, path, { force: true });
    expect(await git.linkedTrees(repo.path)).toHaveLength(1);
  });
});

it('finds the programs of the person without which a tree cannot be written', async () => {
  const repo = testRepository();
  const bin = tempDir('bin');
  writeFileSync(join(bin, 'big-files'), '#!/bin/sh\nexec cat\n', { mode: 0o755 });
  repo.git('config', 'filter.big.clean', 'cat');
  repo.git('config', 'filter.big.smudge', 'big-files');
  repo.git('config', 'filter.big.required', 'true');
  repo.commit({ '.gitattributes': '*.bin filter=big\n', 'a.bin': 'x' });
  const env = { ...gitEnv(home), PATH: '/usr/bin:/bin' };
  const tree = { path: join(tempDir(), 'tree'), branch: 'b', commit: 'HEAD' };
  await expect(createGit({ spawner: createSpawner(), env }).addTree(repo.path, tree)).rejects.toThrow(/big-files/);
  repo.git('branch', '-D', 'b');
  const found = createGit({ spawner: createSpawner(), env, path: () => `${env.PATH}:${bin}` });
  await found.addTree(repo.path, tree);
  expect(readFileSync(join(tree.path, 'a.bin'), 'utf8')).toBe('x');
});

it('says what is missing when there is no git', async () => {
  const none = createGit({ spawner: createSpawner(), env: { PATH: '/nowhere' } });
  expect(await none.version()).toBeNull();
  await expect(none.place('/')).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringMatching(/git/) });
  expect(await git.version()).toMatch(/^\d+\.\d+/);
});
