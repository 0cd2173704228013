import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { gitEnv, repositoryAt, type TestRepository, testRepository } from '../../../test/builders.ts';
import {
  branches,
  git,
  home,
  projectAt,
  spawner,
  type WorktreesRig,
  worktreesRig,
} from '../../../test/worktrees-rig.ts';
import { createGit } from '../adapters/git.ts';
import { createWorktrees } from './service.ts';

let rig: WorktreesRig;
let worktrees: WorktreesRig['worktrees'];
let dataDir: WorktreesRig['dataDir'];
let deps: WorktreesRig['deps'];
beforeEach(() => {
  rig = worktreesRig();
  ({ worktrees, dataDir, deps } = rig);
});

const trees = (repo: TestRepository) => repo.git('worktree', 'list', '--porcelain').match(/^worktree .*$/gm) ?? [];

describe('a work tree of its own', () => {
  it('starts from HEAD on a branch of its own, outside the repository', async () => {
    const repo = testRepository();
    const base = repo.commit({ 'a.txt': 'committed' });
    repo.write('a.txt', 'not committed');
    const place = await worktrees.prepare(projectAt(repo), 'ses_1');
    const path = join(dataDir, 'worktrees/prj_1/ses_1');
    expect(place).toEqual({
      cwd: path,
      branch: 'tenure/ses_1',
      worktree: path,
      baseCommit: base,
      target: 'main',
      note: null,
    });
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

  it('is refused without a commit and for a folder that is gone', async () => {
    const empty = testRepository({ empty: true });
    await expect(worktrees.prepare(projectAt(empty), 'ses_1')).rejects.toThrow(/"app" has no commit yet/);
    const gone = testRepository();
    rmSync(gone.path, { recursive: true });
    await expect(worktrees.prepare(projectAt(gone), 'ses_1')).rejects.toMatchObject({ kind: 'refused' });
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

it('asks git three things for a new tree, and nothing twice that a launch foresaw', async () => {
  const repo = testRepository();
  const asked: string[] = [];
  const counting = createGit({
    spawner: {
      run: (command, args, options) => {
        asked.push(args.slice(args.indexOf('-C') + 2).join(' '));
        return spawner.run(command, args, options);
      },
    },
    env: gitEnv(home),
  });
  const mine = createWorktrees({ ...deps, git: counting, dataDir });
  await mine.prepare(projectAt(repo), 'ses_1');
  expect(new Set(asked.map((args) => args.split(' ')[0]))).toEqual(new Set(['for-each-ref', 'rev-parse', 'worktree']));
  expect(asked).toHaveLength(3);
  const { length } = asked;
  const { id } = await mine.foresee(projectAt(repo));
  await mine.prepare(projectAt(repo), id);
  expect(asked.length).toBe(length + 3);
  // What was foreseen for one session is nothing to another one.
  await mine.foresee(projectAt(repo));
  const newer = repo.commit({ 'later.txt': 'since' });
  expect((await mine.prepare(projectAt(repo), 'ses_4')).baseCommit).toBe(newer);
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

  it('keeps commits that are on no branch, and a branch that is checked out elsewhere', async () => {
    const repo = testRepository();
    const project = projectAt(repo);
    const { cwd } = await worktrees.prepare(project, 'ses_1');
    const tree = repositoryAt(cwd, home);
    tree.git('checkout', '--quiet', '--detach');
    const commit = tree.commit({ x: '1' });
    expect(await worktrees.discard(project, 'ses_1')).toMatch(/has 1 commit that no other branch has/);
    expect(tree.head()).toBe(commit);
    repo.git('switch', '--quiet', 'tenure/ses_1');
    tree.git('checkout', '--quiet', '--detach', 'main');
    expect(await worktrees.discard(project, 'ses_1')).toBe(`Its branch tenure/ses_1 is checked out in "${repo.path}".`);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('never removes what is in the way and is not ours', async () => {
    const repo = testRepository();
    const path = join(dataDir, 'worktrees/prj_1/ses_1');
    mkdirSync(path, { recursive: true });
    repositoryAt(path, home).write('file', 'precious');
    expect(await worktrees.discard(projectAt(repo), 'ses_1')).toMatch(/is in the way/);
    expect(await worktrees.prepare(projectAt(repo), 'ses_1')).toMatchObject({ cwd: `${path}-2` });
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('precious');
  });
});

describe('the project’s own tree', () => {
  it('is used as it stands when it is clean', async () => {
    const repo = testRepository();
    const project = projectAt(repo, false);
    const expected = {
      cwd: repo.path,
      branch: 'main',
      worktree: null,
      baseCommit: repo.head(),
      target: 'main',
      note: null,
    };
    expect(await worktrees.prepare(project, 'ses_1')).toEqual(expected);
    repo.git('switch', '--quiet', '--detach');
    expect(await worktrees.prepare(project, 'ses_1')).toEqual({ ...expected, branch: null, target: null });
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
    rig.open = ['ses_1', 'ses_2'].map((id) => ({ id, inOwnTree: false }));
    const both = await Promise.allSettled(['ses_1', 'ses_2'].map((id) => worktrees.prepare(project, id)));
    const first = both[0]?.status === 'fulfilled' ? 'ses_1' : 'ses_2';
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(new RegExp(`^Session ${first} already works`)),
    });

    const restarted = createWorktrees({ ...deps, dataDir });
    rig.open = [{ id: 'ses_1', inOwnTree: true }];
    await expect(restarted.prepare(project, 'ses_2')).rejects.toThrow(/Session ses_1 already works/);
    rig.open = [];
    expect((await worktrees.prepare(project, 'ses_2')).cwd).toBe(repo.path);
    expect((await restarted.prepare(project, 'ses_2')).cwd).toBe(repo.path);
  });
});
