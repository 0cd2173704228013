import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LookGit } from './look.ts';
import { packagesOf, sourcesOf, type VerifyChange, verifyChangeOf } from './verify-source.ts';

/** The most files that a command is made of. */
const MOST_READ = 150;
const LARGEST = 1 << 20;

/**
 * What a session changed in the verify command: by what it committed, and by what lay on the disk when the
 * command ran, for neither stands for the other.
 */
export function createVerifyChange(git: Pick<LookGit, 'fileAt'>) {
  return async function verifyChange(
    cwd: string,
    { from, to }: { from: string; to: string },
    command: string | null,
    known: readonly string[],
  ): Promise<VerifyChange> {
    if (command === null) return { kind: 'same', paths: [] };
    const texts = new Map<string, { before: string | null; committed: string | null; onDisk: string | null }>();
    const readAll = async (paths: readonly string[]): Promise<void> => {
      for (const path of paths.filter((each) => !texts.has(each)).slice(0, MOST_READ)) {
        texts.set(path, {
          before: await git.fileAt(cwd, from, path),
          committed: await git.fileAt(cwd, to, path),
          onDisk: await textOnDisk(join(cwd, path)),
        });
      }
    };
    const by = (side: 'committed' | 'onDisk') => (path: string) => {
      const text = texts.get(path);
      return { before: text?.before ?? null, after: text?.[side] ?? null };
    };
    await readAll(packagesOf(command, known));
    await readAll([...sourcesOf(command, known, by('committed')), ...sourcesOf(command, known, by('onDisk'))]);
    const changes = (['committed', 'onDisk'] as const).map((side) =>
      verifyChangeOf(command, [...texts.keys()], by(side)),
    );
    const kind = (['weakened', 'changed'] as const).find((each) => changes.some((change) => change.kind === each));
    return { kind: kind ?? 'same', paths: [...new Set(changes.flatMap((change) => change.paths))] };
  };
}

/** Null for what is no file of its own, or larger than 1 MB. */
async function textOnDisk(path: string): Promise<string | null> {
  const about = await lstat(path).catch(() => null);
  if (!about?.isFile() || about.size > LARGEST) return null;
  return readFile(path, 'utf8').catch(() => null);
}
