import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isInside, whyNotIncluded } from './rules.ts';

/** What one session may be given, so that a pattern written in haste does not fill the disk. */
const MOST_FILES = 5_000;
const MOST_BYTES = 512 << 20;

/**
 * Copies the untracked files that a project declares into a new tree. Never over a file of the tree,
 * never through a symlink, never one that looks like a secret unless it is named literally.
 * @returns what was left out and why, as sentences.
 */
export async function copyIncluded(
  git: { untrackedMatching(cwd: string, patterns: readonly string[]): Promise<string[]> },
  from: string,
  to: string,
  patterns: readonly string[],
): Promise<string[]> {
  if (patterns.length === 0) return [];
  const found = await git.untrackedMatching(from, patterns);
  const secrets: string[] = [];
  const notes: string[] = [];
  let bytes = 0;
  let files = 0;
  for (const path of found) {
    const source = await lstat(join(from, path)).catch(() => null);
    if (!source?.isFile()) continue;
    if (whyNotIncluded(path, patterns) !== null) {
      secrets.push(path);
      continue;
    }
    bytes += source.size;
    files += 1;
    if (bytes > MOST_BYTES || files > MOST_FILES) {
      notes.push('The files to be copied in are more than 5,000 or 512 MB; only the first were copied.');
      break;
    }
    const target = join(to, path);
    await mkdir(dirname(target), { recursive: true });
    // The tree may have a symlink where the project's folder has a folder.
    if (!isInside(to, await realpath(dirname(target)))) continue;
    await copyFile(join(from, path), target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
  if (secrets.length > 0) {
    const [first, ...more] = secrets;
    const rest = more.length === 0 ? '' : ` and ${more.length} more`;
    notes.push(`"${first}"${rest} may hold a secret and was not copied; name it literally if it is to be.`);
  }
  return notes;
}
