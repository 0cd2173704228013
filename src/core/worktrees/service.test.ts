import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { gitEnv, repositoryAt, type TestRepository, tempDir, testRepository } from '../../../test/builders.ts';
import { createGit } from '../adapters/git.ts';
import { createSpawner } from '../adapters/spawner.ts';
import { createWorktrees, type OpenSession, type Worktrees } from './service.ts';

const home = tempDir('home');
const git = createGit({ spawner: createSpawner(), env: gitEnv(home) });
let open: OpenSession[];
let dataDir: string;
let worktrees: Worktrees;

beforeEach(() => {
  open = [];
  dataDir = join(tempDir('data'), 'made on first use');
  worktrees = createWorktrees({ git, dataDir, openSessions: () => open });
});

const projectAt = (repo: TestRepository, worktree = true) => ({ id: 'prj_1', name: 'app', path: repo.path, worktree });
const branches = (repo: TestRepository) => repo.git('branch', '--format=%(refname:short)').split('\n');
const trees = (repo: TestRepository) => repo.git('worktree', 'list', '--porcelain').match(/^worktree .*$/gm) ?? [];

describe('a work tree of its own', () => {
  it('starts from HEAD on a branch of its own, outside the repository', async () => {
    const repo = testRepository();
    const base = repo.commit({ 'a.txt': 'committed' });
    repo.write('a.txt', 'not committed');
    const place = await worktrees.prepare(projectAt(repo), 'ses_1');
    const path = join(dataDir, 'worktrees/prj_1/ses_1');
    expect(place).toEqual({ cwd: path, branch: 'tenure/ses_1', worktree: path, baseCommit: base, note: null });
    expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('committed');
    expect(repo.git('status', '--porcelain')).toBe(' M a.txt');
    expect(repo.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
  });

  it('starts from a detached HEAD and from a branch with slashes', async () => {
    const repo = testRepository();
    const first = repo.head();
    repo.commit({ b: '2' });
    repo.git('switch', '--quiet', '--detach', first);
    expect((await worktrees.prepare(projectAt(repo), 'ses_1')).baseCommit).toBe(first);
    repo.git('switch', '--quiet', '--create', 'feature/a/b', 'main');
    expect((await worktrees.prepare(projectAt(repo), 'ses_2')).baseCommit).toBe(repo.head());
  });

  it('leaves submodules empty and says so', async () => {
    const inner = testRepository({ name: 'inner' });
    const repo = testRepository();
    repo.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner.path, 'sub');
    repo.commit();
    const place = await worktrees.prepare(projectAt(repo), 'ses_1');
    expect(place.note).toMatch(/submodules; they are left empty/);
    expect(existsSync(join(place.cwd, 'sub/README.md'))).toBe(false);
    expect((await git.state(place.cwd)).changes).toEqual([]);
  });

  it('is refused without a commit, for a folder that is gone and for a branch that is in the way', async () => {
    const empty = testRepository({ empty: true });
    await expect(worktrees.prepare(projectAt(empty), 'ses_1')).rejects.toThrow(/"app" has no commit yet/);
    const gone = testRepository();
    rmSync(gone.path, { recursive: true });
    await expect(worktrees.prepare(projectAt(gone), 'ses_1')).rejects.toMatchObject({ kind: 'refused' });
    const repo = testRepository();
    repo.git('branch', 'tenure');
    await expect(worktrees.prepare(projectAt(repo), 'ses_1')).rejects.toThrow(/refs\/heads\/tenure/);
    expect(branches(repo)).toEqual(['main', 'tenure']);
    expect(existsSync(join(dataDir, 'worktrees/prj_1/ses_1'))).toBe(false);
  });

  it('18: never makes a folder outside its own for an id that is a path (T-043)', async () => {
    const repo = testRepository();
    for (const id of ['../../x', 'a/b', '..', '', '-f', 'a b', 'x"']) {
      await expect(worktrees.prepare(projectAt(repo), id)).rejects.toThrow(/is no id/);
      await expect(worktrees.prepare({ ...projectAt(repo), id }, 'ses_1')).rejects.toThrow(/is no id/);
    }
    expect(branches(repo)).toEqual(['main']);
  });

  it('leaves no branch and no tree behind when the checkout fails half-way', async () => {
    const repo = testRepository();
    repo.commit({ '.gitattributes': '*.big filter=broken\n', 'x.big': 'x' });
    repo.git('config', 'filter.broken.smudge', 'false');
    repo.git('config', 'filter.broken.required', 'true');
    await expect(worktrees.prepare(projectAt(repo), 'ses_1')).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/git worktree did not work/),
    });
    expect(branches(repo)).toEqual(['main']);
    expect(trees(repo)).toHaveLength(1);
    expect(existsSync(join(dataDir, 'worktrees/prj_1/ses_1'))).toBe(false);
  });

  it('serves many launches at once, each its own', async () => {
    const repo = testRepository();
    const ids = Array.from({ length: 6 }, (_, n) => `ses_${n}`);
    const places = await Promise.all(ids.map((id) => worktrees.prepare(projectAt(repo), id)));
    expect(new Set(places.map((place) => place.cwd)).size).toBe(6);
    expect(branches(repo)).toEqual(['main', ...ids.map((id) => `tenure/${id}`)]);
  });
});

