import { chmodSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  gitEnv,
  insertProject,
  insertSession,
  repositoryAt,
  type TestRepository,
  tempDir,
  testDatabase,
  testRepository,
} from '../../../../test/builders.ts';
import type { WorkDiff } from '../../../shared/contract/worktrees.ts';
import { createGit } from '../../adapters/git.ts';
import { createSpawner } from '../../adapters/spawner.ts';
import { createWorktreeStorage, type WorkRow } from '../storage.ts';
import { createDiffs } from './service.ts';

const home = tempDir('home');
const git = createGit({ spawner: createSpawner(), env: gitEnv(home) });
const { db } = testDatabase();
const rows = createWorktreeStorage(db);
const must = (id: string): WorkRow => rows.get(id) ?? expect.fail(`no session ${id}`);
const diffs = createDiffs({ git, session: must });

let repo: TestRepository;
/** The session's own tree. */
let tree: TestRepository;
let sessionId: string;

const START_FILES = {
  'a.txt': 'one\ntwo\nthree\nfour\nfive\n',
  'gone.txt': 'x\ny\n',
  'old name.txt': Array.from({ length: 20 }, (_, n) => `line ${n}\n`).join(''),
  'image.bin': Buffer.from([0, 1, 2, 3]),
  'run.sh': '#!/bin/sh\n',
};

beforeEach(() => {
  repo = testRepository();
  const base = repo.commit(START_FILES);
  const path = join(tempDir('trees'), 'ses');
  repo.git('worktree', 'add', '--quiet', '-b', `tenure/${path.length}`, path);
  tree = repositoryAt(path, home);
  const projectId = insertProject(db, { path: repo.path });
  sessionId = insertSession(db, { projectId, baseCommit: base, worktree: path });
});

const file = (diff: WorkDiff, path: string) => diff.files.find((one) => one.path === path);
const entry = (over: object) => ({
  from: null,
  status: 'modified',
  kind: 'file',
  modeBefore: '100644',
  modeAfter: '100644',
  binary: false,
  uncommitted: false,
  ...over,
});

