import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { gitEnv, tempDir, testDatabase, testRepository } from '../../../test/builders.ts';
import { createFakeClock, START } from '../../../test/fakes/clock.ts';
import type { Envelope } from '../../shared/contract/index.ts';
import { createCron } from '../adapters/cron.ts';
import { createGit } from '../adapters/git.ts';
import { createIds } from '../adapters/ids.ts';
import { createSpawner } from '../adapters/spawner.ts';
import { createJournal } from '../kernel/journal.ts';
import { createProjects, type Projects } from './service.ts';

const person = tempDir('home');
const own = tempDir('own');
const git = createGit({ spawner: createSpawner(), env: gitEnv(person) });
const cron = createCron();
let database: ReturnType<typeof testDatabase>;
let projects: Projects;
let facts: Envelope[];
let open: number;

function build(): Projects {
  const clock = createFakeClock();
  const journal = createJournal(database.db, clock, (error) => {
    throw error;
  });
  facts = [];
  journal.subscribe((fact) => facts.push(fact));
  return createProjects({
    db: database.db,
    journal,
    clock,
    ids: createIds(),
    git,
    home: person,
    own: [own],
    defaults: () => ({ agent: 'claude', verifyTimeoutMs: 600_000, timeBoxMs: 2_700_000 }),
    timezone: () => 'Europe/Berlin',
    nextRun: (...args) => cron.next(...args),
    openSessions: () => open,
  });
}

beforeEach(() => {
  database = testDatabase();
  open = 0;
  projects = build();
});