describe('a second call for the same session', () => {
  it('makes the place anew when the first was cut off before anything happened in it', async () => {
    const repo = testRepository();
    const first = await worktrees.prepare(projectAt(repo), 'ses_1');
    const base = repo.commit({ later: 'x' });
    expect(await worktrees.prepare(projectAt(repo), 'ses_1')).toEqual({ ...first, baseCommit: base });
    // Killed while git made the tree: files missing, lock still set.
    repo.git('worktree', 'lock', '--reason', 'initializing', first.cwd);
    rmSync(join(first.cwd, 'README.md'));
    expect((await worktrees.prepare(projectAt(repo), 'ses_1')).baseCommit).toBe(base);
    expect(existsSync(join(first.cwd, 'README.md'))).toBe(true);
    // The folder alone is gone.
    rmSync(first.cwd, { recursive: true });
    expect((await worktrees.prepare(projectAt(repo), 'ses_1')).cwd).toBe(first.cwd);
    // An empty folder alone is left.
    expect(await worktrees.discard(projectAt(repo), 'ses_1')).toBeNull();
    mkdirSync(first.cwd, { recursive: true });
    expect((await worktrees.prepare(projectAt(repo), 'ses_1')).cwd).toBe(first.cwd);
  });

  it('is refused when there is work in it, and touches nothing', async () => {
    const repo = testRepository();
    const { cwd } = await worktrees.prepare(projectAt(repo), 'ses_1');
    repositoryAt(cwd, home).write('draft', 'x');
    await expect(worktrees.prepare(projectAt(repo), 'ses_1')).rejects.toMatchObject({
      kind: 'conflict',
      message: 'Session ses_1 already has a place to work. Its work tree has 1 uncommitted file.',
    });
    expect(existsSync(join(cwd, 'draft'))).toBe(true);
  });
});

describe('discard', () => {
  it('keeps uncommitted and unmerged work, and removes what is merged', async () => {
    const repo = testRepository();
    const project = projectAt(repo);
    const { cwd } = await worktrees.prepare(project, 'ses_1');
    const tree = repositoryAt(cwd, home);
    tree.write('new', 'x');
    expect(await worktrees.discard(project, 'ses_1')).toBe('Its work tree has 1 uncommitted file.');
    const commit = tree.commit();
    expect(await worktrees.discard(project, 'ses_1')).toMatch(/tenure\/ses_1 has 1 commit that no other branch has/);
    expect(tree.head()).toBe(commit);
    repo.git('merge', '--quiet', '--ff-only', 'tenure/ses_1');
    expect(await worktrees.discard(project, 'ses_1')).toBeNull();
    expect(branches(repo)).toEqual(['main']);
    expect(existsSync(cwd)).toBe(false);
    expect(await worktrees.discard(project, 'ses_1')).toBeNull();
  });

  it('never removes what is in the way and is not ours', async () => {
    const repo = testRepository();
    const path = join(dataDir, 'worktrees/prj_1/ses_1');
    mkdirSync(path, { recursive: true });
    repositoryAt(path, home).write('file', 'precious');
    expect(await worktrees.discard(projectAt(repo), 'ses_1')).toMatch(/is in the way/);
    await expect(worktrees.prepare(projectAt(repo), 'ses_1')).rejects.toMatchObject({ kind: 'conflict' });
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('precious');
  });
});

