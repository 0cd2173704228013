import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { gitEnv, repositoryAt, type TestRepository, tempDir, testRepository } from '../../../test/builders.ts';
import { until } from '../../../test/rig.ts';
import type { Base } from '../../shared/contract/projects.ts';
import { createClock } from '../adapters/clock.ts';
import { createGit } from '../adapters/git.ts';
import { createIds } from '../adapters/ids.ts';
import { createSpawner } from '../adapters/spawner.ts';
import { createWorktrees, type OpenSession, type Worktrees } from './service.ts';

const home = tempDir('home');
const spawner = createSpawner();
const git = createGit({ spawner, env: gitEnv(home) });
const deps = {
  git,
  spawner,
  clock: createClock(),
  ids: createIds(),
  env: async () => gitEnv(home),
  openSessions: () => open,
  treeOfSession: () => null,
};
let open: OpenSession[];
let dataDir: string;
let worktrees: Worktrees;

beforeEach(() => {
  open = [];
  dataDir = join(tempDir('data'), 'made on first use');
  worktrees = createWorktrees({ ...deps, dataDir });
});

const projectAt = (repo: TestRepository, worktree = true) => ({
  id: 'prj_1',
  name: 'app',
  path: repo.path,
  worktree,
  base: 'current' as Base,
  include: [] as string[],
});
const branches = (repo: TestRepository) => repo.git('branch', '--format=%(refname:short)').split('\n');
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

describe('the name of its branch', () => {
  it.each([
    [['tenure'], 'tenure-ses_1'],
    [['Tenure'], 'tenure-ses_1'],
    [['tenure/ses_1/deeper'], 'tenure-ses_1'],
    [['tenure/SES_1'], 'tenure-ses_1'],
    [['tenure', 'tenure-ses_1/x'], 'session-ses_1'],
    [['tenure/ses_2', 'tenures'], 'tenure/ses_1'],
  ])('stands beside %j', async (existing, expected) => {
    const repo = testRepository();
    for (const name of existing) repo.git('branch', name);
    const place = await worktrees.prepare(projectAt(repo), 'ses_1');
    expect(place.branch).toBe(expected);
    expect(branches(repo)).toEqual(['main', ...existing, expected].toSorted());
    // The same session gets the same one again.
    expect((await worktrees.prepare(projectAt(repo), 'ses_1')).branch).toBe(expected);
  });

  it('is refused when every one is taken', async () => {
    const repo = testRepository();
    for (const name of ['tenure', 'tenure-ses_1/x', 'SESSION-ses_1']) repo.git('branch', name);
    await expect(worktrees.prepare(projectAt(repo), 'ses_1')).rejects.toMatchObject({
      kind: 'conflict',
      message: 'Other branches of "app" leave no name for session ses_1.',
    });
  });
});

