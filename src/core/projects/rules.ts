import { isAbsolute, join, relative, sep } from 'node:path';

/** What a look at a path of the file system found. */
export type Look =
  /** `real` is the path with symlinks resolved; `hasGit`: there is a `.git` in it. */
  | { kind: 'folder'; real: string; hasGit: boolean }
  | { kind: 'missing' }
  | { kind: 'file' }
  | { kind: 'denied' }
  /** Anything else; `code` is the system's name of the error. */
  | { kind: 'failed'; code: string };

/** What git says that the folder is (see `Git.place`). */
export type Place =
  | { kind: 'tree'; top: string }
  | { kind: 'bare' }
  | { kind: 'git_dir' }
  | { kind: 'none' }
  | { kind: 'failed'; detail: string };

/** `~` and `~/…` are the person's home, as in every shell; other paths stay as they are. */
export function expandHome(path: string, home: string): string {
  return path === '~' ? home : path.startsWith('~/') ? join(home, path.slice(2)) : path;
}

/** Is `path` that folder, or inside it? Both absolute and real. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Why a path cannot be looked at as a folder, or null. */
export function whyNotFolder(path: string, look: Look): string | null {
  switch (look.kind) {
    case 'folder':
      return null;
    case 'missing':
      return `There is nothing at "${path}".`;
    case 'file':
      return `"${path}" is a file; a project is the folder of a git work tree.`;
    case 'denied':
      return `Tenure may not read "${path}"; give it access to that folder, or choose another one.`;
    case 'failed':
      return `"${path}" cannot be opened (${look.code}).`;
  }
}

export interface Candidate {
  /** Absolute, symlinks resolved. */
  path: string;
  place: Place;
  /** The person's home folder, real. */
  home: string;
  /** Tenure's own folders, real. */
  own: readonly string[];
}

/** Why a folder cannot become a project, or null. */
export function whyNotProject({ path, place, home, own }: Candidate): string | null {
  if (path === home) {
    return `"${path}" is your home folder, and an agent must not work on all of it. Add the folder of one project.`;
  }
  if (own.some((folder) => isWithin(folder, path))) {
    return `"${path}" is inside Tenure's own data, which no agent may touch. Add a folder of your own.`;
  }
  const inner = own.find((folder) => isWithin(path, folder));
  if (inner !== undefined) {
    return `"${path}" holds Tenure's own data (${inner}), which no agent may touch. Move one of the two first.`;
  }
  switch (place.kind) {
    case 'tree':
      return place.top === path
        ? null
        : `"${path}" is a folder inside the repository "${place.top}". Add "${place.top}" instead.`;
    case 'bare':
      return `"${path}" is a bare repository, which has no files to work on. Clone it and add the clone.`;
    case 'git_dir':
      return `"${path}" is inside a repository's own .git folder. Add the folder that holds the files.`;
    case 'none':
      return `"${path}" is not a git repository. Run "git init" in it first, or add another folder.`;
    case 'failed':
      return whyUnread(path, place);
  }
}

/** What is wrong with the repository of a project in which git finds no commit; null: it has none yet. */
export function whyUnread(path: string, place: Place): string | null {
  if (place.kind === 'failed') return `git cannot use "${path}": ${place.detail}.`;
  return place.kind === 'none' ? `git cannot read the repository in "${path}": its .git is damaged.` : null;
}

/** Why a registered project cannot be used now, or null. */
export function problemWith(path: string, look: Look): string | null {
  if (look.kind === 'missing') return `"${path}" is not there: it was moved or deleted, or its disk is not mounted.`;
  if (look.kind !== 'folder') return whyNotFolder(path, look);
  if (look.real !== path) return `"${path}" now leads to "${look.real}". Remove the project and add it again.`;
  return look.hasGit ? null : `"${path}" is no longer a git repository.`;
}

/** Why no session can start on a project now, or null. */
export function canStart(facts: { name: string; problem: string | null; hasCommit: boolean }): string | null {
  if (facts.problem !== null) return facts.problem;
  return facts.hasCommit
    ? null
    : `"${facts.name}" has no commit yet, so there is nothing to start from or to measure against. Make a first commit.`;
}

const NAME_MAX = 80;
const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A person, and a script, calls a project by its name: two may not differ by case alone. */
export function isTaken(name: string, taken: readonly string[]): boolean {
  return taken.some((other) => sameName(other, name));
}

/** The folder's name, with a number when another project has it: `app`, `app-2`, `app-3`. */
export function defaultName(folder: string, taken: readonly string[]): string {
  const base = folder.trim() || 'project';
  for (let n = 1; ; n += 1) {
    const suffix = n === 1 ? '' : `-${n}`;
    const name = base.slice(0, NAME_MAX - suffix.length) + suffix;
    if (!isTaken(name, taken)) return name;
  }
}