describe('the files of a session', () => {
  it('are told with status, mode, lines and whether they are committed', async () => {
    tree.git('mv', 'old name.txt', 'new name.txt');
    rmSync(join(tree.path, 'gone.txt'));
    chmodSync(join(tree.path, 'run.sh'), 0o755);
    tree.commit({ 'a.txt': 'one\nTWO\nthree\nfour\nfive\nsix\n', 'image.bin': Buffer.from([0, 9]) });
    tree.write('draft.md', 'a\nb\n');
    tree.write('run.sh', '#!/bin/sh\nls\n');
    symlinkSync('a.txt', join(tree.path, 'link'));
    const diff = await diffs.diff({ sessionId });
    expect(diff).toEqual({
      sessionId,
      part: 'all',
      baseCommit: repo.head(),
      headCommit: tree.head(),
      hasTree: true,
      truncated: false,
      files: [
        entry({ path: 'a.txt', added: 2, removed: 1 }),
        entry({ path: 'draft.md', status: 'added', modeBefore: null, added: 2, removed: 0, uncommitted: true }),
        entry({ path: 'gone.txt', status: 'deleted', modeAfter: null, added: 0, removed: 2 }),
        entry({ path: 'image.bin', binary: true, added: null, removed: null }),
        entry({
          path: 'link',
          status: 'added',
          kind: 'symlink',
          modeBefore: null,
          modeAfter: '120000',
          added: 1,
          removed: 0,
          uncommitted: true,
        }),
        entry({ path: 'new name.txt', from: 'old name.txt', status: 'renamed', added: 0, removed: 0 }),
        entry({ path: 'run.sh', modeAfter: '100755', added: 1, removed: 0, uncommitted: true }),
      ],
      total: { files: 7, added: 6, removed: 3 },
      committed: { files: 5, added: 2, removed: 3 },
      uncommitted: { files: 3, added: 4, removed: 0 },
    });
    const parts = await Promise.all(
      (['committed', 'uncommitted'] as const).map((part) => diffs.diff({ sessionId, part })),
    );
    expect(parts.map(({ files }) => files.map(({ path }) => path))).toEqual([
      ['a.txt', 'gone.txt', 'image.bin', 'new name.txt', 'run.sh'],
      ['draft.md', 'link', 'run.sh'],
    ]);
    // The tree's own index is as it was.
    expect(tree.git('status', '--porcelain', 'draft.md')).toBe('?? draft.md');
  });

  it('pairs a move that git was not told of, and counts no ignored file and no repository inside', async () => {
    renameSync(join(tree.path, 'old name.txt'), join(tree.path, 'moved.txt'));
    tree.write('.gitignore', 'build/\n');
    tree.write('build/out', 'x');
    tree.git('init', '--quiet', 'inner');
    const { files } = await diffs.diff({ sessionId });
    expect(files.map(({ path, from }) => [path, from])).toEqual([
      ['.gitignore', null],
      ['moved.txt', 'old name.txt'],
    ]);
  });

  it('may have any name', async () => {
    const names = ['ä "quoted"\nand a line', ':(top)x', '-f', 'tab\there', '*', '[a]', ' ', 'a\\b', '#!$`'];
    for (const name of names) tree.write(name, `${name}\n`);
    expect((await diffs.diff({ sessionId })).files.map(({ path }) => path).toSorted()).toEqual(names.toSorted());
    for (const path of names) {
      const one = await diffs.fileDiff({ sessionId, path });
      expect(one.file, path).toMatchObject({ path, status: 'added' });
      expect(one.hunks.flatMap(({ lines }) => lines).map(({ text }) => text)).toEqual(path.split('\n'));
    }
  });

  it('are listed when there are 200 of them, and counted when there are more than are listed', async () => {
    const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`dir/${i}.txt`, `${i}\n`]));
    tree.commit(many(200));
    expect(await diffs.diff({ sessionId })).toMatchObject({ truncated: false, total: { files: 200, added: 200 } });
    for (const [name, content] of Object.entries(many(2_100))) tree.write(`more/${name}`, content);
    const diff = await diffs.diff({ sessionId });
    expect(diff).toMatchObject({ truncated: true, total: { files: 2_300 }, uncommitted: { files: 2_100 } });
    expect(diff.files).toHaveLength(2_000);
  });

  it('are still told from the branch when the tree is gone, and from the measured commit when that is gone', async () => {
    const head = tree.commit({ 'a.txt': 'changed\n' });
    repo.git('merge', '--quiet', '--ff-only', head);
    const branch = tree.git('branch', '--show-current');
    db.prepare('UPDATE sessions SET branch = ? WHERE id = ?').run(branch, sessionId);
    rmSync(tree.path, { recursive: true });
    expect(await diffs.diff({ sessionId })).toMatchObject({ headCommit: head, hasTree: false, uncommitted: null });
    repo.git('worktree', 'prune');
    repo.git('branch', '-D', branch);
    await expect(diffs.diff({ sessionId })).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('its tree and its branch are gone'),
    });
    db.prepare(
      `INSERT INTO evaluations (id, session_id, number, score, reason, outcome, evidence, at) VALUES ('e', ?, 1, NULL, '', '', ?, 1)`,
    ).run(sessionId, JSON.stringify({ headCommit: head }));
    expect(file(await diffs.diff({ sessionId }), 'a.txt')).toMatchObject({ added: 1, removed: 5 });
    expect((await diffs.fileDiff({ sessionId, path: 'a.txt' })).sizeAfter).toBe(8);
    rmSync(repo.path, { recursive: true });
    await expect(diffs.diff({ sessionId })).rejects.toThrow(/The folder ".*" of its project is gone/);
  });

  it('of a session in the project’s own folder are what it left there, and its commits when that went on', async () => {
    const base = repo.head();
    const own = insertSession(db, { projectId: must(sessionId).projectId, baseCommit: base, state: 'ended' });
    const head = repo.commit({ 'a.txt': 'by the session\n' });
    db.prepare(
      `INSERT INTO evaluations (id, session_id, number, score, reason, outcome, evidence, at) VALUES ('o', ?, 1, NULL, '', '', ?, 1)`,
    ).run(own, JSON.stringify({ headCommit: head }));
    repo.write('left', 'x');
    expect((await diffs.diff({ sessionId: own })).total.files).toBe(2);
    repo.commit({ 'later.txt': 'by the person' });
    const later = await diffs.diff({ sessionId: own });
    expect(later).toMatchObject({ hasTree: false, headCommit: head, total: { files: 1 } });
  });

  it('is refused for a session without a place', async () => {
    const id = insertSession(db, {});
    await expect(diffs.diff({ sessionId: id })).rejects.toThrow(/never got a place to work/);
  });
});