describe('its base', () => {
  /** A repository with a remote that is one commit further. */
  function cloned(name = 'app') {
    const origin = testRepository({ name: 'origin' });
    const path = join(tempDir('clone'), name);
    origin.git('clone', '--quiet', origin.path, path);
    return { origin, repo: repositoryAt(path, home) };
  }

  it('is fetched first: a branch that is only behind its upstream starts from that, and says so', async () => {
    const { origin, repo } = cloned();
    const newest = origin.commit({ new: 'x' });
    const before = repo.head();
    const place = await worktrees.prepare(projectAt(repo), 'ses_1');
    expect(place).toMatchObject({
      baseCommit: newest,
      target: 'main',
      note: 'main is 1 commit behind origin/main, so it starts from origin/main.',
    });
    expect(repo.head()).toBe(before);
  });

  it('is what is checked out when that is ahead or has diverged', async () => {
    const { origin, repo } = cloned();
    const ahead = repo.commit({ mine: 'x' });
    expect(await worktrees.prepare(projectAt(repo), 'ses_1')).toMatchObject({ baseCommit: ahead, note: null });
    origin.commit({ theirs: 'x' });
    expect(await worktrees.prepare(projectAt(repo), 'ses_2')).toMatchObject({
      baseCommit: ahead,
      note: 'main and origin/main have diverged (1 ahead, 1 behind), so it starts from main.',
    });
  });

  it('may be the default branch of the remote, whatever is checked out', async () => {
    const { origin, repo } = cloned();
    repo.git('switch', '--quiet', '--create', 'wip');
    repo.commit({ wip: 'x' });
    const newest = origin.commit({ new: 'x' });
    const project = { ...projectAt(repo), base: 'remote' as const };
    expect(await worktrees.prepare(project, 'ses_1')).toMatchObject({ baseCommit: newest, target: 'main', note: null });
    repo.git('remote', 'set-head', 'origin', '--delete');
    expect(await worktrees.prepare(project, 'ses_2')).toMatchObject({ baseCommit: newest });
    repo.git('remote', 'remove', 'origin');
    expect(await worktrees.prepare(project, 'ses_3')).toMatchObject({
      baseCommit: repo.head(),
      target: 'wip',
      note: '"app" has no remote, so it starts from what is checked out.',
    });
  });

  it('is what is there when the remote cannot be reached: a note, no error, no prompt', async () => {
    const { origin, repo } = cloned();
    rmSync(origin.path, { recursive: true });
    const place = await worktrees.prepare(projectAt(repo), 'ses_1');
    expect(place.baseCommit).toBe(repo.head());
    expect(place.note).toMatch(/^"origin" could not be fetched \(.*\), so what is new there is not in it\.$/);
  });

  it('is fetched without a program of the repository’s configuration', async () => {
    const { origin, repo } = cloned();
    const newest = origin.commit({ new: 'x' });
    const trace = join(tempDir(), 'ran');
    const program = `touch ${trace}; false`;
    const evil = ['core.sshCommand', 'core.askPass', 'credential.helper', 'remote.origin.uploadpack', 'core.gitProxy'];
    for (const key of evil) repo.git('config', key, key === 'credential.helper' ? `!${program}` : program);
    expect((await worktrees.prepare(projectAt(repo), 'ses_1')).baseCommit).toBe(newest);
    repo.git('remote', 'set-url', 'origin', 'ssh://nobody@127.0.0.1:9/none.git');
    expect((await worktrees.prepare(projectAt(repo), 'ses_2')).note).toMatch(/could not be fetched/);
    repo.git('remote', 'set-url', 'origin', `ext::sh -c touch% ${trace}`);
    expect((await worktrees.prepare(projectAt(repo), 'ses_3')).note).toMatch(/could not be fetched/);
    expect(existsSync(trace)).toBe(false);
  });
});

describe('untracked files that a project declares', () => {
  it('are copied in, never a secret by a pattern, never over a file of the tree', async () => {
    const repo = testRepository();
    repo.commit({ '.gitignore': '*.local*\n.env*\nsecrets/\n', 'a.local-not': 'tracked? no' });
    const files = ['config/a.local.json', 'config/deep/b.local.json', '.env', '.env.test', 'secrets/key.local.json'];
    for (const file of files) repo.write(file, file);
    repo.write('not-declared.local', 'x');
    const project = { ...projectAt(repo), include: ['config/**', '.env', '.env*', 'secrets', 'nothing/*'] };
    const { cwd, note } = await worktrees.prepare(project, 'ses_1');
    const copied = files.filter((file) => existsSync(join(cwd, file)));
    expect(copied).toEqual(['config/a.local.json', 'config/deep/b.local.json', '.env']);
    expect(existsSync(join(cwd, 'not-declared.local'))).toBe(false);
    expect(note).toBe('".env.test" and 1 more may hold a secret and was not copied; name it literally if it is to be.');
    expect((await git.state(cwd)).changes).toEqual([]);
  });

  it('never leave the tree through a symlink that the branch has in their way', async () => {
    const outside = tempDir('outside');
    const repo = testRepository();
    symlinkSync(outside, join(repo.path, 'config'));
    const linked = repo.commit();
    rmSync(join(repo.path, 'config'));
    repo.commit({ '.gitignore': 'config/\n' });
    repo.write('config/x', 'x');
    repo.git('branch', '--quiet', 'linked', linked);
    repo.git('update-ref', 'HEAD', linked);
    await worktrees.prepare({ ...projectAt(repo), include: ['config'] }, 'ses_1');
    expect(readdirSync(outside)).toEqual([]);
  });
});

