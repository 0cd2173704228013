import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TenureError } from '../../shared/errors.ts';
import type { RunResult } from '../kernel/ports.ts';

/** How git says that another git is at work on the same thing. */
const LOCKED = /'([^'\n]+\.lock)': File exists/;
/** Another git is given that long to finish. */
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 100;
/** A lock is in use for a blink, or for as long as somebody's editor is open. */
const STALE_MS = 60_000;

/** The folders in which this machine's git programs work now; null: it cannot be told. */
async function gitFolders(platform: NodeJS.Platform): Promise<string[] | null> {
  if (platform !== 'linux') {
    return new Promise((resolve) => {
      execFile('lsof', ['-w', '-a', '-c', 'git', '-d', 'cwd', '-Fn'], { timeout: 10_000 }, (error, stdout) => {
        // It ends with 1 and says nothing when no git runs.
        if (error !== null && (error.code !== 1 || stdout !== '')) resolve(null);
        else resolve(stdout.split('\n').flatMap((line) => (line.startsWith('n') ? [line.slice(1)] : [])));
      });
    });
  }
  const folders: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (!/^git(-|$)/m.test(name)) continue;
    const folder = await readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' || error.code === 'ESRCH' ? '' : null,
    );
    if (folder === null) return null; // another user's
    folders.push(folder);
  }
  return folders;
}

/**
 * Was the lock left by a git that is gone? Only when it is old and no living git works in one of the
 * folders; a git that cannot be looked at counts as living.
 */
async function isStale(lock: string, folders: readonly string[], platform: NodeJS.Platform): Promise<boolean> {
  const ageMs = Date.now() - (await stat(lock)).mtimeMs;
  if (ageMs < STALE_MS) return false;
  const busy = await gitFolders(platform);
  return busy !== null && !busy.some((at) => folders.some((folder) => `${at}${sep}`.startsWith(`${folder}${sep}`)));
}

/**
 * Runs a git that writes, and waits for another git that holds a lock. A lock that was left behind by
 * one that is gone is swept, a living one never.
 * @param folders all places of the repository: its trees and its git directory.
 * @throws TenureError `refused` naming the lock that did not go.
 */
export async function withPatience(
  run: () => Promise<RunResult>,
  folders: () => Promise<readonly string[]>,
  options: { patienceMs?: number; platform?: NodeJS.Platform } = {},
): Promise<RunResult> {
  const { patienceMs = PATIENCE_MS, platform = process.platform } = options;
  const began = performance.now();
  for (;;) {
    const result = await run();
    const lock = result.ok ? undefined : LOCKED.exec(result.stderr)?.[1];
    if (lock === undefined) return result;
    const stale = await folders().then(
      (all) => isStale(lock, all, platform),
      () => false,
    );
    if (stale) await rm(lock, { force: true });
    else if (performance.now() - began > patienceMs) {
      throw new TenureError(
        'refused',
        `Another git is at work: "${lock}" is still there after ${Math.round(patienceMs / 1_000)} s. Let it finish; if no git runs, remove that file.`,
      );
    } else await pause(LOOK_EVERY_MS);
  }
}
