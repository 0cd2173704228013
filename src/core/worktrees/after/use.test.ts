import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AfterRig, afterRig, BY, home } from '../../../../test/after-rig.ts';
import { insertSession, repositoryAt, type TestRepository } from '../../../../test/builders.ts';

let tree: TestRepository;
let sessionId: AfterRig['sessionId'];
let projectId: AfterRig['projectId'];
let engine: AfterRig['engine'];
let dataDir: AfterRig['dataDir'];
let endedSession: AfterRig['endedSession'];
let repo: AfterRig['repo'];
let database: AfterRig['database'];
beforeEach(async () => {
  ({ tree, sessionId, projectId, engine, dataDir, endedSession, repo, database } = await afterRig());
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
      unknown: null,
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

/** A tree made under that id, as it is left when no session comes to use it. */
async function nobodys(id: string) {
  const project = {
    id: projectId,
    name: 'app',
    path: repo.path,
    worktree: true,
    base: 'current' as const,
    include: [],
  };
  const { cwd, branch } = await engine.worktrees.prepare(project, id);
  return { path: cwd, branch: branch ?? '', tree: repositoryAt(cwd, home) };
}
const useOf = async (path: string) => (await engine.use.list({})).trees.find((one) => one.path === path);

describe('a tree that is no session’s', () => {
  it('in which somebody was is told with what it holds, and goes only when a person agrees to that', async () => {
    const { path, branch, tree: by } = await nobodys('ses_next');
    writeFileSync(`${path}.ahead`, '{}');
    expect(await useOf(path)).toMatchObject({ keeps: 'It is ready for the next session of its project.', loss: null });
    await expect(engine.use.remove({ path }, BY)).rejects.toMatchObject({ kind: 'refused' });
    by.commit({ mine: '1' });
    by.write('draft', 'x');
    const loss = { uncommittedFiles: 1, commits: 1 };
    const keeps = "It is no session's, and has 1 uncommitted file and 1 commit that no other branch has.";
    expect(await useOf(path)).toMatchObject({ keeps, loss, sessionId: null });
    await engine.use.clean({}, BY);
    const without = { ...loss, commits: 0 };
    for (const confirm of [undefined, without]) {
      await expect(engine.use.remove({ path, confirm }, BY)).rejects.toMatchObject({ kind: 'conflict' });
    }
    expect(repo.git('branch', '--list', branch)).toContain(branch);
    await engine.use.remove({ path, confirm: loss }, BY);
    expect(existsSync(path)).toBe(false);
    expect(repo.git('branch', '--list', branch)).toBe('');
    expect(repo.git('worktree', 'list')).not.toContain(path);
  });

  it('and holds nothing is cleaned with its branch, unless its session is about to come', async () => {
    const { path, branch } = await nobodys('ses_left');
    const soon = insertSession(database.db, { projectId, state: 'starting' });
    const { path: awaited } = await nobodys(soon);
    expect(await useOf(awaited)).toMatchObject({ keeps: `Session ${soon} is about to work in it.`, loss: null });
    expect((await engine.use.clean({ paths: [path, awaited] }, BY)).removed.map((one) => one.path)).toEqual([path]);
    expect(repo.git('branch', '--list', branch)).toBe('');
    expect(existsSync(awaited)).toBe(true);
  });

  it('locked by somebody stays', async () => {
    const { path } = await nobodys('ses_left');
    repo.git('worktree', 'lock', path);
    await expect(engine.use.remove({ path }, BY)).rejects.toThrow('Somebody has locked it.');
    expect(existsSync(path)).toBe(true);
  });
});

it('trees of a repository that is gone stay, with the reason, until a person agrees to lose their files', async () => {
  const { path } = await nobodys('ses_left');
  tree.commit({ 'in/deep': '1' });
  rmSync(repo.path, { recursive: true });
  const files = { uncommittedFiles: 3, commits: 0 };
  const of = `"${repo.path}" is not there, so nobody can tell what of its 3 files is elsewhere.`;
  expect(await useOf(path)).toMatchObject({ keeps: `Its repository ${of}`, loss: files });
  const lost = { uncommittedFiles: 4, commits: 0 };
  expect(await useOf(tree.path)).toMatchObject({
    keeps: expect.stringContaining(`The repository "${repo.path}" is not there: it was moved or deleted`),
    loss: lost,
    sessionId,
  });
  expect((await engine.use.clean({}, BY)).removed).toEqual([]);
  await expect(engine.use.remove({ path }, BY)).rejects.toMatchObject({ kind: 'conflict' });
  await engine.use.remove({ path, confirm: files }, BY);
  await engine.use.remove({ path: tree.path, confirm: lost }, BY);
  expect([path, tree.path].some(existsSync)).toBe(false);
  expect(engine.stateOf(sessionId)).toMatchObject({ state: 'discarded', by: BY });
  await expect(engine.use.remove({ path }, BY)).rejects.toMatchObject({ kind: 'not_found' });
});

it('a tree that its repository has forgotten is not taken for gone, and goes by a word that leaves its branch', async () => {
  tree.write('draft', 'x');
  rmSync(join(repo.path, '.git/worktrees', sessionId), { recursive: true });
  const words = `"${repo.path}" does not know the work tree "${tree.path}" any more.`;
  expect(await useOf(tree.path)).toMatchObject({
    keeps: expect.stringContaining(words),
    loss: { uncommittedFiles: 4, commits: 0 },
  });
  expect((await engine.use.clean({}, BY)).removed).toEqual([]);
  await expect(engine.after.discard({ sessionId }, BY)).rejects.toThrow(words);
  expect(engine.stateOf(sessionId).state).toBe('open');
  expect(existsSync(join(tree.path, 'draft'))).toBe(true);
  const confirm = { uncommittedFiles: 4, commits: 0 };
  await engine.use.remove({ path: tree.path, confirm }, BY);
  expect(existsSync(tree.path)).toBe(false);
  expect(repo.git('branch', '--list', 'tenure*')).not.toBe('');
  expect(engine.stateOf(sessionId).state).toBe('open');
  await engine.after.discard({ sessionId }, BY);
  expect(repo.git('branch', '--list', 'tenure*')).toBe('');
});
