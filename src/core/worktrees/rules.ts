import { basename, isAbsolute, join, relative, sep } from 'node:path';
import type { SessionState } from '../../shared/contract/sessions.ts';
import type { WorkState } from '../../shared/contract/worktrees.ts';
import { looksSecret } from '../../shared/secret-files.ts';

/** What the places are called that a session may get: its own id, and those beside it, should somebody's work lie there. */
export const placesFor = (sessionId: string): string[] => [sessionId, `${sessionId}-2`, `${sessionId}-3`];

/** Whose place it is called after. */
export const sessionOf = (place: string): string => place.replace(/-[23]$/, '');

/** What the place is called that a session was given. */
export function placeOf({ id, worktree }: { id: string; worktree: string | null }): string {
  const name = basename(worktree ?? '');
  return placesFor(id).includes(name) ? name : id;
}

/** The branches that a place may get, the first that fits. */
export const namesFor = (place: string): string[] => [`tenure/${place}`, `tenure-${place}`, `session-${place}`];

/**
 * A branch for a place that can stand beside the others: git keeps `a` and `a/b` as file and folder, so
 * there is never both, and many disks take `A` and `a` for one. Null: every name is in the way of another.
 */
export function branchFor(place: string, existing: readonly string[]): string | null {
  const others = existing.map((name) => name.toLowerCase());
  const fits = (name: string): boolean => {
    const lower = name.toLowerCase();
    return existing.every((other, index) => {
      const taken = others[index] ?? '';
      return other === name || !(taken === lower || lower.startsWith(`${taken}/`) || taken.startsWith(`${lower}/`));
    });
  };
  return namesFor(place).find(fits) ?? null;
}

/** Where the work tree of a session lies: outside every repository. */
export const treeOf = (dataDir: string, projectId: string, sessionId: string): string =>
  join(dataDir, 'worktrees', projectId, sessionId);

/** Ids become folder and branch names; one that could lead elsewhere is a fault of ours. */
export function assertPlain(id: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/.test(id)) throw new Error(`"${id}" is no id to name a folder after`);
}

/** Is `path` that folder, or inside it? Both absolute and real. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

export const counted = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

/** Why a session may not work in the project's own tree, or null. */
export function whyNotOwnTree(facts: { name: string; changes: number; occupant: string | null }): string | null {
  if (facts.occupant !== null) {
    return `Session ${facts.occupant} already works in the folder of "${facts.name}". Wait for it, or switch work trees on for this project.`;
  }
  if (facts.changes > 0) {
    return `"${facts.name}" has ${counted(facts.changes, 'uncommitted file')}, and without a work tree of its own a session would mix with them. Commit or stash them, or switch work trees on.`;
  }
  return null;
}

/** Why a session's tree and branch must stay, or null when nothing would be lost with them. */
export function whyKept(facts: { changes: number; commitsOnlyHere: number; branch: string }): string | null {
  if (facts.changes > 0) return `Its work tree has ${counted(facts.changes, 'uncommitted file')}.`;
  if (facts.commitsOnlyHere > 0) {
    return `Its branch ${facts.branch} has ${counted(facts.commitsOnlyHere, 'commit')} that no other branch has.`;
  }
  return null;
}

/** What a person should know about a branch that is not level with its upstream; null when it is only ahead. */
export function behindNote(at: { branch: string; upstream: string; behind: number; ahead: number }): string | null {
  if (at.behind === 0) return null;
  if (at.ahead === 0) {
    return `${at.branch} is ${counted(at.behind, 'commit')} behind ${at.upstream}, so it starts from ${at.upstream}.`;
  }
  return `${at.branch} and ${at.upstream} have diverged (${at.ahead} ahead, ${at.behind} behind), so it starts from ${at.branch}.`;
}

/** Why an untracked file is not copied into a new tree, or null. A secret is, only when it is named literally. */
export function whyNotIncluded(path: string, patterns: readonly string[]): string | null {
  if (!looksSecret(path) || patterns.includes(path)) return null;
  return `"${path}" may hold a secret.`;
}

/** What a person should know of the files that a set-up command left and git does not ignore; null: there are none. */
export function setUpNote(paths: readonly string[]): string | null {
  if (paths.length === 0) return null;
  const names = paths.slice(0, 3).join(', ');
  const more = paths.length > 3 ? ', …' : '';
  return `Its set-up left ${counted(paths.length, 'uncommitted file')} (${names}${more}), shown among the session's own.`;
}

export const noCommit = (project: string): string =>
  `"${project}" has no commit yet, so there is nothing to start from.`;

/** What is known of a session, from which follows whether it left work behind. */
export interface WorkMeasured {
  state: SessionState;
  worktree: string | null;
  commits: number | null;
  uncommitted: number | null;
}

/** Settled, when somebody did; else there is none when there is no branch of its own or nothing was made. */
export function stateOfWork(session: WorkMeasured, settled: WorkState | null): WorkState {
  if (settled !== null) return settled;
  if (session.state !== 'ended') return 'open';
  const made = session.worktree !== null && (session.commits !== 0 || session.uncommitted !== 0);
  return made ? 'open' : 'none';
}