describe('one file', () => {
  it('has numbered lines on both sides, in hunks with their heading', async () => {
    const body = Array.from({ length: 30 }, (_, n) => `  step ${n}`);
    repo.commit({ 'f.c': ['int main() {', ...body, '}', ''].join('\n') });
    tree.git('merge', '--quiet', '--ff-only', 'main');
    db.prepare('UPDATE sessions SET base_commit = ? WHERE id = ?').run(repo.head(), sessionId);
    tree.write('f.c', ['int main() {', ...body.with(20, '  changed'), '}', ''].join('\n'));
    const { hunks, totalLines, truncated } = await diffs.fileDiff({ sessionId, path: 'f.c', context: 1 });
    const line = (kind: string, text: string, before: number | null, after: number | null) => ({
      kind,
      text,
      before,
      after,
      noNewline: false,
      cut: false,
    });
    expect({ hunks, totalLines, truncated }).toEqual({
      hunks: [
        {
          before: { start: 21, lines: 3 },
          after: { start: 21, lines: 3 },
          heading: 'int main() {',
          lines: [
            line('context', '  step 19', 21, 21),
            line('removed', '  step 20', 22, null),
            line('added', '  changed', null, 22),
            line('context', '  step 21', 23, 23),
          ],
        },
      ],
      totalLines: 4,
      truncated: false,
    });
  });

  it('keeps carriage returns, tells a missing last line break, and takes no content for a header', async () => {
    tree.write('a.txt', 'one\r\n-- two\n++ three\n@@ -1 +1 @@\ndiff --git a b');
    const { hunks } = await diffs.fileDiff({ sessionId, path: 'a.txt' });
    const added = hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind === 'added');
    expect(added.map(({ text }) => text)).toEqual(['one\r', '-- two', '++ three', '@@ -1 +1 @@', 'diff --git a b']);
    expect(added.map(({ noNewline }) => noNewline)).toEqual([false, false, false, false, true]);
  });

  it('is bounded: so many lines, so long, with the total told', async () => {
    tree.write('a.txt', `${'x'.repeat(100_000)}\n${Array.from({ length: 9_999 }, (_, n) => `${n}\n`).join('')}`);
    const one = await diffs.fileDiff({ sessionId, path: 'a.txt', maxLines: 50 });
    expect(one).toMatchObject({ truncated: true, totalLines: 10_005, sizeBefore: 24 });
    const lines = one.hunks.flatMap((hunk) => hunk.lines);
    expect(lines).toHaveLength(50);
    expect(lines.find(({ kind }) => kind === 'added')).toMatchObject({ cut: true, text: 'x'.repeat(2_000) });
  });

  it('of more than 16 MB or of bytes is told by its size alone', async () => {
    tree.write('big.txt', 'line\n'.repeat(4 << 20));
    tree.write('image.bin', Buffer.from([0, 0, 0, 0, 7]));
    const big = await diffs.fileDiff({ sessionId, path: 'big.txt' });
    expect(big).toMatchObject({ file: { binary: true }, hunks: [], sizeBefore: null, sizeAfter: 20 << 20 });
    const bytes = await diffs.fileDiff({ sessionId, path: 'image.bin' });
    expect(bytes).toMatchObject({ file: { binary: true }, hunks: [], sizeBefore: 4, sizeAfter: 5, truncated: false });
  });

  it('shows a rename with its changes, a mode alone, a symlink’s target and a deleted file', async () => {
    tree.git('mv', 'old name.txt', 'new.txt');
    tree.write('new.txt', readFileSync(join(tree.path, 'new.txt'), 'utf8').replace('line 3', 'line three'));
    chmodSync(join(tree.path, 'run.sh'), 0o755);
    unlinkSync(join(tree.path, 'gone.txt'));
    symlinkSync('/etc/passwd', join(tree.path, 'gone.txt'));
    rmSync(join(tree.path, 'a.txt'));
    const renamed = await diffs.fileDiff({ sessionId, path: 'new.txt' });
    expect(renamed).toMatchObject({ file: { from: 'old name.txt', status: 'renamed', added: 1, removed: 1 } });
    expect(renamed.hunks).toHaveLength(1);
    expect(await diffs.fileDiff({ sessionId, path: 'run.sh' })).toMatchObject({ hunks: [], totalLines: 0 });
    const link = await diffs.fileDiff({ sessionId, path: 'gone.txt' });
    expect(link.file).toMatchObject({ kind: 'symlink', status: 'type_changed' });
    expect(link.hunks.flatMap(({ lines }) => lines).map(({ text }) => text)).toEqual(['x', 'y', '/etc/passwd']);
    expect(link.sizeAfter).toBe('/etc/passwd'.length);
    const gone = await diffs.fileDiff({ sessionId, path: 'a.txt' });
    expect(gone).toMatchObject({ file: { status: 'deleted' }, sizeAfter: null, totalLines: 5 });
    await expect(diffs.fileDiff({ sessionId, path: 'nothing' })).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('tells where a submodule points to', async () => {
    const inner = testRepository({ name: 'inner' });
    tree.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', inner.path, 'sub');
    tree.commit();
    const added = await diffs.fileDiff({ sessionId, path: 'sub' });
    expect(added).toMatchObject({
      file: { kind: 'submodule', status: 'added' },
      submodule: { before: null, after: inner.head() },
      hunks: [],
      sizeAfter: null,
    });
  });

  it('runs no program of the repository', async () => {
    const trace = join(tempDir(), 'ran');
    repo.commit({ '.gitattributes': '*.txt diff=evil\n' });
    tree.git('merge', '--quiet', '--ff-only', 'main');
    for (const key of ['diff.external', 'diff.evil.command', 'diff.evil.textconv', 'core.fsmonitor']) {
      repo.git('config', key, `touch ${trace}; cat`);
    }
    repo.git('config', 'diff.noprefix', 'true');
    repo.git('config', 'diff.mnemonicPrefix', 'true');
    tree.write('a.txt', 'new\n');
    await diffs.diff({ sessionId });
    expect((await diffs.fileDiff({ sessionId, path: 'a.txt' })).file).toMatchObject({ added: 1, removed: 5 });
    expect(() => readFileSync(trace)).toThrow(/ENOENT/);
  });

  it('shows a conflict that the session left', async () => {
    repo.commit({ 'a.txt': 'theirs\n' });
    tree.commit({ 'a.txt': 'ours\n' });
    expect(() => tree.git('merge', 'main')).toThrow();
    const conflict = await diffs.fileDiff({ sessionId, path: 'a.txt' });
    expect(conflict.file).toMatchObject({ status: 'conflicted', uncommitted: true });
    expect(conflict.hunks.flatMap(({ lines }) => lines).map(({ text }) => text)).toContain('=======');
  });
});
