import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { repositoryAt, tempDir, testRepository } from '../../../test/builders.ts';
import { home, projectAt, type WorktreesRig, worktreesRig } from '../../../test/worktrees-rig.ts';

let worktrees: WorktreesRig['worktrees'];
beforeEach(() => {
  ({ worktrees } = worktreesRig());
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
