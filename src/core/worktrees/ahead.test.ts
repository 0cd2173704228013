import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { gitEnv, type TestRepository, tempDir, testRepository } from '../../../test/builders.ts';
import { createClock } from '../adapters/clock.ts';
import { createGit } from '../adapters/git.ts';
import { createIds } from '../adapters/ids.ts';
import { createSpawner } from '../adapters/spawner.ts';
import { treesIn } from './after/disk.ts';
import { createWorktrees } from './service.ts';

const home = tempDir('home');
const spawner = createSpawner();
const git = createGit({ spawner, env: gitEnv(home) });
let repo: TestRepository;
let dataDir: string;
let placed: Map<string, string>;

beforeEach(() => {
  repo = testRepository();
  dataDir = tempDir('data');
  placed = new Map();
});

const engine = () =>
  createWorktrees({
    git,
    spawner,
    clock: createClock(),
    ids: createIds(),
    dataDir,
    env: async () => gitEnv(home),
    openSessions: () => [],
    treeOfSession: (id) => placed.get(id) ?? null,
  });
const project = () => ({
  id: 'prj_1',
  name: 'app',
  path: repo.path,
  worktree: true,
  base: 'current' as const,
  include: ['local.txt'],
});
const folder = (): string[] => readdirSync(join(dataDir, 'worktrees/prj_1')).toSorted();
const branches = (): string[] => repo.git('branch', '--format=%(refname:short)').split('\n');

/** An engine in which a first session was, and where the tree of the next one is ready. */
async function ready() {
  const worktrees = engine();
  const first = await worktrees.foresee(project());
  await worktrees.prepare(project(), first.id);
  placed.set(first.id, join(dataDir, 'worktrees/prj_1', first.id));
  await worktrees.makeAhead(project());
  const [next = ''] = folder().filter((name) => name !== first.id && !name.endsWith('.ahead'));
  return { worktrees, first: first.id, next, path: join(dataDir, 'worktrees/prj_1', next) };
}

test('the next session takes the tree that was made ahead, with its id and what the project wants copied in', async () => {
  const { worktrees, first, next, path } = await ready();
  expect((await treesIn(dataDir)).map(({ sessionId }) => sessionId)).toEqual([first]);
  repo.write('local.txt', 'mine');
  repo.write('.git/info/exclude', 'local.txt\n');
  expect(await worktrees.foresee(project())).toEqual({ id: next, hasCommit: true });
  const place = await worktrees.prepare(project(), next);
  const branch = `tenure/${next}`;
  expect(place).toEqual({ cwd: path, worktree: path, branch, baseCommit: repo.head(), target: 'main', note: null });
  expect(readFileSync(join(path, 'local.txt'), 'utf8')).toBe('mine');
  expect(folder()).toEqual([first, next].toSorted());
  // Used once: the one after it gets another.
  const { id } = await worktrees.foresee(project());
  expect([first, next]).not.toContain(id);
});

test('a base that has gone on takes the tree along; two launches at once get two trees', async () => {
  const { worktrees, next, path } = await ready();
  const newer = repo.commit({ 'later.txt': 'since', 'a/b.txt': 'too' });
  const [one, other] = await Promise.all([worktrees.foresee(project()), worktrees.foresee(project())]);
  expect(one?.id).toBe(next);
  expect(other?.id).not.toBe(next);
  expect(await worktrees.prepare(project(), next)).toMatchObject({ cwd: path, baseCommit: newer });
  expect(readFileSync(join(path, 'later.txt'), 'utf8')).toBe('since');
  expect((await git.state(path)).changes).toEqual([]);
  expect(await worktrees.prepare(project(), other?.id ?? '')).toMatchObject({ baseCommit: newer });
});

test('one in which somebody was is not handed out, and nothing of theirs is lost', async () => {
  const { worktrees, next, path } = await ready();
  writeFileSync(join(path, 'mine.txt'), 'a note');
  expect((await worktrees.foresee(project())).id).not.toBe(next);
  await worktrees.close();
  expect(readFileSync(join(path, 'mine.txt'), 'utf8')).toBe('a note');
  // It is shown like any other tree now, so that a person can look at it.
  expect((await treesIn(dataDir)).map(({ sessionId }) => sessionId)).toContain(next);
});

test('a launch that comes to nothing gives it back, and the end of the engine removes it', async () => {
  const { worktrees, first, next } = await ready();
  await worktrees.foresee(project());
  worktrees.forgo(next);
  expect((await worktrees.foresee(project())).id).toBe(next);
  worktrees.forgo(next);
  await worktrees.close();
  expect(folder()).toEqual([first]);
  expect(branches()).toEqual(['main', `tenure/${first}`].toSorted());
});

test('an engine that was killed leaves it to the next start; a session that took it keeps it', async () => {
  const { worktrees, first, next } = await ready();
  // Killed between the tree and its mark.
  writeFileSync(join(dataDir, 'worktrees/prj_1', `${first}.ahead`), JSON.stringify(project()));
  // Killed while the mark was written.
  for (const half of ['', '{"na', 'null', '{"path":7}']) {
    writeFileSync(join(dataDir, `worktrees/prj_1/ses_half${half.length}.ahead`), half);
  }
  await engine().sweepAhead();
  expect(folder()).toEqual([first]);
  expect(branches()).not.toContain(`tenure/${next}`);
  // What is gone is not handed out.
  expect((await worktrees.foresee(project())).id).not.toBe(next);
});

test('a repository of which the trees are gone is launched in all the same', async () => {
  const { worktrees, next, path } = await ready();
  await worktrees.foresee(project());
  repo.git('worktree', 'remove', '--force', path);
  repo.git('branch', '-D', `tenure/${next}`);
  expect(await worktrees.prepare(project(), next)).toMatchObject({ cwd: path, branch: `tenure/${next}` });
  expect(existsSync(join(path, 'README.md'))).toBe(true);
});
