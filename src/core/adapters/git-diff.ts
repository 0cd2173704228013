import { copyFile, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChangedFile, type FilePatch, parseChanges, parsePatch } from './git-diff-output.ts';
import { createGitHidden } from './git-hidden.ts';
import { lineOf } from './git-output.ts';
import type { GitCall, GitRunner } from './git-run.ts';

/** What is compared: two commits, or a commit and the files on the disk (`to` is null). */
export interface DiffRange {
  from: string;
  to: string | null;
}

export interface GitDiff {
  /** Tracked files that are another on the disk, where the index tells git not to look; at most 500 are looked at. */
  unseenChanges(cwd: string): Promise<string[]>;
  /**
   * The files that differ, with what they were before and their lines. On the disk untracked files count,
   * ignored ones do not. A file over 16 MB has no lines, as a binary one; what is binary is told by its
   * content alone (`.gitattributes` that call a text binary hide nothing).
   */
  changedFiles(cwd: string, range: DiffRange, options?: DiffOptions): Promise<ChangedFile[]>;
  /** The hunks of one file; null when the patch is too large to be read at all. */
  filePatch(cwd: string, range: DiffRange, file: ChangedFile, limits: PatchLimits): Promise<FilePatch | null>;
  /** Bytes of an object of the repository; null when there is none. */
  objectSize(cwd: string, id: string): Promise<number | null>;
  /** The id that a file of the tree would have as an object; null: it cannot be read. */
  hashFile(cwd: string, path: string): Promise<string | null>;
  /** An object as text; null: there is none, or more than 32 MB of it. */
  blobText(cwd: string, id: string): Promise<string | null>;
}

interface DiffOptions {
  /** Counts no lines: quicker. */
  uncounted?: boolean;
  /** A file that moved is one that went and one that came. */
  unpaired?: boolean;
  /** Of these paths only. */
  paths?: readonly string[];
}

export interface PatchLimits {
  /** The most lines of all hunks together. */
  maxLines: number;
  /** The most characters of a line. */
  maxLength: number;
  /** Unchanged lines around a change. */
  context: number;
}

const PATCH_BYTES = 24 << 20;
const BLOB_BYTES = 32 << 20;
const DIFF_MS = 60_000;

/** Nothing of a configuration or an attribute changes the form, and no program of a repository is run. */
const PLAIN = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
  '--submodule=short',
  '--ignore-submodules=none',
  '--inter-hunk-context=0',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '-O/dev/null',
  '-M',
];

/**
 * With the age of the original: a file that was written in the same second as the index may have changed
 * unnoticed, so git reads it again, and knows such files by the index's own time.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  const { atime, mtimeMs } = await stat(from);
  await copyFile(from, to);
  await utimes(to, atime, Math.floor(mtimeMs / 1_000));
}

/** Diffs as data, of what is committed and of what lies on the disk. */
export function createGitDiff(runner: GitRunner): GitDiff {
  const { run, read } = runner;
  const { textsAmong, unseenChanges } = createGitHidden(runner);

  /**
   * Works with a copy of the index in which untracked files are announced, so that git itself pairs
   * renames and counts lines for them too; the tree's own index stays as it is.
   */
  async function withUntracked<T>(cwd: string, work: (call: GitCall) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'tenure-index-'));
    const index = join(folder, 'index');
    const env = { GIT_INDEX_FILE: index, GIT_LITERAL_PATHSPECS: '1' };
    try {
      const own = lineOf(await read(cwd, ['rev-parse', '--path-format=absolute', '--git-path', 'index']));
      await copyIndex(own, index).catch(() => run(cwd, ['read-tree', 'HEAD'], { env }));
      const listed = await read(cwd, ['ls-files', '--others', '--exclude-standard', '-z'], { env });
      // A repository inside the tree is listed as a folder; it is not part of the work.
      const untracked = listed.split('\0').filter((path) => path !== '' && !path.endsWith('/'));
      if (untracked.length > 0) {
        const add = ['add', '--intent-to-add', '--ignore-errors', '--pathspec-from-file=-', '--pathspec-file-nul'];
        // What cannot be read (no right to, gone meanwhile) stays out; the rest is shown.
        await run(cwd, ['-c', 'core.splitIndex=false', ...add], { env, stdin: untracked.join('\0') });
      }
      return await work({ env, timeoutMs: DIFF_MS });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  const inRange = <T>(cwd: string, range: DiffRange, work: (call: GitCall) => Promise<T>): Promise<T> =>
    range.to === null ? withUntracked(cwd, work) : work({ env: { GIT_LITERAL_PATHSPECS: '1' }, timeoutMs: DIFF_MS });

  const argsOf = (range: DiffRange, form: readonly string[], paths: readonly string[]): string[] => {
    const ends = range.to === null ? [range.from] : [range.from, range.to];
    return ['-c', 'core.bigFileThreshold=16m', 'diff', ...PLAIN, ...form, ...ends, '--', ...paths];
  };

  /** As text, whatever an attribute says of it. */
  async function patchOf(cwd: string, range: DiffRange, file: ChangedFile, call: GitCall, limits: PatchLimits) {
    const paths = file.from === null ? [file.path] : [file.path, file.from];
    const args = argsOf(range, ['--patch', '--text', `-U${limits.context}`], paths);
    return parsePatch(await read(cwd, args, { ...call, maxBytes: PATCH_BYTES }), limits);
  }

  return {
    unseenChanges,

    changedFiles: (cwd, range, { uncounted = false, unpaired = false, paths = [] } = {}) =>
      inRange(cwd, range, async (call) => {
        const form = [
          '--raw',
          '-z',
          '--abbrev=64',
          ...(uncounted ? [] : ['--numstat']),
          ...(unpaired ? ['--no-renames'] : []),
        ];
        const files = parseChanges(await read(cwd, argsOf(range, form, paths), call));
        for (const file of uncounted ? [] : await textsAmong(cwd, files, { onDisk: range.to === null })) {
          // Its patch counts its lines: git's own numbers leave out what an attribute calls binary, whatever is asked for.
          const patch = await patchOf(cwd, range, file, call, {
            maxLines: Number.POSITIVE_INFINITY,
            maxLength: 0,
            context: 0,
          });
          const sum = (side: 'before' | 'after') =>
            patch?.hunks.reduce((all, hunk) => all + hunk[side].lines, 0) ?? null;
          Object.assign(file, { added: sum('after'), removed: sum('before') });
        }
        return files;
      }),

    filePatch: (cwd, range, file, limits) => inRange(cwd, range, (call) => patchOf(cwd, range, file, call, limits)),

    async hashFile(cwd, path) {
      const result = await run(cwd, ['hash-object', '--', path]);
      return result.ok ? lineOf(result.stdout) : null;
    },

    async blobText(cwd, id) {
      const size = await this.objectSize(cwd, id);
      return size === null || size > BLOB_BYTES ? null : read(cwd, ['cat-file', 'blob', id]);
    },

    async objectSize(cwd, id) {
      const result = await run(cwd, ['cat-file', '-s', id]);
      return result.ok ? Number(lineOf(result.stdout)) : null;
    },
  };
}