describe('the set-up of a project', () => {
  const setUp = { setupCommand: 'cat README.md > made && echo $TENURE_NONCE', setupTimeoutMs: 20_000 };
  const run = () => ({ nonce: `nonce-${Math.random()}`, signal: new AbortController().signal });

  it('runs in the new tree', async () => {
    const project = { ...projectAt(testRepository()), ...setUp };
    const place = await worktrees.prepare(project, 'ses_1');
    await worktrees.setUp(project, place, run());
    expect(readFileSync(join(place.cwd, 'made'), 'utf8')).toBe('# A project\n');
  });

  it.each([
    ['echo installing; echo "no such package" >&2; exit 3', 20_000, /ended with 3\.\ninstalling\nno such package$/],
    ['echo begun; sleep 60', 300, /did not finish within 0\.3 s\.\nbegun$/],
  ])('that fails ends the launch and leaves nothing: %s', async (setupCommand, setupTimeoutMs, words) => {
    const repo = testRepository();
    const project = { ...projectAt(repo), setupCommand, setupTimeoutMs };
    const place = await worktrees.prepare(project, 'ses_1');
    await expect(worktrees.setUp(project, place, run())).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(words),
    });
    expect(existsSync(place.cwd)).toBe(false);
    expect(branches(repo)).toEqual(['main']);
  });

  it('can be called off, with everything that it started', async () => {
    const repo = testRepository();
    const project = { ...projectAt(repo), setupCommand: 'touch begun; setsid sleep 60', setupTimeoutMs: 60_000 };
    const place = await worktrees.prepare(project, 'ses_1');
    const stop = new AbortController();
    const work = worktrees.setUp(project, place, { nonce: 'off', signal: stop.signal });
    const off = expect(work).rejects.toThrow(/called off/);
    await until('it has begun', () => existsSync(join(place.cwd, 'begun')));
    await until('its child runs', async () => {
      const tree = await spawner.treeOf({ pid: -1, startedAt: null }, { name: 'TENURE_NONCE', value: 'off' });
      return tree.length >= 2;
    });
    stop.abort();
    await off;
    expect(await spawner.treeOf({ pid: -1, startedAt: null }, { name: 'TENURE_NONCE', value: 'off' })).toEqual([]);
    expect(existsSync(place.cwd)).toBe(false);
  });
});

describe('a session that goes on', () => {
  it('finds its tree where it was, where a person moved it, and makes it again from its branch', async () => {
    const repo = testRepository();
    const { cwd, branch } = await worktrees.prepare(projectAt(repo), 'ses_1');
    const session = { id: 'ses_1', worktree: cwd, branch };
    repositoryAt(cwd, home).commit({ work: 'x' });
    expect(await worktrees.standing(repo, session)).toBe(cwd);
    const moved = join(tempDir(), 'elsewhere');
    repo.git('worktree', 'move', cwd, moved);
    expect(await worktrees.standing(repo, session)).toBe(moved);
    rmSync(moved, { recursive: true });
    expect(await worktrees.standing(repo, session)).toBe(cwd);
    expect(readFileSync(join(cwd, 'work'), 'utf8')).toBe('x');
    rmSync(cwd, { recursive: true });
    repo.git('worktree', 'prune');
    repo.git('branch', '-D', branch ?? '');
    await expect(worktrees.standing(repo, session)).rejects.toThrow(/is gone, and its branch too/);
    expect(await worktrees.standing(repo, { ...session, worktree: null })).toBe(repo.path);
  });
});

