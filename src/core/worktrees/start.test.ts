import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { repositoryAt, tempDir, testRepository } from '../../../test/builders.ts';
import { branches, home, projectAt, type WorktreesRig, worktreesRig } from '../../../test/worktrees-rig.ts';

let worktrees: WorktreesRig['worktrees'];
beforeEach(() => {
  ({ worktrees } = worktreesRig());
});

it('names the program of the repository without which no tree can be made', async () => {
  const repo = testRepository();
  repo.commit({ '.gitattributes': '*.bin filter=lfs\n', 'a.bin': 'x' });
  repo.git('config', 'filter.lfs.required', 'true');
  repo.git('config', 'filter.lfs.process', 'no-such-lfs filter-process');
  await expect(worktrees.prepare(projectAt(repo), 'ses_1')).rejects.toThrow(/no-such-lfs: .*not found; the remote end/);
  expect(branches(repo)).toEqual(['main']);
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
