import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** As many links in all as the kernel follows. */
const MOST_LINKS = 40;

/** Where a link leads that leads nowhere yet: a write through it makes its target. Null: it is no link. */
function targetOf(path: string): string | null {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return null;
  }
}

/**
 * The real path of the longest part that exists, with the rest appended: where a write to `path`
 * would land, symlinks followed, also those whose target is still to be made. Total: what cannot be
 * looked at is taken as it stands.
 */
export function realPath(path: string, links = { left: MOST_LINKS }): string {
  const absolute = resolve(path);
  try {
    return realpathSync.native(absolute);
  } catch {
    const parent = dirname(absolute);
    if (parent === absolute) return absolute;
    const real = join(realPath(parent, links), basename(absolute));
    const target = links.left > 0 ? targetOf(real) : null;
    if (target === null) return real;
    links.left -= 1;
    return realPath(target, links);
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
  const tenurePaths = machine.own.map((path) => realPath(path));
  const usual = machine.platform === 'darwin' || machine.platform === 'win32';
  return (session: Session) => ({
    worktree: realPath(session.cwd),
    project: realPath(session.projectPath),
    home,
    tenurePaths,
    platform: machine.platform,
    resolve: (path: string) => realPath(path),
    // Where it cannot be seen, the careful guess is what the system usually does.
    caseInsensitive: ignoresCase(realPath(session.cwd)) ?? usual,
    branch: session.branch,
    verifyCommand: session.verifyCommand,
  });
}
