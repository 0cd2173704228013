/** One file as `git diff --raw --numstat -z` tells it. */
export interface ChangedFile {
  path: string;
  /** Where it was before; null unless it was renamed. */
  from: string | null;
  status: 'added' | 'deleted' | 'modified' | 'renamed' | 'type_changed';
  /** Null on the side where it does not exist. */
  modeBefore: string | null;
  modeAfter: string | null;
  /** The object before; null when there was none. */
  objectBefore: string | null;
  /** The object after; null when there is none, or when git has not read the file on the disk. */
  objectAfter: string | null;
  /** Null for a binary file, and when they were not counted. */
  added: number | null;
  removed: number | null;
}

export interface PatchLine {
  kind: 'context' | 'added' | 'removed';
  text: string;
  before: number | null;
  after: number | null;
  noNewline: boolean;
  cut: boolean;
}

export interface PatchHunk {
  before: { start: number; lines: number };
  after: { start: number; lines: number };
  heading: string;
  lines: PatchLine[];
}

export interface FilePatch {
  hunks: PatchHunk[];
  totalLines: number;
  truncated: boolean;
}

const STATUS: Readonly<Record<string, ChangedFile['status']>> = {
  A: 'added',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'type_changed',
};

const orNull = (field: string | undefined): string | null => (field === undefined || /^0+$/.test(field) ? null : field);

/**
 * Reads `git diff --raw [--numstat] -z`, by path.
 * @throws Error when it is no such output.
 */
export function parseChanges(output: string): ChangedFile[] {
  const tokens = output.split('\0');
  const files = new Map<string, ChangedFile>();
  let at = 0;
  const next = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw new Error('git diff ended in the middle of a record');
    return token;
  };
  while (tokens[at]?.startsWith(':')) {
    const [modeBefore, modeAfter, before, after, letter] = next().slice(1).split(' ');
    const status = STATUS[letter?.charAt(0) ?? ''];
    if (status === undefined) throw new Error(`git diff told the unknown status "${letter}"`);
    const from = status === 'renamed' ? next() : null;
    const path = next();
    files.set(path, {
      path,
      from,
      status,
      modeBefore: orNull(modeBefore),
      modeAfter: orNull(modeAfter),
      objectBefore: orNull(before),
      objectAfter: orNull(after),
      added: null,
      removed: null,
    });
  }
  while (at < tokens.length - 1) {
    const [added = '', removed = '', name = ''] = splitAt(next(), '\t', 2);
    if (name === '') next(); // a rename: from, then to
    const file = files.get(name === '' ? next() : name);
    if (file && added !== '-') Object.assign(file, { added: Number(added), removed: Number(removed) });
  }
  return [...files.values()];
}

/** Splits at the first `times` separators; a path may hold more of them. */
function splitAt(text: string, separator: string, times: number): string[] {
  const parts = text.split(separator);
  return [...parts.slice(0, times), parts.slice(times).join(separator)];
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/s;
const KINDS: Readonly<Record<string, PatchLine['kind']>> = { ' ': 'context', '+': 'added', '-': 'removed' };

/**
 * Reads the hunks of a patch of one file, the first `maxLines` lines of them.
 * @returns null when the beginning of the output was lost, so that no line could be counted.
 */
export function parsePatch(
  output: string,
  { maxLines, maxLength }: { maxLines: number; maxLength: number },
): FilePatch | null {
  if (output !== '' && !/^(diff|\* Unmerged)/.test(output)) return null;
  const patch: FilePatch = { hunks: [], totalLines: 0, truncated: false };
  let hunk: PatchHunk | null = null;
  let last: PatchLine | null = null;
  // What a hunk still has to tell; beyond that lines are headers, whatever they begin with.
  let left = { before: 0, after: 0 };
  for (const line of output.split('\n')) {
    const kind = KINDS[line.charAt(0)];
    if (kind !== undefined && (left.before > 0 || left.after > 0)) {
      patch.totalLines += 1;
      const before = kind === 'added' ? null : (hunk?.before.start ?? 0) + (hunk?.before.lines ?? 0) - left.before;
      const after = kind === 'removed' ? null : (hunk?.after.start ?? 0) + (hunk?.after.lines ?? 0) - left.after;
      if (before !== null) left.before -= 1;
      if (after !== null) left.after -= 1;
      const text = line.slice(1, maxLength + 1);
      last = { kind, text, before, after, noNewline: false, cut: line.length - 1 > maxLength };
      if (patch.totalLines > maxLines) patch.truncated = true;
      else hunk?.lines.push(last);
    } else if (line.startsWith('\\ ')) {
      if (last) last.noNewline = true;
    } else {
      const found = HUNK.exec(line);
      if (!found) continue;
      const [, start, lines = '1', startAfter, linesAfter = '1', heading = ''] = found;
      left = { before: Number(lines), after: Number(linesAfter) };
      hunk = {
        before: { start: Number(start), lines: left.before },
        after: { start: Number(startAfter), lines: left.after },
        heading: heading.slice(0, 200),
        lines: [],
      };
      if (patch.totalLines < maxLines) patch.hunks.push(hunk);
    }
  }
  return patch;
}
