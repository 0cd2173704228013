import { randomUUID } from 'node:crypto';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangedFile } from './git-diff-output.ts';
import type { GitRunner } from './git-run.ts';

/** Git's own measure: a text has no zero byte in its beginning. */
const BEGINNING = 8_000;
const LARGEST = 1 << 20;
/** Of all that are looked into together. */
const MOST_BYTES = 32 << 20;
const MOST_FILES = 500;
const SUBMODULE = '160000';

const isText = (content: string): boolean => !content.slice(0, BEGINNING).includes('\0');

/** Sees through what tells git not to look: attributes that call a text binary, marks in the index. */
export function createGitHidden({ run, read }: GitRunner) {
  /** Those of the objects that are text; larger ones than 1 MB are not looked into. */
  async function textObjects(cwd: string, ids: readonly string[]): Promise<Set<string>> {
    const sizes = await read(cwd, ['cat-file', '--batch-check'], { stdin: `${ids.join('\n')}\n` });
    let room = MOST_BYTES;
    const small = sizes.split('\n').flatMap((line) => {
      const [id = '', kind, size] = line.split(' ');
      if (kind !== 'blob' || Number(size) > Math.min(LARGEST, room)) return [];
      room -= Number(size);
      return [id];
    });
    if (small.length === 0) return new Set();
    // A mark that stands in no content tells where the next one begins.
    const mark = randomUUID();
    const told = await read(cwd, ['cat-file', `--batch=${mark} %(objectname)`], { stdin: `${small.join('\n')}\n` });
    const contents = told.split(`${mark} `).slice(1);
    const texts = contents.map(
      (each) => [each.slice(0, each.indexOf('\n')), each.slice(each.indexOf('\n') + 1)] as const,
    );
    return new Set(texts.flatMap(([id, content]) => (isText(content) ? [id] : [])));
  }

  async function isTextOnDisk(path: string): Promise<boolean> {
    const file = await open(path, 'r').catch(() => null);
    if (file === null) return false;
    try {
      if ((await file.stat()).size > LARGEST) return false;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
      return !buffer.subarray(0, bytesRead).includes(0);
    } finally {
      await file.close();
    }
  }

  return {
    /** Tracked files that are another on the disk, where the index tells git not to look (skip-worktree, assume-unchanged). */
    async unseenChanges(cwd: string): Promise<string[]> {
      const listed = (await read(cwd, ['ls-files', '-v', '-z'])).split('\0');
      const paths = listed.flatMap((line) => (/^[a-zS] /.test(line) ? [line.slice(2)] : [])).slice(0, MOST_FILES);
      const changed: string[] = [];
      for (const path of paths) {
        // One that is not there is left out of the tree for good: a sparse checkout.
        if (!(await lstat(join(cwd, path)).catch(() => null))?.isFile()) continue;
        const [staged, onDisk] = await Promise.all([
          run(cwd, ['rev-parse', '--verify', '--quiet', `:0:${path}`]),
          run(cwd, ['hash-object', '--', path]),
        ]);
        if (staged.stdout !== onDisk.stdout) changed.push(path);
      }
      return changed;
    },

    /** Files without lines that are, or were, a text. */
    async textsAmong(
      cwd: string,
      files: readonly ChangedFile[],
      { onDisk }: { onDisk: boolean },
    ): Promise<ChangedFile[]> {
      const uncounted = files
        .filter((file) => file.added === null && file.modeAfter !== SUBMODULE)
        .slice(0, MOST_FILES);
      const ids = uncounted.flatMap((file) => [file.objectBefore, file.objectAfter]).filter((id) => id !== null);
      if (uncounted.length === 0) return [];
      const texts = ids.length === 0 ? new Set<string>() : await textObjects(cwd, [...new Set(ids)]);
      const found: ChangedFile[] = [];
      for (const file of uncounted) {
        const stored = [file.objectBefore, file.objectAfter].some((id) => id !== null && texts.has(id));
        const lies = onDisk && file.objectAfter === null && file.modeAfter !== null;
        if (stored || (lies && (await isTextOnDisk(join(cwd, file.path))))) found.push(file);
      }
      return found;
    },
  };
}
