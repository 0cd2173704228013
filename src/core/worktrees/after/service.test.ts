import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  gitEnv,
  insertProject,
  insertSession,
  repositoryAt,
  type TestRepository,
  tempDir,
  testDatabase,
  testRepository,
} from '../../../../test/builders.ts';
import { until } from '../../../../test/rig.ts';
import type { Envelope } from '../../../shared/contract/index.ts';
import { createClock } from '../../adapters/clock.ts';
import { createGit } from '../../adapters/git.ts';
import { createIds } from '../../adapters/ids.ts';
import { createSpawner } from '../../adapters/spawner.ts';
import { createJournal } from '../../kernel/journal.ts';
import { createAgain } from '../again.ts';
import { createWorkBook } from '../book.ts';
import { createRepositoryLock } from '../lock.ts';
import { createWorktrees } from '../service.ts';
import { createWorktreeStorage } from '../storage.ts';
import { createOutside } from './outside.ts';
import { createRecovery } from './recover.ts';
import { createAfter } from './service.ts';
import { createUse } from './use.ts';
import { type AfterDeps, createWork } from './work.ts';

const home = tempDir('home');
const env = gitEnv(home);
const spawner = createSpawner();
const clock = createClock();
const ids = createIds();
const BY = 'owner (test)';

let repo: TestRepository;
let tree: TestRepository;
let sessionId: string;
let projectId: string;
let engine: ReturnType<typeof build>;
let dataDir: string;
let database: ReturnType<typeof testDatabase>;

function build() {
  const { db } = database;
  const facts: Envelope[] = [];
  const journal = createJournal(db, clock, (error) => expect.fail(String(error)));
  journal.subscribe((fact) => facts.push(fact));
  const git = createGit({ spawner, env });
  const locked = createRepositoryLock(clock);
  const told: string[] = [];
  const book = createWorkBook({ db, journal, clock, tell: (_emit, id) => told.push(id) });
  const storage = createWorktreeStorage(db);
  const warned: object[] = [];
  const deps: AfterDeps = {
    git,
    storage,
    clock,
    ids,
    spawner,
    dataDir,
    locked,
    settle: book.settle,
    workOf: book.of,
    log: { warn: (about) => warned.push(about) },
  };
  const work = createWork(deps);
  const pushed: object[] = [];
  const programs = join(home, 'bin');
  const outside = createOutside(
    {
      git,
      spawner,
      clock,
      environment: {
        forCommands: async () => ({ ...env, PATH: `${programs}:${env.PATH}` }),
        find: async (name) => (existsSync(join(programs, name)) ? join(programs, name) : null),
      },
      env: {},
      platform: 'linux',
      commands: () => ({ editor: ['edit', '--wait', '{path}'], terminal: null }),
      pushed: (fact) => pushed.push(fact),
    },
    work,
  );
  const worktrees = createWorktrees({
    git,
    clock,
    spawner,
    env: async () => env,
    dataDir,
    openSessions: () => [],
    ids: createIds(),
    treeOfSession: () => null,
  });
  const stateOf = (id: string) => book.of(storage.get(id) ?? expect.fail());
  return {
    git,
    storage,
    book,
    worktrees,
    told,
    warned,
    pushed,
    stateOf,
    outside,
    after: createAfter(deps, work),
    use: createUse(deps, work),
    recover: createRecovery(deps).recover,
  };
}

/** A session with a place of its own that has ended. */
async function endedSession(over: { state?: string } = {}) {
  const id = insertSession(database.db, { projectId, state: over.state ?? 'ended' });
  const project = {
    id: projectId,
    name: 'app',
    path: repo.path,
    worktree: true,
    base: 'current' as const,
    include: [],
  };
  const place = await engine.worktrees.prepare(project, id);
  engine.book.placed(id, place);
  database.db
    .prepare('UPDATE sessions SET branch = ?, worktree = ?, base_commit = ? WHERE id = ?')
    .run(place.branch, place.worktree, place.baseCommit, id);
  return { id, tree: repositoryAt(place.cwd, home) };
}

