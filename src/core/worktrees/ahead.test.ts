import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { gitEnv, type TestRepository, tempDir, testRepository } from '../../../test/builders.ts';
import { createClock } from '../adapters/clock.ts';
import { createGit } from '../adapters/git.ts';
import { createIds } from '../adapters/ids.ts';
import { createSpawner } from '../adapters/spawner.ts';
import { treesIn } from './after/disk.ts';
import { createWorktrees, type WorktreeDeps } from './service.ts';

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

const engine = (more: Partial<WorktreeDeps> = {}) =>
  createWorktrees({
    git,
    spawner,
    clock: createClock(),
    ids: createIds(),
    dataDir,
    env: async () => gitEnv(home),
    openSessions: () => [],
    treeOfSession: (id) => placed.get(id) ?? null,
    freeBytes: async () => 1_024 ** 4,
    ...more,
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

/** Whose trees there are, without those that wait. */
const sessionsIn = async (): Promise<string[]> =>
  (await treesIn(dataDir))
    .filter(({ waits }) => !waits)
    .map(({ sessionId }) => sessionId)
    .toSorted();

/** An engine in which a first session was, and where the tree of the next one is ready. */
async function ready(more: Partial<WorktreeDeps> = {}) {
  const worktrees = engine(more);
  const first = await worktrees.foresee(project());
  await worktrees.prepare(project(), first.id);
  placed.set(first.id, join(dataDir, 'worktrees/prj_1', first.id));
  await worktrees.makeAhead(project());
  const next =
    folder()
      .find((name) => name.endsWith('.ahead'))
      ?.replace('.ahead', '') ?? '';
  return { worktrees, first: first.id, next, path: join(dataDir, 'worktrees/prj_1', next) };
}

test('the next session takes the tree that was made ahead, with its id and what the project wants copied in', async () => {
  const { worktrees, first, next, path } = await ready();
  expect(await sessionsIn()).toEqual([first]);
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

test('as long as nothing has changed git is asked nothing, and everything once something has', async () => {
  const asked: string[] = [];
  const run: typeof spawner.run = (command, args, options) => {
    asked.push(args.find((arg) => /^(for-each-ref|status|ls-files|rev-parse|worktree)$/.test(arg)) ?? command);
    return spawner.run(command, args, options);
  };
  const { worktrees, next } = await ready({ git: createGit({ spawner: { run }, env: gitEnv(home) }) });
  const bare = { ...project(), include: [] };
  asked.length = 0;
  expect(await worktrees.foresee(bare)).toEqual({ id: next, hasCommit: true });
  expect(await worktrees.prepare(bare, next)).toMatchObject({ baseCommit: repo.head(), target: 'main', note: null });
  expect(asked).toEqual([]);

  await worktrees.makeAhead(bare);
  asked.length = 0;
  const newer = repo.commit({ 'later.txt': 'since' });
  const { id } = await worktrees.foresee(bare);
  expect(asked).toContain('for-each-ref');
  expect(await worktrees.prepare(bare, id)).toMatchObject({ baseCommit: newer });
});

test('a session that begins at a branch begins where that is now', async () => {
  const { worktrees, next } = await ready();
  const at = repo.head();
  expect((await worktrees.foresee(project())).id).toBe(next);
  repo.git('branch', 'other', at);
  expect(await worktrees.prepare(project(), next, 'other')).toMatchObject({ baseCommit: at, target: null });
});

test('a tree that is gone when its session comes is made anew, and seen like others', async () => {
  const { worktrees, first, next, path } = await ready();
  await worktrees.foresee(project());
  rmSync(path, { recursive: true });
  expect((await worktrees.prepare(project(), next)).cwd).toBe(path);
  expect(await sessionsIn()).toEqual([first, next].toSorted());
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
  expect(await sessionsIn()).toContain(next);
});

test('one that somebody used while its session was queued is left to them, and the session works beside it', async () => {
  const clock = { ...createClock() };
  const { worktrees, next, path } = await ready({ clock });
  await worktrees.foresee(project());
  writeFileSync(join(path, 'mine.txt'), 'a note');
  const late = clock.monotonic() + 5_000;
  clock.monotonic = () => late;
  const place = await worktrees.prepare(project(), next);
  expect(place).toMatchObject({ worktree: `${path}-2`, branch: `tenure/${next}-2`, baseCommit: repo.head() });
  expect(place.note).toBe(`It works beside "${next}". Its work tree has 1 uncommitted file.`);
  expect(readFileSync(join(path, 'mine.txt'), 'utf8')).toBe('a note');
  // The same again: what nobody has worked in yet is made anew.
  expect(await worktrees.prepare(project(), next)).toMatchObject({ worktree: `${path}-2` });
});

test('one whose session ended before it came to it goes', async () => {
  const { worktrees, first, next } = await ready();
  await worktrees.foresee(project());
  worktrees.ended(next);
  worktrees.ended('ses_another');
  await worktrees.close();
  expect(folder()).toEqual([first]);
  expect(branches()).toEqual(['main', `tenure/${first}`].toSorted());
});

test('one that cannot be removed now is known to the next start; with its repository goes the memory of it', async () => {
  const { worktrees, first, next } = await ready();
  const away = `${repo.path}/.git-away`;
  renameSync(`${repo.path}/.git`, away);
  await worktrees.close();
  expect(folder()).toEqual([first, next, `${next}.ahead`].toSorted());
  await engine().sweepAhead();
  expect(folder()).toContain(`${next}.ahead`);
  renameSync(away, `${repo.path}/.git`);
  await engine().sweepAhead();
  expect(folder()).toEqual([first]);

  const again = await ready();
  rmSync(repo.path, { recursive: true });
  await again.worktrees.close();
  expect(folder()).not.toContain(`${again.next}.ahead`);
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

test('what git ignores is somebody’s too: a tree with such a file is not handed out', async () => {
  repo.commit({ '.gitignore': '.env\n' });
  const { worktrees, next, path } = await ready();
  writeFileSync(join(path, '.env'), 'TOKEN=planted');
  const { id } = await worktrees.foresee(project());
  expect(id).not.toBe(next);
  const place = await worktrees.prepare(project(), id);
  expect(existsSync(join(place.cwd, '.env'))).toBe(false);
});

test('a base that says anew how files are written gets a tree of its own', async () => {
  repo.commit({ 'lines.txt': 'one\ntwo\n' });
  const { worktrees, next, path } = await ready();
  const newer = repo.commit({ '.gitattributes': '*.txt text eol=crlf\n' });
  expect((await worktrees.foresee(project())).id).toBe(next);
  expect(await worktrees.prepare(project(), next)).toMatchObject({ cwd: path, baseCommit: newer });
  expect(readFileSync(join(path, 'lines.txt'), 'utf8')).toBe('one\r\ntwo\r\n');
});

test('a project that is removed or works in its own tree from now on has none waiting, made or being made', async () => {
  const { worktrees, first, next } = await ready();
  await worktrees.forget('prj_1');
  expect(folder()).toEqual([first]);
  expect(branches()).not.toContain(`tenure/${next}`);
  const making = worktrees.makeAhead(project());
  await worktrees.forget('prj_1');
  await making;
  expect(folder()).toEqual([first]);
  await worktrees.forget('prj_unknown');
  expect((await worktrees.foresee(project())).id).not.toBe(next);
});

test('each of several projects has one of its own, and losing one leaves the others', async () => {
  const { worktrees, next } = await ready();
  const other = testRepository();
  const second = { ...project(), id: 'prj_2', name: 'other', path: other.path };
  const { id } = await worktrees.foresee(second);
  await worktrees.prepare(second, id);
  await Promise.all([worktrees.makeAhead(second), worktrees.makeAhead(second), worktrees.makeAhead(project())]);
  expect(readdirSync(join(dataDir, 'worktrees/prj_2'))).toHaveLength(3);
  await worktrees.forget('prj_2');
  expect(readdirSync(join(dataDir, 'worktrees/prj_2'))).toEqual([id]);
  expect((await worktrees.foresee(project())).id).toBe(next);
});

test('none is made where the disk has little room, nor where a checkout takes long', async () => {
  const clock = { ...createClock() };
  let free = 1_024 ** 3;
  const worktrees = engine({ clock, freeBytes: async () => free });
  const { id } = await worktrees.foresee(project());
  await worktrees.prepare(project(), id);
  placed.set(id, join(dataDir, 'worktrees/prj_1', id));
  await worktrees.makeAhead(project());
  expect(folder()).toEqual([id]);
  free = 1_024 ** 4;
  await worktrees.makeAhead(project());
  expect(folder()).toHaveLength(3);
  await worktrees.forget('prj_1');

  // As on a machine where the session's own checkout took three seconds: known before a second one is tried.
  let now = 0;
  clock.monotonic = () => (now += 3_000);
  const { id: slow } = await worktrees.foresee(project());
  await worktrees.prepare(project(), slow);
  await worktrees.makeAhead(project());
  expect(folder()).toEqual([id, slow].toSorted());
});
