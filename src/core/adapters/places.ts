import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * The real path of the longest part that exists, with the rest appended: where a write to `path`
 * would land, symlinks followed. Total: what cannot be looked at is taken as it stands.
 */
export function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPath(parent), absolute.slice(parent.length).replace(/^\/+/, ''));
  }
}

const swapCase = (text: string): string =>
  text.replaceAll(/[a-zA-Z]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );

/** Does the disk of that existing path take `A` for `a`? By looking at it; null: its name has no letter, or is gone. */
export function ignoresCase(path: string): boolean | null {
  const other = join(dirname(path), swapCase(basename(path)));
  if (other === path) return path === dirname(path) ? null : ignoresCase(dirname(path));
  try {
    const here = statSync(path);
    const there = statSync(other, { throwIfNoEntry: false });
    return there !== undefined && there.ino === here.ino && there.dev === here.dev;
  } catch {
    return null;
  }
}

interface Session {
  cwd: string;
  projectPath: string;
  branch: string | null;
  verifyCommand: string | null;
}

/** What the classifier must know of this machine and of the session's place on it. */
export function createPlaces(machine: { own: readonly string[]; home: string; platform: NodeJS.Platform }) {
  const home = realPath(machine.home);
  const tenurePaths = machine.own.map(realPath);
  const usual = machine.platform === 'darwin' || machine.platform === 'win32';
  return (session: Session) => ({
    worktree: realPath(session.cwd),
    project: realPath(session.projectPath),
    home,
    tenurePaths,
    platform: machine.platform,
    resolve: realPath,
    // Where it cannot be seen, the careful guess is what the system usually does.
    caseInsensitive: ignoresCase(realPath(session.cwd)) ?? usual,
    branch: session.branch,
    verifyCommand: session.verifyCommand,
  });
}
