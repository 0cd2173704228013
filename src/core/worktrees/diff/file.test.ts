import { chmodSync, readFileSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type TestRepository, tempDir, testRepository } from '../../../../test/builders.ts';
import { db, diffRig, diffs } from '../../../../test/diff-rig.ts';

let repo: TestRepository;
/** The session's own tree. */
let tree: TestRepository;
let sessionId: string;
beforeEach(() => {
  ({ repo, tree, sessionId } = diffRig());
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