beforeEach(async () => {
  dataDir = tempDir('data');
  database = testDatabase();
  engine = build();
  repo = testRepository();
  projectId = insertProject(database.db, { path: repo.path });
  repo.git('config', 'user.name', 'Test Person');
  repo.git('config', 'user.email', 'test@example.com');
  repo.commit({ 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n' });
  ({ id: sessionId, tree } = await endedSession());
});

const clean = (at: TestRepository) => expect(at.git('status', '--porcelain')).toBe('');

describe('merge', () => {
  it('is a fast-forward where it can be, in the tree where the target is checked out', async () => {
    const tip = tree.commit({ 'new.txt': 'x' });
    repo.write('untracked', 'mine');
    expect(await engine.after.preview({ sessionId })).toMatchObject({
      target: 'main',
      ahead: 1,
      behind: 0,
      how: 'fast_forward',
      conflicts: [],
      obstacles: [],
      loss: { uncommittedFiles: 0, commits: 1 },
      fate: { fate: 'open', commits: 1 },
    });
    expect(await engine.after.merge({ sessionId }, BY)).toEqual({
      sessionId,
      target: 'main',
      how: 'fast_forward',
      commit: tip,
    });
    expect(repo.head()).toBe(tip);
    expect(readFileSync(join(repo.path, 'new.txt'), 'utf8')).toBe('x');
    expect(repo.git('status', '--porcelain')).toBe('?? untracked');
    expect(engine.stateOf(sessionId)).toMatchObject({ state: 'merged', by: BY, target: 'main' });
    expect(engine.told).toEqual([sessionId]);
    expect(engine.storage.merges()).toEqual([]);
    expect((await engine.after.merge({ sessionId }, BY)).how).toBe('nothing');
  });

  it('is a merge commit when both have gone on, by the person’s name, without their hooks', async () => {
    const trace = join(home, 'hook-ran');
    for (const hook of ['post-merge', 'pre-merge-commit', 'post-checkout', 'reference-transaction']) {
      repo.write(`.git/hooks/${hook}`, `#!/bin/sh\ntouch ${trace}\n`);
      chmodSync(join(repo.path, '.git/hooks', hook), 0o755);
    }
    const tip = tree.commit({ 'new.txt': 'x' });
    repo.git('config', 'commit.gpgSign', 'true');
    rmSync(trace, { force: true });
    const theirs = repo.git('rev-parse', 'HEAD');
    writeFileSync(join(repo.path, 'b.txt'), 'B\n');
    repo.git('-c', 'commit.gpgSign=false', '-c', 'core.hooksPath=/dev/null', 'commit', '-qam', 'mine');
    rmSync(trace, { force: true });
    const { how, commit } = await engine.after.merge({ sessionId }, BY);
    expect(how).toBe('merge_commit');
    expect(repo.git('log', '-1', '--format=%P%n%an%n%s')).toBe(
      `${repo.git('rev-parse', 'HEAD^1')} ${tip}\nTest Person\nMerge branch '${tree.git('branch', '--show-current')}' into main`,
    );
    expect(repo.git('rev-parse', 'HEAD^1^')).toBe(theirs);
    expect(repo.head()).toBe(commit);
    clean(repo);
    expect(existsSync(trace)).toBe(false);
  });

  it('reports conflicts with their files and touches nothing', async () => {
    tree.commit({ 'a.txt': 'one\nSESSION\nthree\n', 'ok.txt': 'x' });
    const head = repo.commit({ 'a.txt': 'one\nPERSON\nthree\n' });
    expect(await engine.after.preview({ sessionId })).toMatchObject({
      how: null,
      conflicts: ['a.txt'],
      ahead: 1,
      behind: 1,
    });
    await expect(engine.after.merge({ sessionId }, BY)).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('Both sides changed a.txt'),
    });
    expect(repo.head()).toBe(head);
    clean(repo);
    clean(tree);
    expect(engine.stateOf(sessionId).state).toBe('open');
  });

  it('runs no merge program of the repository', async () => {
    repo.commit({ '.gitattributes': '*.txt merge=evil\n' });
    tree.git('merge', '--quiet', '--ff-only', 'main');
    const trace = join(home, 'driver-ran');
    repo.git('config', 'merge.evil.driver', `touch ${trace}`);
    tree.commit({ 'a.txt': 'one\ntwo\nthree\nsession\n' });
    repo.commit({ 'a.txt': 'person\none\ntwo\nthree\n' });
    expect((await engine.after.merge({ sessionId }, BY)).how).toBe('merge_commit');
    expect(readFileSync(join(repo.path, 'a.txt'), 'utf8')).toBe('person\none\ntwo\nthree\nsession\n');
    expect(existsSync(trace)).toBe(false);
  });

  it('moves a branch that is checked out nowhere', async () => {
    const tip = tree.commit({ x: '1' });
    repo.git('switch', '--quiet', '--create', 'elsewhere');
    const head = repo.head();
    expect((await engine.after.merge({ sessionId }, BY)).commit).toBe(tip);
    expect(repo.git('rev-parse', 'main')).toBe(tip);
    expect(repo.head()).toBe(head);
    clean(repo);
  });

  it.each<[string, (at: { repo: TestRepository; tree: TestRepository }) => void, RegExp]>([
    ['a dirty target', ({ repo: at }) => at.write('b.txt', 'changed'), /has 1 uncommitted file \(b\.txt\)/],
    ['a staged file', ({ repo: at }) => (at.write('s', 's'), at.git('add', 's')), /has 1 uncommitted file \(s\)/],
    [
      'a merge under way',
      ({ repo: at }) => writeFileSync(join(at.path, '.git/MERGE_HEAD'), `${at.head()}\n`),
      /A merge is under way/,
    ],
    ['a rebase under way', ({ repo: at }) => mkdirSync(join(at.path, '.git/rebase-merge')), /A rebase is under way/],
    [
      'an untracked file in the way',
      ({ repo: at }) => at.write('new.txt', 'mine'),
      /new\.txt in .* would be overwritten/,
    ],
    [
      'an ignored file in the way',
      ({ repo: at }) => (at.write('.git/info/exclude', 'new.txt\n'), at.write('new.txt', 'mine')),
      /new\.txt in .* would be overwritten/,
    ],
    ['uncommitted work', ({ tree: at }) => at.write('draft', 'x'), /has 1 uncommitted file, which a merge would leave/],
  ])('is refused for %s, and changes nothing', async (_what, make, words) => {
    tree.commit({ 'new.txt': 'x' });
    make({ repo, tree });
    const before = repo.git('status', '--porcelain');
    const head = repo.head();
    await expect(engine.after.merge({ sessionId }, BY)).rejects.toThrow(words);
    expect(repo.head()).toBe(head);
    expect(repo.git('status', '--porcelain')).toBe(before);
    if (existsSync(join(repo.path, 'new.txt'))) expect(readFileSync(join(repo.path, 'new.txt'), 'utf8')).toBe('mine');
  });

  it('leaves uncommitted files where they are when that is said', async () => {
    const tip = tree.commit({ 'new.txt': 'x' });
    tree.write('draft', 'x');
    expect((await engine.after.merge({ sessionId, leaveUncommitted: true }, BY)).commit).toBe(tip);
    expect(existsSync(join(tree.path, 'draft'))).toBe(true);
  });

  it('is refused for a session that works, one without a place, and an unknown branch', async () => {
    const working = await endedSession({ state: 'working' });
    await expect(engine.after.merge({ sessionId: working.id }, BY)).rejects.toThrow(/has not ended yet/);
    await expect(engine.after.merge({ sessionId, into: 'nope' }, BY)).rejects.toThrow(/no local branch "nope"/);
    const placeless = insertSession(database.db, { state: 'ended' });
    await expect(engine.after.merge({ sessionId: placeless }, BY)).rejects.toThrow(/never got a place/);
    await expect(engine.after.merge({ sessionId: 'ses_none' }, BY)).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('a session that still works in the tree of one that has ended', () => {
  it('is named, and its half-done work neither merged, nor pushed, nor proposed', async () => {
    const bare = join(tempDir(), 'origin.git');
    repo.git('clone', '--quiet', '--bare', '.', bare);
    repo.git('remote', 'add', 'origin', bare);
    const head = repo.head();
    const follower = insertSession(database.db, { projectId, state: 'parked', worktree: tree.path });
    const tip = tree.commit({ x: 'half-done' });
    const why = `Session ${follower} goes on in the work tree of session ${sessionId}. Wait until it has ended, or stop it.`;
    expect((await engine.after.preview({ sessionId })).obstacles).toEqual([why]);
    await expect(engine.after.merge({ sessionId }, BY)).rejects.toMatchObject({ kind: 'refused', message: why });
    const to = { sessionId, remote: 'origin', branch: 'work/x', confirm: true as const };
    await expect(engine.outside.push(to, BY)).rejects.toMatchObject({ kind: 'refused', message: why });
    await expect(engine.outside.openPullRequest(to, BY)).rejects.toMatchObject({ kind: 'refused', message: why });
    expect(repo.head()).toBe(head);
    expect(engine.pushed).toEqual([]);
    database.db.prepare(`UPDATE sessions SET state = 'ended' WHERE id = ?`).run(follower);
    expect((await engine.outside.push(to, BY)).commit).toBe(tip);
    expect((await engine.after.merge({ sessionId }, BY)).commit).toBe(tip);
  });
});

describe('a merge that is cut off in the middle', () => {
  /** A checkout that stops half-way: the smudge filter of the last file waits for ever. */
  async function stuck(): Promise<{ git: ChildProcess; merge: Parameters<typeof engine.storage.beginMerge>[0] }> {
    const from = repo.commit({ '.gitattributes': 'z.slow filter=slow\n', 'gone.txt': 'x\n' });
    tree.git('merge', '--quiet', '--ff-only', 'main');
    rmSync(join(tree.path, 'gone.txt'));
    const to = tree.commit({ 'a.txt': 'changed\n', 'dir/added.txt': 'new\n', 'z.slow': 'never\n' });
    const begun = join(tempDir(), 'begun');
    repo.git('config', 'filter.slow.smudge', `touch ${begun}; sleep 600`);
    const nonce = ids.uuid();
    const merge = {
      sessionId,
      repository: repo.path,
      tree: repo.path,
      target: 'main',
      fromCommit: from,
      toCommit: to,
      tip: to,
      by: BY,
      nonce,
      at: clock.now(),
    };
    engine.storage.beginMerge(merge);
    const git = spawn('git', ['merge', '--quiet', '--ff-only', to], {
      cwd: repo.path,
      env: { ...env, TENURE_NONCE: nonce },
      detached: true,
      stdio: 'ignore',
    });
    await until('the checkout is half-way', () => existsSync(begun));
    return { git, merge };
  }

  async function kill({ git }: { git: ChildProcess }): Promise<void> {
    const gone = once(git, 'exit');
    process.kill(-(git.pid ?? 0), 'SIGKILL');
    await gone;
    repo.git('config', '--unset', 'filter.slow.smudge');
    const lock = join(repo.path, '.git/index.lock');
    expect(existsSync(lock)).toBe(true);
    utimesSync(lock, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000));
  }

  it('by kill -9: the next start takes it back, and then it can be merged', async () => {
    const { git, merge } = await stuck();
    await engine.recover();
    expect(engine.storage.merges()).toHaveLength(1); // it still runs
    await kill({ git });
    expect(repo.git('status', '--porcelain')).not.toBe('');
    repo.write('mine', 'untracked');
    await engine.recover();
    expect(repo.head()).toBe(merge.fromCommit);
    expect(repo.git('status', '--porcelain')).toBe('?? mine');
    expect(engine.storage.merges()).toEqual([]);
    expect(existsSync(join(repo.path, 'dir/added.txt'))).toBe(false);
    expect((await engine.after.merge({ sessionId }, BY)).commit).toBe(merge.toCommit);
    expect(repo.git('status', '--porcelain')).toBe('?? mine');
  });

  it('is left alone where a person has changed a file since', async () => {
    const started = await stuck();
    await kill(started);
    repo.write('a.txt', 'typed by a person\n');
    await engine.recover();
    expect(readFileSync(join(repo.path, 'a.txt'), 'utf8')).toBe('typed by a person\n');
    expect(engine.warned).toEqual([
      expect.objectContaining({ why: expect.stringMatching(/a\.txt" was changed meanwhile/) }),
    ]);
    expect(engine.storage.merges()).toHaveLength(1);
  });

  it('of which only the record is missing is written down', async () => {
    const tip = tree.commit({ x: '1' });
    const from = repo.head();
    repo.git('merge', '--quiet', '--ff-only', tip);
    const at = { sessionId, repository: repo.path, tree: repo.path, target: 'main', fromCommit: from, toCommit: tip };
    engine.storage.beginMerge({ ...at, tip, by: BY, nonce: 'gone', at: 1 });
    await engine.recover();
    expect(engine.stateOf(sessionId)).toMatchObject({ state: 'merged', by: BY });
    expect(engine.storage.merges()).toEqual([]);
  });

  it('by an error half-way is taken back at once', async () => {
    const tip = tree.commit({ 'a.txt': 'changed\n', 'x.bad': 'x\n', '.gitattributes': '*.bad filter=bad\n' });
    repo.git('config', 'filter.bad.clean', 'cat');
    repo.git('config', 'filter.bad.smudge', 'false');
    repo.git('config', 'filter.bad.required', 'true');
    const head = repo.head();
    await expect(engine.after.merge({ sessionId }, BY)).rejects.toThrow(/Nothing was changed\.$/);
    expect(repo.head()).toBe(head);
    clean(repo);
    expect(engine.storage.merges()).toEqual([]);
    repo.git('config', '--remove-section', 'filter.bad');
    expect((await engine.after.merge({ sessionId }, BY)).commit).toBe(tip);
  });
});

describe('what became of it', () => {
  it('is noticed when a person merges by hand', async () => {
    const tip = tree.commit({ x: '1' });
    database.db.prepare('UPDATE sessions SET commits = 1 WHERE id = ?').run(sessionId);
    const live = new AbortController().signal;
    await engine.after.recogniseAll(live);
    expect(engine.stateOf(sessionId).state).toBe('open');
    repo.git('merge', '--quiet', '--no-ff', '-m', 'by hand', tip);
    await engine.after.recogniseAll(live);
    expect(engine.stateOf(sessionId)).toMatchObject({ state: 'merged', by: 'outside' });
  });

  it('tells merged, reverted, brought back, and reverted in part', async () => {
    const fate = () => engine.after.fate(sessionId);
    expect((await fate()).fate).toBe('none');
    const first = tree.commit({ x: '1' });
    tree.commit({ y: '1' });
    expect(await fate()).toEqual({ fate: 'open', target: 'main', commits: 2, reverted: 0 });
    repo.commit({ other: '1' });
    await engine.after.merge({ sessionId }, BY);
    expect(await fate()).toEqual({ fate: 'merged', target: 'main', commits: 2, reverted: 0 });
    repo.git('revert', '--no-edit', first);
    expect(await fate()).toMatchObject({ fate: 'merged', reverted: 1 });
    repo.git('revert', '--no-edit', 'HEAD');
    expect(await fate()).toMatchObject({ fate: 'merged', reverted: 0 });
    repo.git('revert', '--no-edit', '-m', '1', 'HEAD~2');
    expect(await fate()).toMatchObject({ fate: 'reverted', reverted: 2 });
  });

  describe('under other commits', () => {
    const fate = async () => (await engine.after.fate(sessionId)).fate;
    const lost = async () => (await engine.after.preview({ sessionId })).loss.commits;
    const lines = (...last: string[]): string =>
      `${[...Array.from({ length: 30 }, (_, n) => `line ${n}`), ...last].join('\n')}\n`;

    it('squashed is merged, also when the target has gone on and goes on; and its tree can be cleaned', async () => {
      repo.commit({ 'long.txt': lines() });
      const made = await endedSession();
      sessionId = made.id;
      made.tree.commit({ 'long.txt': lines('one') });
      made.tree.commit({ 'long.txt': lines('one', 'two'), 'new.txt': 'n\n' });
      database.db.prepare('UPDATE sessions SET commits = 2 WHERE id = ?').run(sessionId);
      expect([await fate(), await lost()]).toEqual(['open', 2]);
      repo.commit({ 'long.txt': `before\n${lines()}`, 'c.txt': 'c' });
      repo.git('merge', '--quiet', '--squash', repo.git('rev-parse', `tenure/${sessionId}`));
      repo.git('commit', '--quiet', '-m', 'All of it (#12)');
      repo.commit({ 'd.txt': 'd' });
      expect([await fate(), await lost()]).toEqual(['merged', 0]);
      await engine.after.recogniseAll(new AbortController().signal);
      expect(engine.stateOf(sessionId)).toMatchObject({ state: 'merged', by: 'outside' });
      await engine.use.clean({}, BY);
      expect(existsSync(made.tree.path)).toBe(false);
    });

    it('rebased, commit by commit, is merged', async () => {
      tree.commit({ x: '1' });
      const second = tree.commit({ y: '1' });
      repo.commit({ other: '1' });
      repo.git('cherry-pick', `${second}~1`);
      expect([await fate(), await lost()]).toEqual(['open', 2]);
      repo.git('cherry-pick', second);
      expect([await fate(), await lost()]).toEqual(['merged', 0]);
      repo.git('revert', '--no-edit', 'HEAD', 'HEAD~1');
      expect([await fate(), await lost()]).toEqual(['reverted', 2]);
    });

    it.each<[string, (tip: string) => void]>([
      ['squashed in part', () => repo.commit({ x: 'one\n' })],
      ['squashed and changed on the way', () => repo.commit({ x: 'one\n', y: 'other\n' })],
      ['squashed with other blanks', () => repo.commit({ x: 'one\n', y: '  two\n' })],
      [
        'squashed, and then gone on with',
        (tip) => {
          repo.git('merge', '--quiet', '--squash', tip);
          repo.git('commit', '--quiet', '-m', 'squashed');
          tree.commit({ z: 'more\n' });
        },
      ],
      [
        'squashed, with another commit on a branch of its own',
        (tip) => {
          repo.git('merge', '--quiet', '--squash', tip);
          repo.git('commit', '--quiet', '-m', 'squashed');
          tree.git('switch', '--quiet', '--detach', 'HEAD~1');
          tree.commit({ w: 'aside\n' });
        },
      ],
    ])('%s it is not merged, and not cleaned', async (_how, bring) => {
      tree.commit({ x: 'one\n' });
      const tip = tree.commit({ y: 'two\n' });
      bring(tip);
      expect(await lost()).toBeGreaterThan(0);
      await engine.use.clean({}, BY);
      expect(existsSync(tree.path)).toBe(true);
    });

    it('is not told where a merge was resolved by hand', async () => {
      tree.commit({ 'a.txt': 'mine\n' });
      const theirs = repo.commit({ 'a.txt': 'theirs\n' });
      expect(() => tree.git('merge', '--quiet', theirs)).toThrow();
      tree.commit({ 'a.txt': 'both, by hand\n' });
      repo.commit({ 'a.txt': 'mine\n' });
      expect(await fate()).toBe('open');
    });
  });

  it('is none for a session that made nothing', async () => {
    database.db.prepare('UPDATE sessions SET commits = 0 WHERE id = ?').run(sessionId);
    database.db
      .prepare(
        `INSERT INTO evaluations (id, session_id, number, reason, outcome, evidence, at) VALUES ('e', ?, 1, '', '', '{"uncommittedFiles":0}', 1)`,
      )
      .run(sessionId);
    expect(engine.stateOf(sessionId).state).toBe('none');
    expect((await endedSession({ state: 'working' })).id).not.toBe(sessionId);
  });
});

describe('keep and discard', () => {
  it('keeps, and says so', async () => {
    tree.commit({ x: '1' });
    expect(engine.after.keep({ sessionId }, BY)).toMatchObject({ state: 'kept', by: BY });
    expect((await engine.use.list({})).trees.find((one) => one.sessionId === sessionId)?.keeps).toBe(
      'A person keeps it.',
    );
  });

  it('discards nothing of worth without its exact confirmation', async () => {
    tree.commit({ x: '1' });
    tree.write('draft', 'x');
    const { loss } = await engine.after.preview({ sessionId });
    expect(loss).toEqual({ uncommittedFiles: 1, commits: 1 });
    for (const confirm of [undefined, { uncommittedFiles: 0, commits: 1 }, { uncommittedFiles: 1, commits: 0 }]) {
      await expect(engine.after.discard({ sessionId, confirm }, BY)).rejects.toMatchObject({
        kind: 'conflict',
        message: expect.stringMatching(/loses 1 uncommitted file and 1 commit that no other branch has/),
      });
    }
    expect(existsSync(join(tree.path, 'draft'))).toBe(true);
    expect(await engine.after.discard({ sessionId, confirm: loss }, BY)).toMatchObject({ state: 'discarded', by: BY });
    expect(existsSync(tree.path)).toBe(false);
    expect(repo.git('branch', '--format=%(refname:short)')).toBe('main');
  });

  it('needs no confirmation where nothing is lost, and leaves merged work merged', async () => {
    tree.commit({ x: '1' });
    await engine.after.merge({ sessionId }, BY);
    expect((await engine.after.discard({ sessionId }, BY)).state).toBe('merged');
    expect(existsSync(tree.path)).toBe(false);
    expect((await engine.after.preview({ sessionId })).fate.fate).toBe('merged');
  });

  it('takes a moved, a deleted, a locked and a shared tree for what they are', async () => {
    tree.commit({ x: '1' });
    const moved = join(tempDir(), 'moved');
    repo.git('worktree', 'move', tree.path, moved);
    expect((await engine.after.preview({ sessionId })).tree).toBe(moved);
    repo.git('worktree', 'lock', '--reason', 'mine', moved);
    await expect(engine.after.discard({ sessionId, confirm: { uncommittedFiles: 0, commits: 1 } }, BY)).rejects.toThrow(
      /has locked the work tree .* \(mine\)/,
    );
    repo.git('worktree', 'unlock', moved);
    rmSync(moved, { recursive: true });
    expect(await engine.after.preview({ sessionId })).toMatchObject({ tree: null, ahead: 1, how: 'fast_forward' });
    const other = insertSession(database.db, { state: 'working', worktree: tree.path, baseCommit: repo.head() });
    const confirm = { uncommittedFiles: 0, commits: 1 };
    await expect(engine.after.discard({ sessionId, confirm }, BY)).rejects.toThrow(
      `Session ${other} works in the same tree`,
    );
    database.db.prepare(`UPDATE sessions SET state = 'ended' WHERE id = ?`).run(other);
    expect((await engine.after.discard({ sessionId, confirm }, BY)).state).toBe('discarded');
  });

  describe.each<[string, () => void, number]>([
    ['with HEAD detached', () => (tree.git('checkout', '--quiet', '--detach'), tree.commit({ x: '1' })), 1],
    [
      'in the middle of a rebase',
      () => {
        tree.commit({ 'a.txt': 'one\nSESSION\nthree\n' });
        tree.commit({ y: '1' });
        repo.commit({ 'a.txt': 'one\nPERSON\nthree\n' });
        // The branch still has both of its commits; HEAD has the first one made anew.
        expect(() => tree.git('rebase', '--quiet', 'main')).toThrow();
        tree.write('a.txt', 'one\nBOTH\nthree\n');
        tree.git('add', '--all');
        tree.git('commit', '--quiet', '--message', 'resolved');
      },
      3,
    ],
    [
      'on another branch than its own, which has work too',
      () => {
        tree.commit({ x: '1' });
        tree.git('switch', '--quiet', '--create', 'theirs', 'main');
        tree.commit({ y: '1' });
      },
      1,
    ],
  ])('work %s', (_how, make, commits) => {
    beforeEach(make);

    it('is discarded only with a confirmation of every commit', async () => {
      expect((await engine.after.preview({ sessionId })).loss).toEqual({ uncommittedFiles: 0, commits });
      await expect(engine.after.discard({ sessionId }, BY)).rejects.toThrow(/that no other branch has/);
      const confirm = { uncommittedFiles: 0, commits };
      expect((await engine.after.discard({ sessionId, confirm }, BY)).state).toBe('discarded');
      expect(existsSync(tree.path)).toBe(false);
      expect(repo.git('branch', '--list', 'tenure*')).toBe('');
    });

    it('is not cleaned', async () => {
      expect((await engine.use.clean({}, BY)).removed).toEqual([]);
      expect(existsSync(tree.path)).toBe(true);
    });
  });

  it('leaves a branch that is checked out elsewhere, and counts its commits as kept', async () => {
    tree.commit({ x: '1' });
    tree.git('checkout', '--quiet', '--detach');
    repo.git('switch', '--quiet', `tenure/${sessionId}`);
    expect((await engine.after.discard({ sessionId }, BY)).state).toBe('discarded');
    expect(existsSync(tree.path)).toBe(false);
    clean(repo);
    expect(readFileSync(join(repo.path, 'x'), 'utf8')).toBe('1');
  });

  it('removes a tree with submodules', async () => {
    const inner = testRepository({ name: 'inner' });
    tree.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner.path, 'sub');
    tree.commit();
    await engine.after.discard({ sessionId, confirm: { uncommittedFiles: 0, commits: 1 } }, BY);
    expect(existsSync(tree.path)).toBe(false);
  });
});

describe('a tree of several sessions', () => {
  /** A follow-up that has ended, as it is written down when it goes on in the tree. */
  async function followUp(): Promise<string> {
    const id = insertSession(database.db, { projectId, state: 'ended' });
    const place = await createAgain(engine.git, createRepositoryLock(clock)).reopen({ path: repo.path }, tree.path);
    database.db
      .prepare(
        'UPDATE sessions SET branch = ?, worktree = ?, base_commit = ?, created_at = created_at + 1 WHERE id = ?',
      )
      .run(place.branch, place.worktree, place.baseCommit, id);
    return id;
  }

  it('is not cleaned while a person keeps the work of any of them', async () => {
    await followUp();
    engine.after.keep({ sessionId }, BY);
    expect((await engine.use.list({})).trees.map(({ keeps }) => keeps)).toEqual(['A person keeps it.']);
    expect((await engine.use.clean({}, BY)).removed).toEqual([]);
    expect(existsSync(tree.path)).toBe(true);
  });

  it('is settled for all of them, by cleaning', async () => {
    const second = await followUp();
    expect((await engine.use.clean({}, BY)).removed).toHaveLength(1);
    for (const id of [sessionId, second]) expect(engine.stateOf(id)).toMatchObject({ state: 'discarded', by: BY });
    expect(repo.git('branch', '--format=%(refname:short)')).toBe('main');
  });

  it('is settled for all of them, by discarding; what was merged by hand stays merged', async () => {
    const first = tree.commit({ x: '1' });
    repo.git('merge', '--quiet', '--ff-only', first);
    tree.git('switch', '--quiet', '--create', 'theirs');
    const [second, third] = [await followUp(), await followUp()];
    tree.commit({ y: '1' });
    engine.after.keep({ sessionId: second }, BY);
    await engine.after.discard({ sessionId: third }, BY);
    expect(engine.stateOf(sessionId)).toMatchObject({ state: 'merged', by: 'outside' });
    for (const id of [second, third]) expect(engine.stateOf(id)).toMatchObject({ state: 'discarded', by: BY });
  });

  it('takes only branches that Tenure made along', async () => {
    tree.git('switch', '--quiet', '--create', 'theirs');
    const id = await followUp();
    const tip = tree.commit({ x: '1' });
    expect((await engine.after.preview({ sessionId: id })).loss).toEqual({ uncommittedFiles: 0, commits: 0 });
    await engine.after.discard({ sessionId: id }, BY);
    expect(existsSync(tree.path)).toBe(false);
    expect(repo.git('branch', '--format=%(refname:short) %(objectname)')).toBe(`main ${repo.head()}\ntheirs ${tip}`);
  });

  it('is never taken for another tree in which a person works on such a branch', async () => {
    tree.git('switch', '--quiet', '--create', 'theirs');
    const id = await followUp();
    repo.git('worktree', 'remove', tree.path);
    const own = join(tempDir(), 'own');
    repo.git('worktree', 'add', '--quiet', own, 'theirs');
    await engine.after.discard({ sessionId: id }, BY);
    expect(existsSync(own)).toBe(true);
    expect(repo.git('branch', '--list', '--format=%(refname:short)', 'theirs')).toBe('theirs');
  });
});

describe('the disk', () => {
  it('is told by tree and project, and cleaned of what nothing is lost with', async () => {
    tree.commit({ big: Buffer.alloc(300_000, 'x') });
    await engine.after.merge({ sessionId }, BY);
    const open = await endedSession();
    open.tree.commit({ y: '1' });
    const dirty = await endedSession();
    dirty.tree.write('draft', 'x');
    mkdirSync(join(dataDir, 'worktrees/prj_gone/ses_gone'), { recursive: true });
    // Made for a session that is still to come, and not filled yet.
    const next = join(dataDir, 'worktrees', projectId, 'ses_next');
    mkdirSync(next);
    writeFileSync(`${next}.ahead`, '{}');
    const uses = await engine.use.list({ fresh: true });
    const keeps = Object.fromEntries(
      uses.trees.map((one) => [one.sessionId ?? (one.path === next ? 'next' : 'unknown'), one.keeps]),
    );
    expect(keeps).toEqual({
      [sessionId]: null,
      [open.id]: 'It has 1 commit that no other branch has.',
      [dirty.id]: 'It has 1 uncommitted file.',
      next: 'It is ready for the next session of its project.',
      unknown: 'No session of Tenure knows this folder.',
    });
    expect(uses.projects.find((one) => one.projectId === projectId)?.trees).toBe(4);
    expect(uses.complete).toBe(true);
    expect(uses.cleanableBytes).toBeGreaterThan(300_000);
    expect(uses.totalBytes).toBeGreaterThan(uses.cleanableBytes);
    const { removed, kept } = await engine.use.clean({}, BY);
    expect(removed.map(({ path }) => path).toSorted()).toEqual(
      [tree.path, join(dataDir, 'worktrees/prj_gone/ses_gone')].toSorted(),
    );
    expect(kept).toEqual([]);
    expect([open.tree.path, next].every(existsSync)).toBe(true);
    expect((await engine.use.clean({ paths: [dirty.tree.path, '/nowhere'] }, BY)).kept).toEqual([
      { path: '/nowhere', why: 'There is no such work tree.' },
      { path: dirty.tree.path, why: 'It has 1 uncommitted file.' },
    ]);
  });
});

describe('outside', () => {
  const program = (name: string, script: string): void => {
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };

  it('opens the tree in the editor that is set, without a shell', async () => {
    const said = join(home, 'said');
    await expect(engine.outside.open({ sessionId, with: 'editor' })).rejects.toThrow(
      /"edit" of the setting worktrees\.editor/,
    );
    program('edit', `printf '%s\\n' "$PWD" "$@" > ${said}`);
    expect((await engine.outside.open({ sessionId, with: 'editor' })).command.slice(1)).toEqual(['--wait', tree.path]);
    expect(readFileSync(said, 'utf8')).toBe(`${tree.path}\n--wait\n${tree.path}\n`);
    program('edit', 'exit 4');
    await expect(engine.outside.open({ sessionId, with: 'editor' })).rejects.toThrow(/ended with 4/);
    await expect(engine.outside.open({ sessionId, with: 'terminal' })).rejects.toThrow(/No terminal was found/);
  });

  it('pushes to a remote by name, never by force, and tells', async () => {
    const bare = join(tempDir(), 'origin.git');
    repo.git('clone', '--quiet', '--bare', '.', bare);
    repo.git('remote', 'add', 'origin', bare);
    const tip = tree.commit({ x: '1' });
    const to = { sessionId, remote: 'origin', branch: 'work/x', confirm: true as const };
    expect(await engine.outside.push(to, BY)).toEqual({ remote: 'origin', branch: 'work/x', commit: tip, url: bare });
    expect(engine.pushed).toEqual([{ sessionId, remote: 'origin', branch: 'work/x', commit: tip, by: BY }]);
    const at = repositoryAt(bare, home);
    expect(at.git('rev-parse', 'work/x')).toBe(tip);
    // Somebody else has pushed there: not overwritten.
    at.git('update-ref', 'refs/heads/work/x', at.git('commit-tree', '-m', 'other', `${tip}^{tree}`));
    await expect(engine.outside.push(to, BY)).rejects.toThrow(/Nothing was pushed to "origin" as "work\/x"/);
    await expect(engine.outside.push({ ...to, remote: '--all' }, BY)).rejects.toThrow(
      /no remote "--all"\. It has origin\./,
    );
    await expect(engine.outside.push({ ...to, branch: '-d' }, BY)).rejects.toThrow(/no name for a branch/);
    await expect(engine.outside.push({ ...to, branch: 'a..b' }, BY)).rejects.toThrow(/no name for a branch/);
  });

  it('opens a pull request by gh, or names the page', async () => {
    const bare = join(tempDir(), 'origin.git');
    repo.git('clone', '--quiet', '--bare', '.', bare);
    repo.git('remote', 'add', 'origin', 'https://user:secret@github.com/ada/shop.git');
    repo.git('config', `url.${bare}.pushInsteadOf`, 'https://user:secret@github.com/ada/shop.git');
    tree.commit({ x: '1' });
    const to = { sessionId, remote: 'origin', branch: 'work/x', confirm: true as const };
    await expect(engine.outside.openPullRequest(to, BY)).rejects.toThrow(/no page for pull requests is known/);
  });
});
