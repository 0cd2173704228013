import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { tempDir, testRepository } from '../../../test/builders.ts';
import { until } from '../../../test/rig.ts';
import { branches, git, projectAt, spawner, type WorktreesRig, worktreesRig } from '../../../test/worktrees-rig.ts';

let worktrees: WorktreesRig['worktrees'];
beforeEach(() => {
  ({ worktrees } = worktreesRig());
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
    const ready = await worktrees.setUp(project, place, run());
    expect(readFileSync(join(place.cwd, 'made'), 'utf8')).toBe('# A project\n');
    const note = "Its set-up left 1 uncommitted file (made), shown among the session's own.";
    expect(ready).toEqual({ baseCommit: place.baseCommit, note });
  });

  it('may commit: from there on the work is the agent’s', async () => {
    const repo = testRepository();
    const commit = 'touch made && git add made && git -c user.name=S -c user.email=s@x commit -qm "Set up"';
    const project = { ...projectAt(repo), ...setUp, setupCommand: commit };
    const place = await worktrees.prepare(project, 'ses_1');
    const ready = await worktrees.setUp(project, place, run());
    expect(ready).toEqual({ baseCommit: await git.commitAt(place.cwd, 'HEAD'), note: null });
    expect(await git.countCommits(place.cwd, place.baseCommit, 'HEAD')).toBe(1);
  });

  it.each([
    ['echo installing; echo "no such package" >&2; exit 3', 20_000, /ended with 3\.\ninstalling\nno such package$/],
    ['echo begun; sleep 60', 300, /did not finish within 0\.3 s\.\nbegun$/],
    ['rm -r .git', 20_000, /left no work tree with the branch tenure\/ses_1 checked out in ".*ses_1"\.$/],
    ['cd .. && rm -r "$OLDPWD"', 20_000, /left no work tree/],
    ['git checkout --quiet --detach', 20_000, /left no work tree with the branch tenure\/ses_1/],
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
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
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
