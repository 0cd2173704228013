import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { TenureError } from '../../shared/errors.ts';
import type { Place, TreeState } from './service.ts';

/** What the file is now: an edit moves its times, and the second of them nobody can set back. */
async function stampOf(path: string): Promise<string> {
  try {
    const { mode, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true });
    return `${mode} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return 'gone';
  }
}

/**
 * A fingerprint of a work tree, to which an approval is bound: HEAD, branch, and every file that
 * differs from HEAD with its states, size and time. Ignored files are not part of it.
 * @throws TenureError `refused` when the folder is no work tree (any more).
 */
export async function markOf(
  git: { place(path: string): Promise<Place>; state(cwd: string): Promise<TreeState> },
  cwd: string,
): Promise<string> {
  const place = await git.place(cwd);
  if (place.kind !== 'tree') throw new TenureError('refused', `"${cwd}" is no git work tree any more.`);
  const { head, changes } = await git.state(cwd);
  const stamps = await Promise.all(changes.map((change) => stampOf(join(place.top, change.path))));
  const hash = createHash('sha256').update(JSON.stringify([place.top, head.commit, head.branch]));
  changes.forEach((change, index) => hash.update(`\0${change.entry}\0${stamps[index]}`));
  return hash.digest('hex');
}
