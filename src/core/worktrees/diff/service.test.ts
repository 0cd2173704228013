import { chmodSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { insertSession, type TestRepository } from '../../../../test/builders.ts';
import { db, diffRig, diffs, must } from '../../../../test/diff-rig.ts';
import type { WorkDiff } from '../../../shared/contract/diff.ts';

let repo: TestRepository;
/** The session's own tree. */
let tree: TestRepository;
let sessionId: string;
beforeEach(() => {
  ({ repo, tree, sessionId } = diffRig());
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
    const last = await diffs.diff({ sessionId, matching: 'MORE/dir/99.' });
    expect(last).toMatchObject({ truncated: false, total: { files: 2_300 }, files: [{ path: 'more/dir/99.txt' }] });
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