describe('add', () => {
  it('registers the top level with defaults, and tells', async () => {
    const repo = testRepository({ name: 'shop' });
    const project = await projects.add({ path: repo.path });
    expect(project).toEqual({
      id: expect.stringMatching(/^prj_/),
      name: 'shop',
      path: repo.path,
      agent: 'claude',
      defaultPrompt: null,
      model: null,
      verifyCommand: null,
      verifyTimeoutMs: 600_000,
      worktree: true,
      base: 'current',
      include: [],
      setupCommand: null,
      setupTimeoutMs: 600_000,
      ceiling: 'full',
      protected: false,
      timeBoxMs: 2_700_000,
      schedule: null,
      createdAt: START,
      problem: null,
    });
    expect(facts.map((fact) => [fact.type, fact.body])).toEqual([['project.saved', { project }]]);
    expect(projects.list()).toEqual([project]);
  });

  it('survives a restart', async () => {
    const project = await projects.add({
      path: testRepository().path,
      verifyCommand: 'make test',
      ceiling: 'cautious',
    });
    database.reopen();
    expect(build().get(project.id)).toEqual(project);
  });

  it('resolves symlinks and ~, so that one repository is registered once', async () => {
    const repo = testRepository({ name: 'real' });
    const link = join(person, 'link');
    symlinkSync(repo.path, link);
    const project = await projects.add({ path: '~/link' });
    expect(project).toMatchObject({ path: repo.path, name: 'real' });
    await expect(projects.add({ path: repo.path })).rejects.toMatchObject({
      kind: 'conflict',
      message: `"${repo.path}" is already registered as project "real".`,
    });
  });

  it('registers it once even when asked twice at the same time', async () => {
    const { path } = testRepository();
    const results = await Promise.allSettled([projects.add({ path }), projects.add({ path })]);
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('makes a default name unique and refuses a given one that is taken', async () => {
    await projects.add({ path: testRepository({ name: 'app' }).path });
    expect((await projects.add({ path: testRepository({ name: 'App' }).path })).name).toBe('App-2');
    await expect(projects.add({ path: testRepository().path, name: 'APP' })).rejects.toMatchObject({
      kind: 'conflict',
    });
  });

  it('takes an empty repository, a detached HEAD, submodules and a branch with a slash', async () => {
    const inner = testRepository({ name: 'inner' });
    const repo = testRepository();
    repo.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner.path, 'sub');
    repo.commit();
    repo.git('switch', '--quiet', '--create', 'feature/x');
    expect((await projects.add({ path: repo.path })).problem).toBeNull();
    expect((await projects.add({ path: join(repo.path, 'sub') })).name).toBe('sub');
    const detached = testRepository();
    detached.git('switch', '--quiet', '--detach');
    const one = await projects.add({ path: detached.path });
    expect(await projects.cannotLaunch(one)).toBeNull();
    const empty = await projects.add({ path: testRepository({ empty: true, name: 'new' }).path });
    expect(empty.problem).toBeNull();
    expect(await projects.cannotLaunch(empty)).toMatch(/^"new" has no commit yet/);
    // Not taken for one without a commit.
    detached.write('.git/HEAD', 'nonsense');
    expect(await projects.cannotLaunch(one)).toMatch(
      /^git cannot read the repository in ".*": its \.git is damaged\.$/,
    );
    repo.write('.git/config', 'broken [');
    const broken = projects.list().find(({ path }) => path === repo.path);
    expect(await projects.cannotLaunch(broken ?? one)).toMatch(/^git cannot use ".*": bad config line 1/);
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder that it may not read', async () => {
    const { path } = testRepository();
    chmodSync(path, 0o000);
    await expect(projects.add({ path })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/may not read/),
    });
    chmodSync(path, 0o700);
  });

  it('refuses everything else, each with its own sentence, and stores nothing', async () => {
    const repo = testRepository();
    repo.write('src/x', '');
    repo.git('clone', '--quiet', '--bare', '.', join(person, 'bare.git'));
    const plain = tempDir();
    writeFileSync(join(plain, 'file'), '');
    mkdirSync(join(own, 'worktrees'));
    symlinkSync('loop', join(plain, 'loop'));
    const cases: [string, string, RegExp][] = [
      ['relative/path', 'invalid', /absolute path.*"relative\/path"/],
      ['/a\0b', 'invalid', /absolute path/],
      [join(plain, 'nothing'), 'invalid', /There is nothing at/],
      [join(plain, 'file', 'x'), 'invalid', /There is nothing at/],
      [join(plain, 'file'), 'invalid', /is a file/],
      [join(plain, 'loop'), 'invalid', /ELOOP/],
      [plain, 'refused', /not a git repository/],
      [join(repo.path, 'src'), 'refused', new RegExp(`Add "${repo.path}" instead`)],
      [join(repo.path, '.git'), 'refused', /own \.git folder/],
      [join(person, 'bare.git'), 'refused', /bare repository/],
      [person, 'refused', /your home folder/],
      [join(own, 'worktrees'), 'refused', /inside Tenure's own data/],
    ];
    for (const [path, kind, message] of cases) {
      await expect(projects.add({ path }), path).rejects.toMatchObject({
        kind,
        message: expect.stringMatching(message),
      });
    }
    expect(projects.list()).toEqual([]);
    expect(facts).toEqual([]);
  });
});

it('18: an id that is a path or holds quotes names no project (T-043)', async () => {
  await projects.add({ path: testRepository().path });
  for (const id of ['../x', '/etc/passwd', `'; DROP TABLE projects; --`, '"x"', '', 'prj_\0', '__proto__']) {
    const expected = expect.objectContaining({ kind: 'not_found', message: `There is no project "${id}".` });
    expect(() => projects.get(id)).toThrow(expected);
    expect(() => projects.update({ id, name: 'x' })).toThrow(expected);
    expect(() => projects.remove({ id })).toThrow(expected);
    expect(() => projects.setSchedule({ id, schedule: null })).toThrow(expected);
  }
  expect(projects.list()).toHaveLength(1);
});

