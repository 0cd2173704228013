/** `onFailure: "block"` appeared here; without it a hook that fails lets the tool run. */
const OLDEST_VERSION = '2.1.295';

/** The version in what `claude --version` prints: "2.1.328 (Claude Code)". */
export const versionIn = (text: string): string | null => /\b\d+\.\d+\.\d+\b/.exec(text)?.[0] ?? null;

/** Compares `major.minor.patch`. */
export function isAtLeast(version: string, least: string): boolean {
  const have = version.split('.').map(Number);
  const want = least.split('.').map(Number);
  for (const [index, part] of want.entries()) {
    const difference = (have[index] ?? 0) - part;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Why a program of that version is not used, as a sentence; null: it can be. */
export function tooOld(program: string, version: string): string | null {
  if (isAtLeast(version, OLDEST_VERSION)) return null;
  return `${program} is version ${version}; Tenure needs ${OLDEST_VERSION} or newer, because older ones let a tool run when the gate cannot be reached. Update it with "claude update".`;
}
