import { readdir, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';

export interface FoundRepositories {
  /** Absolute paths, in the order of their names. */
  found: { path: string; name: string }[];
  /** There may be more: the look was cut short. */
  cut: boolean;
}

/** Where people keep their code. What macOS guards with a question (Documents, Desktop, Downloads) is left alone. */
const USUAL = [
  'code',
  'Code',
  'src',
  'dev',
  'Developer',
  'Projects',
  'projects',
  'repos',
  'git',
  'work',
  'workspace',
  'Sites',
  'go/src',
];
const NEVER = new Set(['node_modules', 'vendor', 'target', 'dist', 'build', 'Library', 'Applications']);
const DEEPEST = 4;
const MOST_FOLDERS = 3_000;
const MOST_FOUND = 200;

/**
 * Git repositories below a folder, or below the places where people keep code. Looks at names alone, follows
 * no link, enters no repository, and stops after 3,000 folders. A folder that cannot be read has none in it.
 */
export async function findRepositories(home: string, folder?: string): Promise<FoundRepositories> {
  const starts = folder === undefined ? USUAL.map((name) => join(home, name)) : [folder];
  const found = new Map<string, string>();
  let looked = 0;
  let level = starts;
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const next: string[] = [];
    for (const place of level) {
      if (looked++ >= MOST_FOLDERS || found.size >= MOST_FOUND) return result(found, true);
      const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
      if (entries.some(({ name }) => name === '.git')) {
        // Two names of one folder, where the disk does not tell capitals apart, are one repository.
        const real = await realpath(place).catch(() => place);
        found.set(real, basename(real));
        continue;
      }
      for (const entry of entries) {
        if (entry.isDirectory() && !entry.name.startsWith('.') && !NEVER.has(entry.name))
          next.push(join(place, entry.name));
      }
    }
    level = next;
  }
  return result(found, false);
}

const result = (found: ReadonlyMap<string, string>, cut: boolean): FoundRepositories => ({
  found: [...found].map(([path, name]) => ({ path, name })).sort((a, b) => a.name.localeCompare(b.name)),
  cut,
});
