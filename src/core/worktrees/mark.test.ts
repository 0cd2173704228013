import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { tempDir, testRepository } from '../../../test/builders.ts';
import { type WorktreesRig, worktreesRig } from '../../../test/worktrees-rig.ts';

let worktrees: WorktreesRig['worktrees'];
beforeEach(() => {
  ({ worktrees } = worktreesRig());
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
