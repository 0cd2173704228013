import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

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
  return (session: Session) => ({
    worktree: realPath(session.cwd),
    project: realPath(session.projectPath),
    home,
    tenurePaths,
    platform: machine.platform,
    resolve: realPath,
    caseInsensitive: machine.platform === 'darwin' || machine.platform === 'win32',
    branch: session.branch,
    verifyCommand: session.verifyCommand,
  });
}
