/** `onFailure: "block"` appeared here; without it a hook that fails lets the tool run. */
export const OLDEST_VERSION = '2.1.295';

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
