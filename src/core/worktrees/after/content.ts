export interface ContentGit {
  mergeBase(cwd: string, one: string, other: string): Promise<string | null>;
  asOneCommit(cwd: string, from: string, to: string): Promise<string>;
  alike(cwd: string, mine: string, theirs: string): Promise<{ mine: string[]; theirs: string[] }>;
  ahead(cwd: string, tip: string, other: string): Promise<{ commits: number; merges: number }>;
  patchMark(cwd: string, commit: string): Promise<string | null>;
}

/** A work of more commits is recognised only when it was squashed. */
const MOST_COMMITS = 100;

/** Which of `theirs` change exactly what those of `mine` do, each of which has to have one; null: not all have. */
async function exactly(
  git: ContentGit,
  cwd: string,
  mine: readonly string[],
  theirs: readonly string[],
): Promise<string[] | null> {
  const marks = new Map<string, string>();
  for (const id of theirs) {
    const mark = await git.patchMark(cwd, id);
    if (mark !== null) marks.set(mark, id);
  }
  const found: string[] = [];
  for (const id of mine) {
    const mark = await git.patchMark(cwd, id);
    const same = mark === null ? undefined : marks.get(mark);
    if (same === undefined) return null;
    found.push(same);
  }
  return found;
}

/**
 * The commits of a target by which a work came there under other ids: as one (squashed) or each by itself
 * (rebased). Told by what they change, line by line, and only where all of it is there as it was made: null
 * when that is not certain.
 */
export async function cameAs(git: ContentGit, cwd: string, tip: string, target: string): Promise<string[] | null> {
  const from = await git.mergeBase(cwd, tip, target);
  if (from === null || from === tip) return null;
  // On a disk that is full or may not be written, no commit can be made to compare with.
  const one = await git.asOneCommit(cwd, from, tip).catch(() => null);
  if (one !== null) {
    const squashed = await git.alike(cwd, one, target);
    const whole = squashed.mine.includes(one) ? await exactly(git, cwd, [one], squashed.theirs) : null;
    if (whole !== null) return whole;
  }
  // What a merge resolved by hand is in none of its commits' patches.
  const { commits, merges } = await git.ahead(cwd, tip, target);
  if (merges > 0 || commits > MOST_COMMITS) return null;
  const each = await git.alike(cwd, tip, target);
  return each.mine.length === commits ? exactly(git, cwd, each.mine, each.theirs) : null;
}