describe('the project’s own tree', () => {
  it('is used as it stands when it is clean', async () => {
    const repo = testRepository();
    const project = projectAt(repo, false);
    const expected = { cwd: repo.path, branch: 'main', worktree: null, baseCommit: repo.head(), note: null };
    expect(await worktrees.prepare(project, 'ses_1')).toEqual(expected);
    repo.git('switch', '--quiet', '--detach');
    expect(await worktrees.prepare(project, 'ses_1')).toEqual({ ...expected, branch: null });
    expect(branches(repo)).toContain('main');
  });

  it('is refused with uncommitted files', async () => {
    const repo = testRepository();
    repo.write('draft', 'x');
    await expect(worktrees.prepare(projectAt(repo, false), 'ses_1')).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/^"app" has 1 uncommitted file, .*Commit or stash/),
    });
  });

  it('is given to one session at a time: in the same moment, recorded, and after a restart', async () => {
    const repo = testRepository();
    const project = projectAt(repo, false);
    open = ['ses_1', 'ses_2'].map((id) => ({ id, inOwnTree: false }));
    const both = await Promise.allSettled(['ses_1', 'ses_2'].map((id) => worktrees.prepare(project, id)));
    const first = both[0]?.status === 'fulfilled' ? 'ses_1' : 'ses_2';
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(new RegExp(`^Session ${first} already works`)),
    });

    const restarted = createWorktrees({ git, dataDir, openSessions: () => open });
    open = [{ id: 'ses_1', inOwnTree: true }];
    await expect(restarted.prepare(project, 'ses_2')).rejects.toThrow(/Session ses_1 already works/);
    open = [];
    expect((await worktrees.prepare(project, 'ses_2')).cwd).toBe(repo.path);
    expect((await restarted.prepare(project, 'ses_2')).cwd).toBe(repo.path);
  });
});

describe('mark', () => {
  it('stays while nothing changes and differs for every kind of change', async () => {
    const repo = testRepository();
    repo.commit({ 'a.txt': 'aaaa', '.gitignore': 'ignored\n' });
    repo.write('new/untracked', 'u');
    const path = join(repo.path, 'new/untracked');
    const marks: string[] = [await worktrees.mark(repo.path)];
    const changes: [string, () => void][] = [
      ['edit', () => repo.write('a.txt', 'bbbb')],
      ['untracked edit of the same size', () => repo.write('new/untracked', 'v')],
      ['time alone', () => utimesSync(path, 1, 1)],
      ['another untracked file beside it', () => repo.write('new/second', '')],
      ['stage', () => repo.git('add', 'a.txt')],
      ['commit', () => repo.git('commit', '--quiet', '--message', 'x')],
      ['branch', () => repo.git('switch', '--quiet', '--create', 'other')],
      ['delete', () => rmSync(join(repo.path, 'a.txt'))],
    ];
    for (const [what, change] of changes) {
      change();
      const mark = await worktrees.mark(repo.path);
      expect(marks, what).not.toContain(mark);
      expect(await worktrees.mark(repo.path), what).toBe(mark);
      marks.push(mark);
    }
    repo.write('ignored', 'x');
    expect(await worktrees.mark(repo.path)).toBe(marks.at(-1));
    expect(await worktrees.mark(join(repo.path, 'new'))).toBe(marks.at(-1));
  });

  it('refuses when the tree is gone', async () => {
    await expect(worktrees.mark(tempDir())).rejects.toMatchObject({ kind: 'refused' });
    await expect(worktrees.mark('/nowhere')).rejects.toMatchObject({ kind: 'refused' });
  });
});
