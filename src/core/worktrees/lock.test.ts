import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { tempDir, testRepository } from '../../../test/builders.ts';
import { until } from '../../../test/rig.ts';
import { git, projectAt, type WorktreesRig, worktreesRig } from '../../../test/worktrees-rig.ts';
import { createRepositoryLock } from './lock.ts';
import { createWorktrees } from './service.ts';

let worktrees: WorktreesRig['worktrees'];
let deps: WorktreesRig['deps'];
beforeEach(() => {
  ({ worktrees, deps } = worktreesRig());
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

  it('says what is wrong where it cannot be had', async () => {
    const locked = createRepositoryLock(deps.clock);
    const work = locked('/nowhere/at/all/.git', () => Promise.resolve());
    await expect(work).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/^Nothing can be written in "\/nowhere\/at\/all\/\.git": .+\.$/),
    });
  });
});
