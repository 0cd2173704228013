import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AfterRig, afterRig, BY, clean, clock, env, ids } from '../../../../test/after-rig.ts';
import { type TestRepository, tempDir } from '../../../../test/builders.ts';
import { until } from '../../../../test/rig.ts';

let repo: TestRepository;
let tree: TestRepository;
let sessionId: AfterRig['sessionId'];
let engine: AfterRig['engine'];
beforeEach(async () => {
  ({ repo, tree, sessionId, engine } = await afterRig());
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