describe('another git at work', () => {
  it('is waited for, and its lock is left alone', async () => {
    const repo = testRepository();
    const lock = join(repo.path, '.git/refs/heads/tenure/ses_1.lock');
    mkdirSync(join(repo.path, '.git/refs/heads/tenure'), { recursive: true });
    writeFileSync(lock, '');
    const work = worktrees.prepare(projectAt(repo), 'ses_1');
    await until('git has met the lock', () => existsSync(join(repo.path, '.git/tenure-turn')));
    expect(existsSync(lock)).toBe(true);
    rmSync(lock);
    expect((await work).branch).toBe('tenure/ses_1');
  });

  it('that is gone left a lock behind: it is swept when it is old and no git works there', async () => {
    const repo = testRepository();
    const lock = join(repo.path, '.git/refs/heads/tenure/ses_1.lock');
    mkdirSync(join(repo.path, '.git/refs/heads/tenure'), { recursive: true });
    writeFileSync(lock, '');
    utimesSync(lock, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));
    // Somebody's editor is open: a git that lives in the repository.
    const person = spawn('git', ['cat-file', '--batch'], { cwd: repo.path, stdio: ['pipe', 'ignore', 'ignore'] });
    await once(person, 'spawn');
    const work = worktrees.prepare(projectAt(repo), 'ses_1');
    await until('git has met the lock', () => existsSync(join(repo.path, '.git/tenure-turn')));
    expect(existsSync(lock)).toBe(true);
    person.kill();
    expect((await work).branch).toBe('tenure/ses_1');
    expect(existsSync(lock)).toBe(false);
  });

  it('may be another Tenure: they take turns', async () => {
    const repo = testRepository();
    const other = createWorktrees({ ...deps, dataDir: tempDir('other') });
    const both = [worktrees, other].flatMap((one, engine) =>
      [1, 2, 3].map((n) => one.prepare({ ...projectAt(repo), id: `prj_${engine}` }, `ses_${engine}${n}`)),
    );
    expect(new Set((await Promise.all(both)).map(({ branch }) => branch)).size).toBe(6);
    const holder = new Sqlite(join(repo.path, '.git/tenure-turn'));
    holder.exec('BEGIN EXCLUSIVE');
    let done = false;
    const waits = worktrees.prepare(projectAt(repo), 'ses_9').finally(() => {
      done = true;
    });
    await git.state(repo.path);
    expect(done).toBe(false);
    holder.close();
    expect((await waits).branch).toBe('tenure/ses_9');
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

  it('is made beside it when there is work in it, which is not touched; not without end', async () => {
    const repo = testRepository();
    const { cwd } = await worktrees.prepare(projectAt(repo), 'ses_1');
    repositoryAt(cwd, home).write('draft', 'x');
    for (const name of ['ses_1-2', 'ses_1-3']) {
      const beside = await worktrees.prepare(projectAt(repo), 'ses_1');
      expect(beside).toMatchObject({ cwd: join(cwd, '..', name), branch: `tenure/${name}` });
      expect(beside.note).toMatch(/^It works beside "ses_1"\. Its work tree has 1 uncommitted file\.$/);
      repositoryAt(beside.cwd, home).write('draft', 'x');
    }
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
    open = ['ses_1', 'ses_2'].map((id) => ({ id, inOwnTree: false }));
    const both = await Promise.allSettled(['ses_1', 'ses_2'].map((id) => worktrees.prepare(project, id)));
    const first = both[0]?.status === 'fulfilled' ? 'ses_1' : 'ses_2';
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(new RegExp(`^Session ${first} already works`)),
    });

    const restarted = createWorktrees({ ...deps, dataDir });
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
