import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AfterRig, afterRig, BY, clean, home } from '../../../../test/after-rig.ts';
import { insertSession, type TestRepository, tempDir, testRepository } from '../../../../test/builders.ts';
import { lookAt } from './look.ts';
import { carryOut } from './merge.ts';

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
    [
      'a submodule at another commit',
      ({ repo: at }) => {
        const inner = testRepository({ name: 'inner' });
        inner.commit({ a: '1' });
        at.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner.path, 'lib');
        at.git('commit', '--quiet', '-m', 'lib');
        at.git('-C', 'lib', 'commit', '--quiet', '--allow-empty', '-m', 'on');
      },
      /has 1 uncommitted file \(lib\)\. Only the commit of a submodule differs: run "git submodule update" there/,
    ],
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
    [
      'a file where it puts a folder',
      ({ repo: at, tree: by }) => (by.commit({ 'thing/a': '1' }), at.write('thing', 'mine')),
      /^thing in .* would be overwritten/,
    ],
    [
      'a link that leads nowhere',
      ({ repo: at }) => symlinkSync('gone/for/good', join(at.path, 'new.txt')),
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

  it('puts a file where the target has a folder, and names the place when both sides did such a thing', async () => {
    repo.commit({ 'thing/a': '1', 'thing/b/c': '1' });
    const { tree: by, id } = await endedSession();
    rmSync(join(by.path, 'thing'), { recursive: true });
    by.commit({ thing: 'a file now' });
    repo.write('thing/mine', 'x');
    await expect(engine.after.merge({ sessionId: id }, BY)).rejects.toThrow(/^thing in .* would be overwritten/);
    rmSync(join(repo.path, 'thing/mine'));
    expect((await engine.after.merge({ sessionId: id }, BY)).how).toBe('fast_forward');
    expect(readFileSync(join(repo.path, 'thing'), 'utf8')).toBe('a file now');
    tree.commit({ 'thing/a': '2' });
    expect(await engine.after.preview({ sessionId })).toMatchObject({ how: null, conflicts: ['thing'] });
    clean(repo);
  });

  it('moves the target whatever its configuration says of merges', async () => {
    repo.git('config', 'branch.main.mergeOptions', '--no-ff --squash --no-commit');
    repo.git('config', 'merge.ff', 'false');
    const tip = tree.commit({ 'new.txt': 'x' });
    expect(await engine.after.merge({ sessionId }, BY)).toMatchObject({ how: 'fast_forward', commit: tip });
    expect(repo.head()).toBe(tip);
    clean(repo);
  });

  it('leaves a branch alone that a person is rebasing: until they are done it is checked out nowhere', async () => {
    tree.commit({ 'new.txt': 'x' });
    repo.git('switch', '--quiet', '--create', 'other');
    repo.commit({ 'a.txt': 'other\n' });
    repo.git('switch', '--quiet', 'main');
    const mine = repo.commit({ 'a.txt': 'mine\n' });
    expect(() => repo.git('rebase', '--quiet', 'other')).toThrow();
    await expect(engine.after.merge({ sessionId }, BY)).rejects.toThrow(/^A rebase of "main" is under way in/);
    expect(repo.git('rev-parse', 'main')).toBe(mine);
    repo.git('rebase', '--abort');
    expect((await engine.after.merge({ sessionId }, BY)).how).toBe('merge_commit');
  });

  it('moves no other branch to which a person has gone meanwhile', async () => {
    const tip = tree.commit({ 'new.txt': 'x' });
    const session = engine.storage.get(sessionId) ?? expect.fail();
    const at = await lookAt(engine.git, session, null, [`tenure/${sessionId}`]);
    const plan = { how: 'fast_forward', to: { commit: tip }, conflicts: [] } as const;
    repo.git('switch', '--quiet', '--create', 'elsewhere');
    const book = { begin: () => expect.fail(), end: () => expect.fail() };
    const known = { ...at, target: 'main', targetCommit: repo.head() };
    const work = carryOut(engine.git, book, known, { ...plan, conflicts: [] }, { by: BY, nonce: 'n', at: 0 });
    await expect(work).rejects.toMatchObject({ kind: 'conflict' });
    expect(repo.git('rev-parse', 'main', 'elsewhere').split('\n')).not.toContain(tip);
  });

  it('is refused where there is nothing to merge', async () => {
    await expect(engine.after.merge({ sessionId }, BY)).rejects.toThrow(
      /has made no commit: there is nothing to merge/,
    );
    expect(engine.stateOf(sessionId).state).not.toBe('merged');
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
