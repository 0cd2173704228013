import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AfterRig, afterRig, BY, clean, clock, home } from '../../../../test/after-rig.ts';
import {
  insertSession,
  repositoryAt,
  type TestRepository,
  tempDir,
  testRepository,
} from '../../../../test/builders.ts';
import { createAgain } from '../again.ts';
import { createRepositoryLock } from '../lock.ts';

let repo: TestRepository;
let tree: TestRepository;
let sessionId: AfterRig['sessionId'];
let projectId: AfterRig['projectId'];
let engine: AfterRig['engine'];
let database: AfterRig['database'];
let endedSession: AfterRig['endedSession'];
beforeEach(async () => {
  ({ repo, tree, sessionId, projectId, engine, database, endedSession } = await afterRig());
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

  it('takes a tree that was deleted by hand out of git’s list too', async () => {
    tree.commit({ x: '1' });
    rmSync(tree.path, { recursive: true });
    await engine.after.discard({ sessionId, confirm: { uncommittedFiles: 0, commits: 1 } }, BY);
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
    expect(repo.git('branch', '--list', 'tenure*')).toBe('');
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

  it('leaves a branch that a person is rebasing', async () => {
    tree.commit({ 'a.txt': 'one\nSESSION\nthree\n' });
    tree.git('checkout', '--quiet', '--detach');
    repo.commit({ 'a.txt': 'one\nPERSON\nthree\n' });
    repo.git('switch', '--quiet', `tenure/${sessionId}`);
    expect(() => repo.git('rebase', '--quiet', 'main')).toThrow();
    const confirm = { uncommittedFiles: 0, commits: 1 };
    await expect(engine.after.discard({ sessionId, confirm }, BY)).rejects.toThrow(/^A rebase of "tenure\//);
    expect(existsSync(tree.path)).toBe(true);
  });

  it('removes a tree with submodules', async () => {
    const inner = testRepository({ name: 'inner' });
    tree.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner.path, 'sub');
    tree.commit();
    await engine.after.discard({ sessionId, confirm: { uncommittedFiles: 0, commits: 1 } }, BY);
    expect(existsSync(tree.path)).toBe(false);
  });

  it('counts what is committed in a submodule and nowhere else: it has its repository in the tree', async () => {
    const inner = testRepository({ name: 'inner' });
    repo.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner.path, 'sub');
    repo.commit();
    const { id, tree: by } = await endedSession();
    by.git('-c', 'protocol.file.allow=always', 'submodule', 'update', '--quiet', '--init');
    expect((await engine.after.preview({ sessionId: id })).loss).toEqual({ uncommittedFiles: 0, commits: 0 });
    repositoryAt(join(by.path, 'sub'), home).commit({ inside: '1' });
    by.commit();
    // The commit that names it is merged; what it names is not there.
    await engine.after.merge({ sessionId: id }, BY);
    const loss = { uncommittedFiles: 0, commits: 1 };
    expect((await engine.after.preview({ sessionId: id })).loss).toEqual(loss);
    expect((await engine.use.clean({}, BY)).removed.map(({ path }) => path)).not.toContain(by.path);
    await expect(engine.after.discard({ sessionId: id }, BY)).rejects.toMatchObject({ kind: 'conflict' });
    by.git('-C', 'sub', 'push', '--quiet', 'origin', 'HEAD:refs/heads/kept');
    expect((await engine.after.discard({ sessionId: id }, BY)).state).toBe('merged');
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
