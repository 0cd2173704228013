import { join } from 'node:path';

/** The branch of a session. */
export const branchOf = (sessionId: string): string => `tenure/${sessionId}`;

/** Where the work tree of a session lies: outside every repository. */
export const treeOf = (dataDir: string, projectId: string, sessionId: string): string =>
  join(dataDir, 'worktrees', projectId, sessionId);

/** Ids become folder and branch names; one that could lead elsewhere is a fault of ours. */
export function assertPlain(id: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/.test(id)) throw new Error(`"${id}" is no id to name a folder after`);
}

const counted = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

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