describe('a registered project', () => {
  it('says what is wrong when it was moved, replaced or is no repository any more', async () => {
    const repo = testRepository();
    const { id } = await projects.add({ path: repo.path });
    renameSync(repo.path, `${repo.path}-moved`);
    expect(projects.get(id).problem).toMatch(/moved or deleted/);
    expect(await projects.cannotLaunch(projects.get(id))).toMatch(/moved or deleted/);
    symlinkSync(`${repo.path}-moved`, repo.path);
    expect(projects.get(id).problem).toMatch(/now leads to/);
    rmSync(repo.path);
    mkdirSync(repo.path);
    expect(projects.get(id).problem).toMatch(/no longer a git repository/);
  });

  it('changes only what is given; undefined blanks nothing out, null does', async () => {
    const before = await projects.add({ path: testRepository().path, model: 'opus', verifyCommand: 'make test' });
    const after = projects.update({
      id: before.id,
      model: undefined,
      verifyCommand: null,
      protected: true,
      name: 'New',
    });
    expect(after).toEqual({ ...before, verifyCommand: null, protected: true, name: 'New' });
    expect(projects.update({ id: before.id, name: 'NEW' }).name).toBe('NEW');
    const other = await projects.add({ path: testRepository().path });
    expect(() => projects.update({ id: other.id, name: 'new' })).toThrow(/already called/);
    expect(projects.get(other.id)).toEqual(other);
  });

  it('is forgotten, its rows kept; the same folder can come back as a new project', async () => {
    const { path } = testRepository();
    const first = await projects.add({ path });
    projects.setSchedule({ id: first.id, schedule: { cron: '0 9 * * *' } });
    open = 1;
    expect(() => projects.remove({ id: first.id })).toThrow(/a session that has not ended/);
    open = 0;
    expect(projects.remove({ id: first.id })).toEqual({ id: first.id });
    expect(projects.list()).toEqual([]);
    expect(database.db.prepare('SELECT count(*) AS n FROM projects').get()).toEqual({ n: 1 });
    expect(database.db.prepare('SELECT count(*) AS n FROM schedules').get()).toEqual({ n: 0 });
    const second = await projects.add({ path });
    expect(second.id).not.toBe(first.id);
  });
});

describe('schedule', () => {
  it('stores the next run in the zone, keeps the last run over a change, and is cleared by null', async () => {
    const { id } = await projects.add({ path: testRepository().path });
    const set = projects.setSchedule({ id, schedule: { cron: '30 8 * * *' } });
    // START is 09:00 UTC = 10:00 in Berlin: the next 08:30 there is tomorrow.
    expect(set.schedule).toEqual({
      cron: '30 8 * * *',
      timezone: 'Europe/Berlin',
      prompt: null,
      missed: 'skip',
      nextRunAt: Date.UTC(2026, 10, 21, 7, 30),
      lastRunAt: null,
      lastNote: null,
    });
    database.db.prepare('UPDATE schedules SET last_run_at = 5, last_note = ?').run('late');
    const again = projects.setSchedule({
      id,
      schedule: { cron: '0 12 * * *', timezone: 'UTC', prompt: 'tidy', missed: 'run_once' },
    });
    expect(again.schedule).toMatchObject({ nextRunAt: Date.UTC(2026, 10, 20, 12), lastRunAt: 5, lastNote: null });
    expect(projects.setSchedule({ id, schedule: null }).schedule).toBeNull();
  });

  it('refuses nonsense and keeps what stood', async () => {
    const { id } = await projects.add({ path: testRepository().path });
    const before = projects.setSchedule({ id, schedule: { cron: '0 9 * * *' } });
    for (const schedule of [
      { cron: 'every day' },
      { cron: '0 9 * * *', timezone: 'Mars/Olympus' },
      { cron: '0 0 30 2 *' },
    ]) {
      expect(() => projects.setSchedule({ id, schedule })).toThrow(expect.objectContaining({ kind: 'invalid' }));
    }
    expect(projects.get(id)).toEqual(before);
  });
});
